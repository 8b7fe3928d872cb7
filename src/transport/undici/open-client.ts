// Puts a client together for one life of a session: pools with sockets of their own, or a dispatcher of the program's.

import type { Dispatcher } from 'undici';
import type { Clock, Limits } from '../contract.js';
import { UndiciClient } from './client.js';
import { Connector } from './connector.js';
import { loadUndici } from './load.js';
import type { ResolvedUndiciOptions } from './options.js';
import { type Dispatchers, injectedDispatchers, Pools } from './pools.js';

/** Does no I/O. Rejects with an OpenError where undici is needed and not there. */
export async function openClient(
  options: ResolvedUndiciOptions,
  clock: Clock,
  limits: Pick<Limits, 'openTimeoutMs'>,
): Promise<UndiciClient> {
  const { address, place } = options.http;
  return new UndiciClient(address.origin, place, await dispatchersFor(options, clock, limits.openTimeoutMs), clock);
}

async function dispatchersFor(
  { http, sockets }: ResolvedUndiciOptions,
  clock: Clock,
  timeoutMs: number,
): Promise<Dispatchers> {
  // Our own type asks no more of it than that it dispatches, so that programs need not have undici's types.
  if (sockets.dispatcher !== undefined) return injectedDispatchers(sockets.dispatcher as unknown as Dispatcher);
  const { Pool } = await loadUndici();
  return new Pools(Pool, http.address.origin, sockets, new Connector(http.address, sockets, clock, timeoutMs));
}
