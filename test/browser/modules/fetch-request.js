// One request over the browser's fetch, to its last word; the test hears of each piece of the answer as it comes.

import { clientOf, send } from './support/fetch.js';

export async function run({ origin, request, credentials }, host) {
  const { over } = send(clientOf(origin, credentials), request, (name, told) => {
    if (name === 'chunk') void host.chunk?.(told.text);
  });
  return over;
}
