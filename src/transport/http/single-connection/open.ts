// Opens a stream that many operations share, within the time that the session allows for it.

import type { ConnectionEvents, OpenContext } from '../../contract.js';
import type { HttpClient } from '../exchange.js';
import type { ResolvedHttpOptions } from '../options.js';
import { SharedConnection } from './connection.js';
import { closureOf, givenUp, openTimeout } from './failures.js';

/** Rejects with an OpenError. `client` is the connection's from now on, which ends it. */
export async function openSharedConnection(
  client: HttpClient,
  options: ResolvedHttpOptions,
  context: OpenContext,
  events: ConnectionEvents,
): Promise<SharedConnection> {
  const { signal, clock, limits } = context;
  const connection = new SharedConnection(client, options, context, events);
  const giveUp = (): void => connection.terminate(closureOf('us', givenUp()));
  const cancelTimer = clock.setTimer(limits.openTimeoutMs, () =>
    connection.terminate(closureOf('us', openTimeout(options.place, limits.openTimeoutMs))),
  );
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await connection.ready;
    return connection;
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', giveUp);
  }
}
