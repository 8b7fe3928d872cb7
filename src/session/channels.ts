// The diagnostics channels of Node, where there are any. The session imports nothing of a platform, so they are asked for by
// name; elsewhere nobody can subscribe and nothing is published.

import type { SessionEvents } from './notices.js';

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface DiagnosticsChannel {
  channel(name: string): Channel;
}

interface Platform {
  readonly process?: { getBuiltinModule?(id: string): unknown } | undefined;
}

const silent: Channel = { hasSubscribers: false, publish: () => {} };

const module = (globalThis as Platform).process?.getBuiltinModule?.('node:diagnostics_channel');

/** By the event of a session that is published on it. */
export const channels: Readonly<Record<keyof SessionEvents, Channel>> = {
  state: open('holdfast:state'),
  connection: open('holdfast:connection'),
  operation: open('holdfast:operation'),
};

function open(name: string): Channel {
  return (module as DiagnosticsChannel | undefined)?.channel(name) ?? silent;
}
