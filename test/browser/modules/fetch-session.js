// One call of a session over the browser's fetch.

import { connect } from 'holdfast';
import { viaFetch } from '/dist/transport/fetch/index.js';

export async function run({ url, document }) {
  const session = await connect({ transport: viaFetch(url) });
  const data = await session.execute(document);
  await session.close();
  return data;
}
