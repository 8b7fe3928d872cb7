// The end by our own side: what runs may finish for a while, nothing new begins, and nothing is left behind.

import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { open, patience, send, start } from './support/clients.js';
import { answer, FrameType, Setting, serveFrames, settings, windowUpdate } from './support/frames.js';
import { ok, serve } from './support/servers.js';

test('closing lets what runs finish, refuses what is new, and says farewell', async () => {
  const server = await serveFrames((peer) => peer.write(settings({ [Setting.maxConcurrentStreams]: 1 })));
  const opened = await open(server.address);
  const [peer] = server.peers;
  const running = send(opened).told;
  const waiting = send(opened).told;
  await peer?.untilOpened(1);
  const closed = opened.client.close(60_000);
  const late = send(opened).told;
  await Promise.all([waiting.over, late.over]);
  expect(waiting.failure).toMatchObject({ code: 'aborted', phase: 'close', delivery: 'not-sent' });
  expect(late.failure).toMatchObject({ delivery: 'not-sent' });
  expect(peer?.count(FrameType.goAway)).toBe(0);
  peer?.write(answer(1));
  await running.over;
  expect(running.order.at(-1)).toBe('end');
  await closed;
  expect(await opened.client.ended).toMatchObject({ by: 'us', code: 1000, clean: true });
  await expect.poll(() => peer?.closed, patience).toBe(true);
  expect(peer?.count(FrameType.goAway)).toBeGreaterThan(0);
  expect(opened.told).toEqual([]);
});

test('closing ends at the grace, whatever still runs, and leaves no timer', async () => {
  const clock = new VirtualClock();
  const server = await serveFrames();
  const opened = await open(server.address, { clock });
  const { told } = send(opened);
  await server.peers[0]?.untilOpened(1);
  let isClosed = false;
  const closed = opened.client.close(5_000).then(() => {
    isClosed = true;
  });
  await clock.advance(4_999);
  expect(isClosed).toBe(false);
  await clock.advance(1);
  await closed;
  expect(told.order).toEqual(['sending']);
  expect(clock.pending).toBe(0);
  await expect.poll(() => server.peers[0]?.closed, patience).toBe(true);
});

test('closing while nothing runs is over at once, also with a peer that never closes its side', async () => {
  const clock = new VirtualClock();
  const server = await serveFrames((peer) => {
    peer.socket.allowHalfOpen = true;
    peer.write(settings());
  });
  const opened = await open(server.address, { clock });
  await Promise.all([opened.client.close(5_000), opened.client.close(5_000)]);
  expect(clock.pending).toBe(0);
  await opened.client.close(5_000);
});

test('destroying ends at once, tells nobody, and may be done again', async () => {
  const server = await serve(() => {});
  const opened = await open(server.address);
  const told = [send(opened).told, send(opened).told];
  await expect.poll(() => server.openStreams, patience).toBe(2);
  opened.client.destroy();
  opened.client.destroy();
  const late = send(opened).told;
  expect(await opened.client.ended).toMatchObject({ by: 'us' });
  await expect.poll(() => server.openStreams, patience).toBe(0);
  expect([...told, late].map(({ order }) => order)).toEqual([['sending'], ['sending'], []]);
});

test('a request that is cancelled while the connection closes does not hold it up', async () => {
  const server = await serve((stream, headers) => {
    if (headers[':path'] === '/ok') ok(stream, headers);
  });
  const opened = await open(server.address);
  const { exchange } = send(opened);
  await expect.poll(() => server.openStreams, patience).toBe(1);
  const closed = opened.client.close(60_000);
  exchange.cancel();
  await closed;
});

test('destroying lets go of the socket, also of one that the peer has stopped to read', async () => {
  const server = await serveFrames();
  const opened = await start(server.address);
  const [peer] = server.peers;
  send(opened, { body: 'x'.repeat(2 ** 26) });
  await peer?.untilOpened(1);
  peer?.socket.pause();
  // More than the buffers on the way can hold.
  peer?.write(windowUpdate(0, 2 ** 30), windowUpdate(1, 2 ** 30));
  await expect.poll(() => opened.socket.bytesWritten, patience).toBeGreaterThan(2 ** 20);
  opened.client.destroy();
  await expect.poll(() => opened.socket.destroyed, patience).toBe(true);
});
