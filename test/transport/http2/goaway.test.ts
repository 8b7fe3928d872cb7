// How a peer leaves: with NO_ERROR it finishes what it took, with an error it takes everything with it. What it did not take
// is provably not sent, and may go elsewhere.

import { expect, test } from 'vitest';
import type { Failure } from '../../../src/transport/contract.js';
import { type Asked, ask, type Opened, open, patience, send, Told } from './support/clients.js';
import {
  answer,
  ErrorCode,
  type FramePeer,
  goAway,
  head,
  rstStream,
  Setting,
  serveFrames,
  settings,
} from './support/frames.js';

const noticeOnly = 2 ** 31 - 1;

async function openFrames(streams: number = 100): Promise<{ opened: Opened; peer: FramePeer }> {
  const server = await serveFrames((peer) => peer.write(settings({ [Setting.maxConcurrentStreams]: streams })));
  const opened = await open(server.address);
  const peer = server.peers[0];
  if (peer === undefined) throw new Error('Nobody connected.');
  return { opened, peer };
}

function sendSeveral(opened: Opened, count: number): [Asked, Asked, Asked, ...Asked[]] {
  return Array.from({ length: count }, () => send(opened)) as [Asked, Asked, Asked];
}

const notSent = { code: 'network', phase: 'operation', delivery: 'not-sent' };

test('streams that the peer took are finished, those beyond are not sent, and then the connection ends', async () => {
  const { opened, peer } = await openFrames();
  const [first, second, third] = sendSeveral(opened, 3);
  await peer.untilOpened(1, 3, 5);
  peer.write(goAway(3, ErrorCode.noError, 'maintenance'));
  await third.told.over;
  expect(third.told.failure).toMatchObject(notSent);
  expect(opened.told).toEqual(['going away: maintenance']);
  peer.write(answer(3));
  await second.told.over;
  expect(first.told.order).toEqual(['sending']);
  peer.write(answer(1));
  await first.told.over;
  expect([first.told.order.at(-1), second.told.order.at(-1)]).toEqual(['end', 'end']);
  expect(await opened.client.ended).toMatchObject({
    by: 'peer',
    code: 1001,
    reason: 'maintenance',
    clean: true,
    failure: { code: 'closed', closeCode: 1001, phase: 'connection' },
  });
  await expect.poll(() => peer.closed, patience).toBe(true);
});

test('a notice that names no last stream only starts the replacement', async () => {
  const { opened, peer } = await openFrames();
  const [first, second] = sendSeveral(opened, 2);
  await peer.untilOpened(1, 3);
  peer.write(goAway(noticeOnly));
  await expect.poll(() => opened.told, patience).toEqual(['going away: ']);
  expect([first.told.order, second.told.order]).toEqual([['sending'], ['sending']]);
  peer.write(answer(1), answer(3));
  await Promise.all([first.told.over, second.told.over]);
  expect([first.told.order.at(-1), second.told.order.at(-1)]).toEqual(['end', 'end']);
  expect(await opened.client.ended).toMatchObject({ by: 'peer', code: 1001, clean: true });
});

test('after the notice a second one says which streams were taken', async () => {
  const { opened, peer } = await openFrames();
  const [first, second] = sendSeveral(opened, 2);
  await peer.untilOpened(1, 3);
  peer.write(goAway(noticeOnly));
  await expect.poll(() => opened.told, patience).toHaveLength(1);
  peer.write(goAway(1));
  await second.told.over;
  expect(second.told.failure).toMatchObject(notSent);
  peer.write(answer(1));
  await first.told.over;
  expect(first.told.order.at(-1)).toBe('end');
  expect(opened.told).toHaveLength(1);
});

test('what still waits here when the peer leaves is not sent', async () => {
  const { opened, peer } = await openFrames(1);
  const [first, second] = sendSeveral(opened, 2);
  await peer.untilOpened(1);
  peer.write(goAway(noticeOnly));
  await second.told.over;
  expect(second.told.failure).toMatchObject(notSent);
  expect(second.told.sent).toBe(false);
  peer.write(answer(1));
  await first.told.over;
  expect(peer.opened).toEqual([1]);
});

test('what comes after the peer said that it leaves is not sent, and is told so later', async () => {
  const { opened, peer } = await openFrames();
  const first = send(opened);
  await peer.untilOpened(1);
  peer.write(goAway(1));
  await expect.poll(() => opened.told, patience).toHaveLength(1);
  const late = send(opened);
  expect(late.told.order).toEqual([]);
  await late.told.over;
  expect(late.told.order).toEqual(['failed']);
  expect(late.told.failure).toMatchObject(notSent);
  first.exchange.cancel();
  await opened.client.ended;
});

test('a request that crossed the farewell on its way out is not sent', async () => {
  const { opened, peer } = await openFrames();
  class Chain extends Told {
    next: Told | undefined;
    override end(): void {
      super.end();
      this.next = send(opened).told;
    }
  }
  const first = send(opened);
  const second = send(opened, {}, new Chain()).told as Chain;
  await peer.untilOpened(1, 3);
  // In one piece: Node has given the request an id before it reads the farewell, and the peer never sees it.
  peer.write(answer(3), goAway(noticeOnly));
  await second.over;
  await second.next?.over;
  expect(second.next?.order).toEqual(['sending', 'failed']);
  expect(second.next?.failure).toMatchObject(notSent);
  expect(peer.opened).toEqual([1, 3]);
  peer.write(answer(1));
  await first.told.over;
  expect(first.told.order.at(-1)).toBe('end');
  expect(await opened.client.ended).toMatchObject({ by: 'peer', code: 1001 });
});

test('a farewell with an error ends everything: what the peer took is for the ending to tell, the rest is not sent', async () => {
  const { opened, peer } = await openFrames(3);
  const asked = sendSeveral(opened, 4);
  await peer.untilOpened(1, 3, 5);
  const order: string[] = [];
  void asked[1].told.over.then(() => order.push('second'));
  void asked[3]?.told.over.then(() => order.push('queued'));
  void opened.client.ended.then(() => order.push('ended'));
  peer.write(goAway(1, ErrorCode.enhanceYourCalm, 'too many requests'));
  const closure = await opened.client.ended;
  expect(closure).toMatchObject({
    by: 'peer',
    code: 1013,
    reason: 'too many requests',
    failure: { code: 'closed', closeCode: 1013, phase: 'connection' },
  });
  expect(closure.failure.message).toContain('ENHANCE_YOUR_CALM');
  expect(asked.map(({ told }) => told.order)).toEqual([
    ['sending'],
    ['sending', 'failed'],
    ['sending', 'failed'],
    ['failed'],
  ]);
  for (const { told } of asked.slice(1)) expect(told.failure).toMatchObject(notSent);
  expect(order).toEqual(['second', 'queued', 'ended']);
  await expect.poll(() => peer.closed, patience).toBe(true);
  // Node reports the same streams again, with the error of the session.
  expect(asked[0].told.order).toEqual(['sending']);
});

test('what was not sent does not come back to a connection that ends with an error', async () => {
  const { opened, peer } = await openFrames();
  class Again extends Told {
    next: Told | undefined;
    override failed(failure: Failure): void {
      super.failed(failure);
      this.next = send(opened).told;
    }
  }
  const { told } = send(opened, {}, new Again());
  await peer.untilOpened(1);
  peer.write(goAway(0, ErrorCode.internalError));
  await opened.client.ended;
  expect(told.failure).toMatchObject(notSent);
  await expect.poll(() => peer.closed, patience).toBe(true);
  expect((told as Again).next?.order).toEqual([]);
});

test('the lowest last stream of several farewells counts', async () => {
  const { opened, peer } = await openFrames();
  const [first, second, third] = sendSeveral(opened, 3);
  await peer.untilOpened(1, 3, 5);
  peer.write(goAway(noticeOnly), goAway(3), goAway(1, ErrorCode.internalError));
  expect(await opened.client.ended).toMatchObject({ by: 'peer', code: 1011 });
  expect(first.told.order).toEqual(['sending']);
  expect(second.told.failure).toMatchObject(notSent);
  expect(third.told.failure).toMatchObject(notSent);
});

test('a farewell with the code of a refused stream says nothing of the streams that were taken', async () => {
  const { opened, peer } = await openFrames();
  const [first, second] = sendSeveral(opened, 2);
  await peer.untilOpened(1, 3);
  peer.write(goAway(1, ErrorCode.refusedStream));
  await opened.client.ended;
  expect(second.told.failure).toMatchObject(notSent);
  await expect.poll(() => peer.closed, patience).toBe(true);
  expect(first.told.order).toEqual(['sending']);
});

test('a stream that is being answered was taken, whatever the farewell says', async () => {
  const { opened, peer } = await openFrames();
  const first = send(opened);
  await peer.untilOpened(1);
  peer.write(head(1));
  await expect.poll(() => first.told.order, patience).toContain('head');
  peer.write(goAway(0));
  await first.told.over;
  expect(first.told.failure?.delivery).toBeUndefined();
});

test('a refused stream is not sent, and the connection goes on', async () => {
  const { opened, peer } = await openFrames();
  const first = send(opened);
  await peer.untilOpened(1);
  peer.write(rstStream(1, ErrorCode.refusedStream));
  await first.told.over;
  expect(first.told.order).toEqual(['sending', 'failed']);
  expect(first.told.failure).toMatchObject(notSent);
  const second = send(opened);
  await peer.untilOpened(1, 3);
  peer.write(answer(3));
  await second.told.over;
  expect(second.told.order.at(-1)).toBe('end');
});

test('a connection that breaks while the peer is leaving is no clean end', async () => {
  const { opened, peer } = await openFrames();
  const first = send(opened);
  await peer.untilOpened(1);
  peer.write(goAway(1));
  await expect.poll(() => opened.told, patience).toHaveLength(1);
  peer.socket.resetAndDestroy();
  expect(await opened.client.ended).toMatchObject({ by: 'network', code: 1006, clean: false });
  expect(first.told.order).toEqual(['sending']);
});

test('a peer that wants HTTP/1.1 says so, and the failure names a transport for it', async () => {
  const { opened, peer } = await openFrames();
  const asked = ask(opened);
  await peer.untilOpened(1);
  peer.write(rstStream(1, ErrorCode.http11Required));
  expect((await asked).failure).toMatchObject({
    code: 'subprotocol',
    message: expect.stringContaining('holdfast/undici'),
  });
  peer.write(goAway(1, ErrorCode.http11Required));
  expect((await opened.client.ended).failure).toMatchObject({ code: 'subprotocol' });
});
