// What differs between the ways to a server: how credentials are carried, what a lost connection is called, what is tried again.

/** @typedef {import('../../environment.js').Way} Way */

const soon = { delayMs: () => 1 };

/** @type {Way} */
export const overWebSocket = {
  credentials: (identity) => ({ connectionParams: /** @type {any} */ (identity) }),
  lost: { code: 'closed', closeCode: 1006 },
  retry: { connect: soon },
};

/** @type {Way} */
export const overHttp = {
  // A header holds text, and only some characters of it.
  credentials: (identity) => ({ headers: { 'x-identity': encodeURIComponent(JSON.stringify(identity)) } }),
  lost: { code: 'network' },
  retry: { connect: soon, execute: soon, subscribe: soon },
};

/** One connection. @type {Way} */
export const overHttp2 = { ...overHttp, lost: overWebSocket.lost };

/** Calls over HTTP, subscriptions over WebSocket. @type {Way} */
export const overBoth = { ...overHttp, lost: overWebSocket.lost };
