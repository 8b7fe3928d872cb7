import type { Way } from '../../environment.js';

export const overWebSocket: Way;
export const overHttp: Way;
/** One connection. */
export const overHttp2: Way;
/** Calls over HTTP, subscriptions over WebSocket. */
export const overBoth: Way;
