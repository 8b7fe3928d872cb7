// The transports of the default route in browsers, workers and every other runtime than Node.

import { viaFetch } from '../fetch/index.js';
import { webSocket } from '../websocket/browser.js';
import { httpOptionsOf } from './endpoint-options.js';
import type { Platform } from './platform.js';

export const overHttp: Platform['overHttp'] = (address, options) =>
  viaFetch(address, { ...httpOptionsOf(options), fetch: options.fetch });

export const overWebSocket: Platform['overWebSocket'] = (address, { protocols }) => webSocket(address, { protocols });
