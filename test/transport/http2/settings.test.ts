// Streams as the peer's SETTINGS allow them: nothing is sent before they are known, no more at once than they say, and what
// waits has not been sent.

import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { ask, failureOf, type Opened, open, patience, post, send, Told } from './support/clients.js';
import { answer, type FramePeer, FrameType, Setting, serveFrames, settings } from './support/frames.js';
import { bodyOf, ok, serve } from './support/servers.js';

/** Says nothing, not even that it has read our settings. */
function silent(peer: FramePeer): void {
  peer.polite = false;
}

test('it is open only when the settings of the peer have come', async () => {
  const server = await serveFrames(silent);
  let isOpen = false;
  const opening = open(server.address).then((opened) => {
    isOpen = true;
    return opened;
  });
  // Our own settings have come and gone: the connection is there, and nothing is missing but the peer's.
  await expect.poll(() => server.peers[0]?.count(FrameType.settings), patience).toBe(1);
  expect(isOpen).toBe(false);
  server.peers[0]?.write(settings());
  const { client } = await opening;
  client.destroy();
});

test('settings that do not come within their time are a failure of opening, and the socket is closed', async () => {
  const clock = new VirtualClock();
  const server = await serveFrames(silent);
  const failure = failureOf(server.address, { clock, limits: { openTimeoutMs: 3_000 } });
  await expect.poll(() => server.peers[0]?.count(FrameType.settings), patience).toBe(1);
  await clock.advance(3_000);
  expect(await failure).toMatchObject({ code: 'timeout', phase: 'connect' });
  expect((await failure).message).toContain('within 3000 ms');
  await expect.poll(() => server.peers[0]?.closed, patience).toBe(true);
  expect(clock.pending).toBe(0);
});

test('an attempt that is given up ends at once', async () => {
  const giveUp = new AbortController();
  const server = await serveFrames(silent);
  const failure = failureOf(server.address, { signal: giveUp.signal });
  await expect.poll(() => server.peers[0]?.count(FrameType.settings), patience).toBe(1);
  giveUp.abort();
  expect(await failure).toMatchObject({ code: 'aborted' });
  await expect.poll(() => server.peers[0]?.closed, patience).toBe(true);
  expect(await failureOf(server.address, { signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' });
  expect(server.peers).toHaveLength(1);
});

test('a hundred requests at once go over one TCP connection, many streams at a time and never more than allowed', async () => {
  const server = await serve(
    async (stream, headers) => {
      await bodyOf(stream);
      ok(stream, headers);
    },
    { settings: { maxConcurrentStreams: 7 } },
  );
  const opened = await open(server.address);
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(opened)));
  expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 100 }, () => '{"data":{"ok":true}}'));
  expect(server.connections).toBe(1);
  expect(server.peakStreams).toBe(7);
});

test('without a limit of the peer everything goes at once', async () => {
  const server = await serve(async (stream, headers) => {
    await bodyOf(stream);
    await new Promise((resolve) => setImmediate(resolve));
    ok(stream, headers);
  });
  const opened = await open(server.address);
  await Promise.all(Array.from({ length: 300 }, () => ask(opened)));
  expect(server.connections).toBe(1);
  expect(server.peakStreams).toBe(300);
});

async function openFrames(streams: number): Promise<{ opened: Opened; peer: FramePeer }> {
  const server = await serveFrames((peer) => peer.write(settings({ [Setting.maxConcurrentStreams]: streams })));
  const opened = await open(server.address);
  const peer = server.peers[0];
  if (peer === undefined) throw new Error('Nobody connected.');
  return { opened, peer };
}

test('what waits for a stream is not being sent, and goes when a stream is free', async () => {
  const { opened, peer } = await openFrames(2);
  const asked = [1, 2, 3].map(() => send(opened).told);
  await peer.untilOpened(1, 3);
  expect(asked.map(({ sent }) => sent)).toEqual([true, true, false]);
  peer.write(answer(3));
  await peer.untilOpened(1, 3, 5);
  expect(asked.map(({ sent }) => sent)).toEqual([true, true, true]);
  expect(asked[1]?.order).toEqual(['sending', 'head', 'chunk', 'end']);
});

test('one that is cancelled while it waits is never sent, and those behind it keep their turn', async () => {
  const { opened, peer } = await openFrames(1);
  const [, second, third] = [1, 2, 3].map(() => send(opened));
  await peer.untilOpened(1);
  second?.exchange.cancel();
  peer.write(answer(1));
  await peer.untilOpened(1, 3);
  peer.write(answer(3));
  await third?.told.over;
  expect(second?.told.order).toEqual([]);
  expect(peer.opened).toEqual([1, 3]);
});

test('one that is cancelled on its stream is reset with CANCEL, and its stream is free for another', async () => {
  const { opened, peer } = await openFrames(1);
  const first = send(opened);
  const second = send(opened);
  await peer.untilOpened(1);
  first.exchange.cancel();
  first.exchange.cancel();
  await peer.untilOpened(1, 3);
  expect(peer.resets).toEqual({ 1: 8 });
  peer.write(answer(1), answer(3));
  await second.told.over;
  expect(first.told.order).toEqual(['sending']);
  expect(second.told.order.at(-1)).toBe('end');
});

test('the limit may change at any time, also to none at all', async () => {
  const { opened, peer } = await openFrames(0);
  const asked = Array.from({ length: 5 }, () => send(opened).told);
  await opened.client.ready;
  expect(asked.some(({ sent }) => sent)).toBe(false);
  peer.write(settings({ [Setting.maxConcurrentStreams]: 2 }));
  await peer.untilOpened(1, 3);
  // Both may finish; nothing follows them.
  peer.write(settings({ [Setting.maxConcurrentStreams]: 0 }), answer(1), answer(3));
  await Promise.all([asked[0]?.over, asked[1]?.over]);
  expect(asked.map(({ sent }) => sent)).toEqual([true, true, false, false, false]);
  peer.write(settings({ [Setting.maxConcurrentStreams]: 100 }));
  await peer.untilOpened(1, 3, 5, 7, 9);
});

test('a request that follows from another one that is being sent waits for its own stream', async () => {
  const { opened, peer } = await openFrames(1);
  class Chain extends Told {
    next: Told | undefined;
    override sending(): void {
      super.sending();
      this.next = send(opened).told;
    }
  }
  const chain = new Chain();
  opened.client.send(post, chain);
  await peer.untilOpened(1);
  expect(chain.next?.sent).toBe(false);
  peer.write(answer(1));
  await peer.untilOpened(1, 3);
});

test('the session is asked to hold back when many wait, and told when few do', async () => {
  const { opened, peer } = await openFrames(0);
  const asked = Array.from({ length: 300 }, () => send(opened));
  expect(opened.told).toEqual(['high']);
  for (const { exchange } of asked.slice(0, 250)) exchange.cancel();
  expect(opened.told).toEqual(['high', 'low']);
  peer.write(settings({ [Setting.maxConcurrentStreams]: 1 }));
  await peer.untilOpened(1);
});

test('a port where nobody speaks HTTP/2 is a failure that names a transport that may', async () => {
  const server = await serveFrames((peer) => {
    silent(peer);
    peer.socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const failure = await failureOf(server.address);
  expect(failure).toMatchObject({ code: 'subprotocol', phase: 'handshake' });
  expect(failure.message).toContain('holdfast/undici');
});

test('a peer that hangs up before its settings is a failure of opening', async () => {
  const server = await serveFrames((peer) => {
    // An answer after its end would break the connection, which is told in other words.
    silent(peer);
    peer.socket.end();
  });
  expect(await failureOf(server.address)).toMatchObject({ code: 'closed', closeCode: 1006, phase: 'handshake' });
});

test('an address where nobody listens is a failure of opening', async () => {
  expect(await failureOf('http://127.0.0.1:1/graphql')).toMatchObject({
    code: 'network',
    phase: 'connect',
    cause: { code: 'ECONNREFUSED' },
  });
});
