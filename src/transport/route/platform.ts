// What `#platform` stands for, as the default route needs it. The package's imports map leads to node.ts or browser.ts, which
// is why the default route can be in every program without bringing the other platform's transports along.

import type { Transport } from '../contract.js';
import type { EndpointOptions } from './endpoint-options.js';

/** For queries and mutations. */
export declare const calls: (address: URL, options: EndpointOptions) => Transport;

/** WebSocket, else streams over HTTP. */
export declare const subscriptions: (address: URL, options: EndpointOptions) => Transport;

export interface Platform {
  readonly calls: typeof calls;
  readonly subscriptions: typeof subscriptions;
}
