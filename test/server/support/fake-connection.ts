// A real connection on a fake socket in time that stands still.

import type { ServerDialect } from '../../../src/protocol/dialects/index.js';
import type { Execution } from '../../../src/protocol/executor.js';
import type { DisconnectContext } from '../../../src/server/index.js';
import { resolveOptions } from '../../../src/server/options.js';
import { type Counters, newCounters } from '../../../src/server/stats.js';
import { Connection } from '../../../src/server/websocket/connection.js';
import { FakeSocket } from './fake-socket.js';
import { ManualTimers } from './manual-timers.js';
import { makeSchema, Probe } from './schema.js';

export interface FakeConnection {
  readonly timers: ManualTimers;
  readonly socket: FakeSocket;
  readonly counters: Counters;
  readonly endings: DisconnectContext[];
  readonly connection: Connection;
  /** The types of the messages that were sent. */
  types(): string[];
}

/** Accepted already. Every operation is answered with `execution`. */
export function accepted(dialect: ServerDialect, keepAliveMs = 10_000, execution?: Execution): FakeConnection {
  const timers = new ManualTimers();
  const socket = new FakeSocket();
  const counters = newCounters();
  const endings: DisconnectContext[] = [];
  const core = {
    options: resolveOptions({
      schema: makeSchema(new Probe()),
      keepAliveMs,
      onDisconnect: (ending) => void endings.push(ending),
    }),
    pipeline: {
      execute: (): Promise<Execution> => Promise.resolve(execution ?? { kind: 'result', result: { data: {} } }),
      prepare: () => Promise.reject(new Error('not used')),
    },
    timers,
    counters,
    report: () => {},
  };
  const connection = new Connection(core, dialect, socket, {});
  connection.open();
  connection.message('{"type":"connection_init"}');
  const types = (): string[] => socket.frames.map(({ type }) => type);
  return { timers, socket, counters, endings, connection, types };
}
