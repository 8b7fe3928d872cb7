// One attempt to open a connection, and one operation on it.

import { webSocket } from 'holdfast/websocket';
import { ask, open } from './support/open.js';

export async function run({ url, options, limits, credentials = {} }) {
  const { connection, failure } = await open(webSocket(url, options), { limits, credentials });
  if (failure !== undefined) return { failure };
  const answer = await Promise.race([ask(connection), connection.closed]);
  await connection.close({ ...answer, code: 1000, reason: '' }, 1_000);
  return { answer };
}
