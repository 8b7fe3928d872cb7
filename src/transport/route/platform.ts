// What `#platform` stands for, as the default route needs it. The package's imports map leads to node.ts or browser.ts, which
// is why endpoint.ts can be in every program without bringing the other platform's transports along.

import type { Transport } from '../contract.js';
import type { EndpointOptions } from './endpoint-options.js';

/** Queries and mutations, and streams where there is no WebSocket. */
export declare const overHttp: (address: URL, options: EndpointOptions) => Transport;

export declare const overWebSocket: (address: URL, options: EndpointOptions) => Transport;

export interface Platform {
  readonly overHttp: typeof overHttp;
  readonly overWebSocket: typeof overWebSocket;
}
