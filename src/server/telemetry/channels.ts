// The diagnostics channels of Node, where there are any. A server runs on other platforms too, so they are asked for by name;
// elsewhere nobody can subscribe and nothing is published.

import type { ServerChannelMessages } from './messages.js';

export interface Channel<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
}

interface DiagnosticsChannel {
  channel(name: string): Channel<unknown>;
}

interface Platform {
  readonly process?: { getBuiltinModule?(id: string): unknown } | undefined;
}

const silent: Channel<unknown> = { hasSubscribers: false, publish: () => {} };

const module = (globalThis as Platform).process?.getBuiltinModule?.('node:diagnostics_channel');

export const operations: Channel<ServerChannelMessages['holdfast:server:operation']> =
  open('holdfast:server:operation');

export const connections: Channel<ServerChannelMessages['holdfast:server:connection']> =
  open('holdfast:server:connection');

function open(name: keyof ServerChannelMessages): Channel<unknown> {
  return (module as DiagnosticsChannel | undefined)?.channel(name) ?? silent;
}
