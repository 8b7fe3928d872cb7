// Connections that break without a farewell, and peers that break the protocol, in every phase: one ending, no failure of an
// exchange that the ending tells already, and never an exception that nobody caught.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Opened, open, patience, send } from './support/clients.js';
import {
  answer,
  data,
  ErrorCode,
  type FramePeer,
  FrameType,
  frame,
  goAway,
  head,
  rstStream,
  serveFrames,
  settings,
} from './support/frames.js';

const uncaught: unknown[] = [];
const note = (error: unknown): void => {
  uncaught.push(error);
};

beforeAll(() => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});

afterAll(() => {
  process.removeListener('uncaughtException', note);
  process.removeListener('unhandledRejection', note);
});

async function openFrames(): Promise<{ opened: Opened; peer: FramePeer }> {
  const server = await serveFrames();
  const opened = await open(server.address);
  const peer = server.peers[0];
  if (peer === undefined) throw new Error('Nobody connected.');
  return { opened, peer };
}

/** Whatever is still on its way has come, and had its effect. */
async function settled(peer: FramePeer): Promise<void> {
  await expect.poll(() => peer.closed, patience).toBe(true);
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
}

const garbage = Buffer.from('this is no frame of HTTP/2, whoever reads it, and however long it reads '.repeat(10));

const endings: Readonly<Record<string, (peer: FramePeer) => void>> = {
  'hangs up': ({ socket }) => socket.end(),
  'resets the connection': ({ socket }) => socket.resetAndDestroy(),
  'acknowledges a ping that nobody sent': (peer) => peer.write(frame(FrameType.ping, 1, 0, Buffer.alloc(8))),
};

type Reach = (opened: Opened, peer: FramePeer) => Promise<readonly string[]>;

/** Sends a request, answers it as far as that goes, and waits until all of it has been told. */
function answeredWith(...frames: readonly (readonly [Uint8Array, string])[]): Reach {
  return async (opened, peer) => {
    const { told } = send(opened);
    await peer.untilOpened(1);
    peer.write(...frames.map(([bytes]) => bytes));
    await expect.poll(() => told.order, patience).toEqual(['sending', ...frames.map(([, step]) => step)]);
    return told.order;
  };
}

const phases: Readonly<Record<string, Reach>> = {
  'while nothing runs': async () => [],
  'before an answer': answeredWith(),
  'after a head': answeredWith([head(1), 'head']),
  'within a body': answeredWith([head(1), 'head'], [data(1, 'half', false), 'chunk']),
};

for (const [phase, reach] of Object.entries(phases)) {
  for (const [ending, end] of Object.entries(endings)) {
    test(`a peer that ${ending} ${phase} ends the connection once, without a word to the exchange`, async () => {
      const { opened, peer } = await openFrames();
      const order = await reach(opened, peer);
      const before = [...order];
      end(peer);
      const closure = await opened.client.ended;
      expect(closure.clean).toBe(false);
      expect([1006, 1002]).toContain(closure.code);
      await settled(peer);
      expect(order).toEqual(before);
      expect(uncaught).toEqual([]);
    });
  }
}

for (const [phase, reach] of Object.entries(phases)) {
  for (const [what, bytes] of [
    ['garbage', garbage],
    ['data for a stream that nobody opened', data(99, 'x')],
  ] as const) {
    // Node says farewell to such a peer, reads nothing more of it and tells nobody: the silence tells.
    test(`a peer that sends ${what} ${phase} is silent from then on, and the connection ends when it is given up`, async () => {
      const { opened, peer } = await openFrames();
      const order = await reach(opened, peer);
      const before = [...order];
      peer.write(bytes);
      await expect.poll(() => peer.count(FrameType.goAway), patience).toBe(1);
      opened.client.ping();
      peer.socket.resetAndDestroy();
      await settled(peer);
      opened.client.destroy();
      expect(await opened.client.ended).toMatchObject({ by: 'us' });
      expect(order).toEqual(before);
      expect(opened.told).toEqual([]);
      expect(uncaught).toEqual([]);
    });
  }
}

test('what broke the connection is its cause', async () => {
  const reset = await openFrames();
  send(reset.opened);
  // Nothing may be on its way, in either direction: a write that meets the reset is told of it by the kernel, and the read that
  // follows is not; and where there was still something to read, Node takes what follows that for a mere end.
  await reset.peer.untilEnded(1);
  reset.opened.client.ping();
  await expect.poll(() => reset.opened.told, patience).toEqual(['pong']);
  reset.peer.socket.resetAndDestroy();
  expect(await reset.opened.client.ended).toMatchObject({
    by: 'network',
    code: 1006,
    failure: { code: 'closed', closeCode: 1006, cause: { code: 'ECONNRESET' } },
  });
  const broken = await openFrames();
  broken.peer.write(frame(FrameType.ping, 1, 0, Buffer.alloc(8)));
  expect(await broken.opened.client.ended).toMatchObject({
    by: 'us',
    code: 1002,
    failure: { code: 'protocol-error', phase: 'connection' },
  });
});

test('what still waits when the connection breaks was not sent', async () => {
  const server = await serveFrames((peer) => peer.write(settings({ 3: 0 })));
  const opened = await open(server.address);
  const { told } = send(opened);
  server.peers[0]?.socket.destroy();
  await opened.client.ended;
  expect(told.order).toEqual(['failed']);
  expect(told.failure).toMatchObject({ delivery: 'not-sent' });
});

test('frames after the farewell, for streams that are over, are no more than noise', async () => {
  const { opened, peer } = await openFrames();
  const first = send(opened).told;
  const second = send(opened).told;
  await peer.untilOpened(1, 3);
  peer.write(goAway(1), answer(1), rstStream(1, ErrorCode.cancel), head(3), data(3, 'x'), rstStream(3, 2), goAway(1));
  await Promise.all([first.over, second.over]);
  expect(first.order.at(-1)).toBe('end');
  expect(second.failure).toMatchObject({ delivery: 'not-sent' });
  await opened.client.ended;
  await settled(peer);
  expect(uncaught).toEqual([]);
});

test('a client that is destroyed tells nothing more, whatever still comes', async () => {
  const { opened, peer } = await openFrames();
  const told = send(opened).told;
  await peer.untilOpened(1);
  peer.write(answer(1), garbage);
  opened.client.destroy();
  expect(await opened.client.ended).toMatchObject({ by: 'us', code: 1000 });
  await settled(peer);
  expect(told.order).toEqual(['sending']);
  expect(uncaught).toEqual([]);
});
