// What a page of an origin that may not is told: by fetch alone, and by a session.

import { connect } from 'holdfast';
import { viaFetch } from 'holdfast/fetch';

export async function run({ url, document }) {
  const body = JSON.stringify({ query: document });
  const fetched = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(
    ({ status }) => status,
    ({ name }) => name,
  );
  const session = await connect({ transport: viaFetch(url, { credentials: 'include' }) });
  const failed = await session.execute(document, {}, { retry: { max: 1 } }).catch(({ name, code }) => ({ name, code }));
  await session.close();
  return { fetched, failed };
}
