// So many streams, each begun when the one before has brought something, and all given up in the end.

import { clientOf, send } from './support/fetch.js';

export async function run({ origin, count }) {
  const client = clientOf(origin);
  for (let started = 0; started < count; started++) {
    await new Promise((resolve) => {
      send(client, { longLived: true }, (name) => name === 'chunk' && resolve());
    });
  }
  client.destroy();
}
