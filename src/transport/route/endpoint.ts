// The default of a bare address: queries and mutations over HTTP, subscriptions over WebSocket, or over HTTP as well where
// there is no WebSocket. Small, because every program has it: the transports themselves are loaded when they are opened.

import type { Route, Transport } from '../contract.js';
import { type EndpointOptions, resolveEndpoint } from './endpoint-options.js';
import { ladder } from './ladder.js';
import type { Platform } from './platform.js';

export type { EndpointOptions } from './endpoint-options.js';

/**
 * Reaches a server by its address alone, as `connect('https://example.com/graphql')` does.
 *
 * Queries and mutations go over HTTP: in Node through the package `undici` where it is installed, else through the platform's
 * `fetch`. Subscriptions go over one WebSocket, and as streams over HTTP where the server or something on the way has no
 * WebSocket; what worked is remembered.
 *
 * @param address `http:` or `https:`.
 * @throws OptionError for an address or option that cannot work.
 * @example `await using session = await connect({ transport: endpoint('https://example.com/graphql', { webSocketUrl: 'wss://live.example.com' }) })`
 */
export function endpoint(address: string | URL, options: EndpointOptions = {}): Route {
  const { address: url, webSocketUrl, place } = resolveEndpoint(address, options);
  const overHttp = lazily(`HTTP ${place}`, ({ overHttp }) => overHttp(url, options));
  const shown = `${webSocketUrl.protocol}//${webSocketUrl.host}${webSocketUrl.pathname}`;
  const overWebSocket = lazily(`WebSocket ${shown}`, ({ overWebSocket }) => overWebSocket(webSocketUrl, options));
  return {
    name: `endpoint ${place}`,
    lanes: [
      { transport: overHttp, takes: ({ kind }) => kind !== 'subscription' },
      { transport: ladder([overWebSocket, overHttp]), takes: () => true },
    ],
  };
}

/** A transport that is made when it is first opened. */
function lazily(name: string, make: (platform: Platform) => Transport): Transport {
  let made: Promise<Transport> | undefined;
  return {
    name,
    async open(context, events) {
      made ??= import('#platform').then(make);
      return (await made).open(context, events);
    },
  };
}
