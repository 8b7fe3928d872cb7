// Legacy clients do not wait to be accepted: what they start before is kept, and what a stranger can have kept is bounded in bytes as
// well as in number.

import { expect, test } from 'vitest';
import { fakeServer, settled } from '../websocket/support/peer.js';

test('what waits to be accepted may be as long as one message together; one more is one error, and works afterwards', async () => {
  let accept = (): void => {};
  const accepted = new Promise<void>((resolve) => {
    accept = resolve;
  });
  const server = fakeServer({ limits: { messageBytes: 1_000 }, onConnect: () => accepted });
  const peer = server.connect('graphql-ws').init();
  const start = (id: string): void =>
    peer.send({ type: 'start', id, payload: { query: '{ any }', variables: { x: 'x'.repeat(300) } } });
  for (const id of ['1', '2', '3']) start(id);
  expect(peer.read()).toMatchObject([
    { type: 'error', id: '3', payload: { message: expect.stringContaining('"limits.messageBytes"') } },
  ]);
  expect(server.limited()).toEqual({ 'limits.messageBytes': 1 });
  expect(server.core.counters.operations).toBe(2);
  accept();
  await settled();
  expect(peer.types()).toEqual(['connection_ack', 'data', 'complete', 'data', 'complete']);
  for (const id of ['3', '4', '5', '6']) start(id);
  expect(peer.types()).toEqual(['3', '4', '5', '6'].flatMap(() => ['data', 'complete']));
});
