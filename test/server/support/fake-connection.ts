// A real connection on a fake socket in time that stands still.

import type { ServerDialect } from '../../../src/protocol/dialects/index.js';
import type { Execution } from '../../../src/protocol/executor.js';
import type { DisconnectContext, ServerOptions } from '../../../src/server/index.js';
import type { Counters } from '../../../src/server/stats.js';
import type { Stranger } from '../../../src/server/websocket/authentication.js';
import { Connection } from '../../../src/server/websocket/connection.js';
import { fakeCore } from './core.js';
import { FakeSocket } from './fake-socket.js';
import type { ManualTimers } from './manual-timers.js';

export interface FakeConnection {
  readonly timers: ManualTimers;
  readonly socket: FakeSocket;
  readonly counters: Counters;
  readonly endings: DisconnectContext[];
  readonly connection: Connection;
  /** The types of the messages that were sent. */
  types(): string[];
}

/** A peer of which nothing is known. */
export function stranger(): Stranger {
  return { headers: {}, remoteAddress: undefined, connection: {} };
}

/** Accepted already. Every operation is answered with `execution`. */
export function accepted(
  dialect: ServerDialect,
  keepAliveMs = 10_000,
  execution?: Execution,
  options: Partial<ServerOptions> = {},
  socket: FakeSocket = new FakeSocket(),
): FakeConnection {
  const endings: DisconnectContext[] = [];
  const core = fakeCore(() => Promise.resolve(execution ?? { kind: 'result', result: { data: {} } }), {
    keepAliveMs,
    idempotency: false,
    ...options,
    onDisconnect: (ending) => void endings.push(ending),
  });
  const { timers, counters } = core;
  const connection = new Connection(core, dialect, socket, stranger(), { ended: () => {}, released: () => {} });
  connection.open();
  connection.message('{"type":"connection_init"}');
  const types = (): string[] => socket.frames.map(({ type }) => type);
  return { timers, socket, counters, endings, connection, types };
}
