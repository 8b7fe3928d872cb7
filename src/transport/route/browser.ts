// The transports of the default route in browsers, workers and every other runtime than Node.

import type { Transport } from '../contract.js';
import { viaFetch } from '../fetch/index.js';
import { ladder } from '../http/ladder.js';
import { webSocket } from '../websocket/browser.js';
import { type EndpointOptions, httpOptionsOf } from './endpoint-options.js';
import type { Platform } from './platform.js';

export const calls: Platform['calls'] = (address, options) =>
  overHttp(address, { ...options, singleConnection: false });

export const subscriptions: Platform['subscriptions'] = (address, options) => {
  if (typeof WebSocket === 'undefined') return overHttp(address, options);
  const { webSocketUrl = address, protocols } = options;
  return ladder([webSocket(webSocketUrl, { protocols }), overHttp(address, options)]);
};

function overHttp(address: URL, options: EndpointOptions): Transport {
  return viaFetch(address, { ...httpOptionsOf(options), fetch: options.fetch });
}
