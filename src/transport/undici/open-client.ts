// Puts a client together for one life of a session: with lines of its own, or over a dispatcher of the program's.

import type { Dispatcher } from 'undici';
import type { Clock, Limits } from '../contract.js';
import { type ClientLines, UndiciClient } from './client.js';
import { Connector, type ConnectorSettings } from './connector.js';
import { injectedLines, type LineSettings, OwnLines } from './lines.js';
import { loadUndici } from './load.js';
import type { ResolvedUndiciOptions } from './options.js';

/** Does no I/O. Rejects with an OpenError where undici is needed and not there. */
export async function openClient(
  options: ResolvedUndiciOptions,
  clock: Clock,
  limits: Pick<Limits, 'openTimeoutMs'>,
): Promise<UndiciClient> {
  const { address, place } = options.http;
  return new UndiciClient(address.origin, place, await linesFor(options, clock, limits.openTimeoutMs), clock);
}

async function linesFor(
  { http: { address }, sockets }: ResolvedUndiciOptions,
  clock: Clock,
  timeoutMs: number,
): Promise<ClientLines> {
  if (sockets.dispatcher !== undefined) {
    // Our own type asks no more of it than that it dispatches, so that programs need not have undici's types.
    const lines = injectedLines(sockets.dispatcher as unknown as Dispatcher);
    return { calls: lines, streams: lines };
  }
  const { Client } = await loadUndici();
  const connecting: ConnectorSettings = {
    address,
    options: sockets,
    clock,
    timeoutMs,
    tlsSession: { latest: undefined },
  };
  const settings: LineSettings = {
    ClientClass: Client,
    origin: address.origin,
    keepAliveMs: sockets.keepAliveMs,
    makeConnector: () => new Connector(connecting),
  };
  return {
    calls: new OwnLines(settings, sockets.connections),
    streams: new OwnLines(settings, Number.POSITIVE_INFINITY),
  };
}
