// The default route with options: queries and mutations over HTTP, subscriptions over WebSocket, or over HTTP as well where
// there is no WebSocket.

import type { Route } from '../contract.js';
import { defaultRoute } from './default-route.js';
import { checkEndpoint, type EndpointOptions } from './endpoint-options.js';

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
  return defaultRoute(checkEndpoint(address, options), options);
}
