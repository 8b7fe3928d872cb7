// One request that is cancelled when this is the last that it was told; what is told until the test has seen it gone.

import { clientOf, send } from './support/fetch.js';

export async function run({ origin, at }, { arrived, gone }) {
  const { told, exchange } = send(clientOf(origin), {}, (name, _told, running) => {
    if (name === at) running?.cancel();
  });
  if (at === 'sending') {
    await arrived();
    exchange.cancel();
  }
  await gone();
  return told;
}
