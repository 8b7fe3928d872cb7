// Signs of life: pings and what answers them, also on a connection that the peer is leaving, and bytes that Node tells nobody
// of.

import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { certificate } from '../websocket/support/certificate.js';
import { type Opened, type Opening, open, patience, send } from './support/clients.js';
import { answer, type FramePeer, FrameType, frame, goAway, serveFrames, windowUpdate } from './support/frames.js';

async function openFrames(
  opening: Opening = {},
  secure: boolean = false,
): Promise<{ opened: Opened; peer: FramePeer }> {
  const server = await serveFrames(undefined, secure);
  const opened = await open(server.address, opening);
  const peer = server.peers[0];
  if (peer === undefined) throw new Error('Nobody connected.');
  // The acknowledgement of our settings is a sign of life of its own.
  await expect.poll(() => peer.count(FrameType.settings), patience).toBe(2);
  return { opened, peer };
}

test('a ping is answered by a pong, each by its own', async () => {
  const { opened, peer } = await openFrames();
  for (let count = 0; count < 30; count++) opened.client.ping();
  await expect.poll(() => opened.told, patience).toEqual(Array.from({ length: 30 }, () => 'pong'));
  expect(peer.count(FrameType.ping)).toBe(30);
});

test('more pings than anybody should send do no harm, also to a peer that answers none, and is leaving', async () => {
  const { opened, peer } = await openFrames();
  const { told } = send(opened);
  await peer.untilOpened(1);
  peer.polite = false;
  for (let count = 0; count < 150; count++) opened.client.ping();
  await expect.poll(() => peer.count(FrameType.ping), patience).toBe(100);
  peer.write(goAway(1));
  await expect.poll(() => opened.told, patience).toHaveLength(1);
  for (let count = 0; count < 150; count++) opened.client.ping();
  peer.write(answer(1));
  await told.over;
  expect(told.order.at(-1)).toBe('end');
});

test('a ping of the peer is a sign of life', async () => {
  const { opened, peer } = await openFrames();
  const before = opened.heard();
  peer.write(frame(FrameType.ping, 0, 0, Buffer.alloc(8)));
  await expect.poll(() => opened.heard(), patience).toBe(before + 1);
});

test('a peer that is leaving is asked all the same, by what Node still sends it', async () => {
  const { opened, peer } = await openFrames();
  const { told } = send(opened);
  await peer.untilOpened(1);
  peer.write(goAway(1));
  await expect.poll(() => opened.told, patience).toHaveLength(1);
  const before = peer.count(FrameType.settings);
  opened.client.ping();
  opened.client.ping();
  await expect.poll(() => opened.told.slice(1), patience).toEqual(['pong', 'pong']);
  expect(peer.count(FrameType.settings)).toBeGreaterThan(before);
  expect(peer.count(FrameType.ping)).toBe(0);
  peer.write(answer(1));
  await told.over;
  expect(told.order.at(-1)).toBe('end');
});

for (const secure of [false, true]) {
  test(`while a pong is due any byte is a sign of life, also one that Node tells nobody of${secure ? ', over TLS' : ''}`, async () => {
    const clock = new VirtualClock();
    const { opened, peer } = await openFrames({ clock, options: { tls: { ca: certificate } } }, secure);
    // All that the peer has said until now was heard: its acknowledgement of our settings too.
    opened.client.ping();
    await expect.poll(() => opened.told, patience).toEqual(['pong']);
    peer.polite = false;
    opened.client.ping();
    await expect.poll(() => peer.count(FrameType.ping), patience).toBe(2);
    const before = opened.heard();
    await clock.advance(10_000);
    expect(opened.heard()).toBe(before);
    peer.write(windowUpdate(0, 256));
    const look = async (): Promise<number> => {
      await clock.advance(1_000);
      return opened.heard() - before;
    };
    await expect.poll(look, patience).toBe(1);
    await clock.advance(10_000);
    expect(opened.heard()).toBe(before + 1);
    const ping = peer.frames.findLast(({ type }) => type === FrameType.ping);
    peer.write(frame(FrameType.ping, 1, 0, ping?.payload));
    await expect.poll(() => opened.told, patience).toEqual(['pong', 'pong']);
    expect(clock.pending).toBe(0);
  });
}

test('a ping that is never answered leaves no timer behind when the connection ends', async () => {
  const clock = new VirtualClock();
  const { opened, peer } = await openFrames({ clock });
  peer.polite = false;
  opened.client.ping();
  expect(clock.pending).toBe(1);
  opened.client.destroy();
  await opened.client.ended;
  opened.client.ping();
  expect(clock.pending).toBe(0);
  expect(opened.told).toEqual([]);
});
