// A body with a part that would be read while it is sent, and the same body as Blob and bytes.

import { clientOf, send } from './support/fetch.js';

export async function run({ origin }) {
  let opened = 0;
  const source = async function* () {
    opened += 1;
    yield new Uint8Array([97]);
  };
  const client = clientOf(origin);
  const streamed = await send(client, { body: { parts: [source], length: undefined } }).over;
  const parts = [new Uint8Array([97]), new Blob(['€'], { type: 'text/plain' })];
  const whole = await send(client, { body: { parts, length: 4 } }).over;
  return { opened, streamed, whole };
}
