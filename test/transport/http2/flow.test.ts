// Flow control: an exchange that is held back stops its own stream at its window and no other one, and large answers are not
// slowed down by small windows. RFC 9113, section 5.2.

import type { ServerHttp2Stream } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Asked, ask, open, patience, send } from './support/clients.js';
import { ok, type Serving, serve } from './support/servers.js';

const megabyte = 2 ** 20;
const whole = 8 * megabyte;

/** Answers `/large` with eight megabytes, and says how much of them the peer has not taken yet. */
async function serveLarge(): Promise<{ serving: Serving; left(): number }> {
  let large: ServerHttp2Stream | undefined;
  const serving = await serve((stream, headers) => {
    if (headers[':path'] !== '/large') {
      ok(stream, headers);
      return;
    }
    large = stream;
    stream.respond({ ':status': 200 });
    stream.end(Buffer.alloc(whole, 'x'));
  });
  return { serving, left: () => large?.bufferSize ?? 0 };
}

/** Until a number stands still. */
async function still(value: () => number): Promise<number> {
  let before = -1;
  for (let same = 0; same < 10; same = value() === before ? same + 1 : 0) {
    before = value();
    for (let turns = 0; turns < 10; turns++) await turn();
  }
  return before;
}

async function startLarge(address: string): Promise<{ opened: Awaited<ReturnType<typeof open>>; large: Asked }> {
  const opened = await open(address);
  return { opened, large: send(opened, { path: '/large' }) };
}

test('a large answer comes whole', async () => {
  const { serving } = await serveLarge();
  const { large } = await startLarge(serving.address);
  await large.told.over;
  expect(large.told.bytes).toBe(whole);
});

test('one that is held back stops at the window of its stream, others go on, and it goes on when it is let go', async () => {
  const { serving, left } = await serveLarge();
  const { opened, large } = await startLarge(serving.address);
  await expect.poll(() => large.told.bytes, patience).toBeGreaterThan(0);
  large.exchange.flow?.pause();
  const received = await still(() => large.told.bytes);
  expect(received).toBeLessThan(whole);
  // The peer has sent no more than the window of this stream allows.
  const kept = await still(left);
  expect(whole - kept - received).toBeLessThan(1.1 * megabyte);
  const others = await Promise.all(Array.from({ length: 20 }, () => ask(opened)));
  expect(others.every(({ text }) => text === '{"data":{"ok":true}}')).toBe(true);
  expect(large.told.bytes).toBe(received);
  large.exchange.flow?.resume();
  await large.told.over;
  expect(large.told.bytes).toBe(whole);
  expect(large.told.order.at(-1)).toBe('end');
});

test('one that is held back before its answer begins gets its head, and no more', async () => {
  const { serving } = await serveLarge();
  const { large } = await startLarge(serving.address);
  large.exchange.flow?.pause();
  await expect.poll(() => large.told.order, patience).toEqual(['sending', 'head']);
  await still(() => large.told.bytes);
  expect(large.told.order).toEqual(['sending', 'head']);
  large.exchange.flow?.resume();
  await large.told.over;
  expect(large.told.bytes).toBe(whole);
});

test('an answer that came whole while it was held back ends when it is let go', async () => {
  const serving = await serve(ok);
  const opened = await open(serving.address);
  const { told, exchange } = send(opened);
  exchange.flow?.pause();
  await expect.poll(() => told.order, patience).toEqual(['sending', 'head']);
  await expect.poll(() => serving.openStreams, patience).toBe(0);
  expect(told.order).toEqual(['sending', 'head']);
  exchange.flow?.resume();
  await told.over;
  expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
});

test('one that is cancelled while it is held back frees its stream, also where its answer had come whole', async () => {
  const serving = await serve(ok, { settings: { maxConcurrentStreams: 1 } });
  const opened = await open(serving.address);
  for (let round = 0; round < 3; round++) {
    const { told, exchange } = send(opened);
    exchange.flow?.pause();
    await expect.poll(() => told.order, patience).toEqual(['sending', 'head']);
    await expect.poll(() => serving.openStreams, patience).toBe(0);
    const next = ask(opened);
    exchange.cancel();
    expect((await next).order.at(-1)).toBe('end');
    expect(told.order).toEqual(['sending', 'head']);
  }
});
