// The transports of the default route in browsers, workers and every other runtime than Node.

import { viaFetch } from '../fetch/index.js';
import { webSocket } from '../websocket/browser.js';
import { httpOptionsOf } from './endpoint-options.js';
import { ladder } from './ladder.js';
import type { Platform } from './platform.js';

export const calls: Platform['calls'] = (address, options) =>
  viaFetch(address, { ...httpOptionsOf(options), fetch: options.fetch });

export const subscriptions: Platform['subscriptions'] = (address, options) => {
  const { webSocketUrl = address, protocols } = options;
  return ladder([webSocket(webSocketUrl, { protocols }), calls(address, options)]);
};
