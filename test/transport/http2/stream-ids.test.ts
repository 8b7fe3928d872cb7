// The ids of streams are finite (RFC 9113, section 5.1.1): a connection that lives for long is replaced before they are used up.

import { expect, test } from 'vitest';
import { patience, send, start } from './support/clients.js';
import { answer, serveFrames } from './support/frames.js';

test('when nearly all ids are used a replacement is asked for, what runs is finished, and the connection ends', async () => {
  const server = await serveFrames();
  const opened = await start(server.address);
  const nearlyLast = 2 ** 31 - 1 - 2 ** 16;
  // Node has it, its types do not.
  (opened.session as unknown as { setNextStreamID(id: number): void }).setNextStreamID(nearlyLast);
  const asked = [1, 2, 3].map(() => send(opened).told);
  await asked[2]?.over;
  expect(asked.map(({ order }) => order)).toEqual([['sending'], ['sending'], ['failed']]);
  expect(asked[2]?.failure).toMatchObject({ delivery: 'not-sent' });
  expect(opened.told).toEqual(['going away: its stream ids are used up']);
  await expect.poll(() => server.peers[0]?.opened, patience).toEqual([nearlyLast, nearlyLast + 2]);
  server.peers[0]?.write(answer(nearlyLast), answer(nearlyLast + 2));
  await Promise.all([asked[0]?.over, asked[1]?.over]);
  expect(asked.slice(0, 2).map(({ order }) => order.at(-1))).toEqual(['end', 'end']);
  expect(await opened.client.ended).toMatchObject({ by: 'us', clean: true });
});
