// A page of another origin that works with a server over the browser's fetch alone: calls, a file, a stream, cookies and headers.

import { connect, upload } from 'holdfast';
import { viaFetch } from 'holdfast/fetch';

export async function run({ url, credentials }) {
  const session = await connect({
    transport: viaFetch(url, { credentials }),
    credentials: { headers: { 'x-user': 'ada' } },
  });
  const { data, meta } = await session.result('{ user cookie }');
  const refused = await session.result('{ nowhere }');
  const { add } = await session.execute('mutation { add(amount: 2) }');
  const file = upload(new Blob(['hello'], { type: 'text/plain' }), { filename: 'a.txt' });
  const { store } = await session.execute('mutation ($file: Upload!) { store(file: $file) }', { file });
  const numbers = [];
  for await (const event of session.subscribe('subscription { count(to: 3) }')) numbers.push(event.data.count);
  await session.close();
  const { errors } = refused;
  return {
    data,
    add,
    store,
    numbers,
    refused: errors[0].message,
    idempotency: meta.headers['holdfast-idempotency'],
  };
}
