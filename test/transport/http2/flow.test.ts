// Flow control: an exchange that is held back stops its own stream at its window and no other one, and large answers are not
// slowed down by small windows. RFC 9113, section 5.2.

import { expect, test } from 'vitest';
import { type Asked, ask, open, patience, send, Told } from './support/clients.js';
import { ok, type Serving, serve } from './support/servers.js';

const megabyte = 2 ** 20;
const whole = 8 * megabyte;
/** What the peer may send of a stream that nobody reads. */
const window = megabyte;

/** Answers `/large` with eight megabytes, and says how many bytes it has sent over its only connection. */
async function serveLarge(): Promise<{ serving: Serving; sent(): number }> {
  const serving = await serve((stream, headers) => {
    if (headers[':path'] !== '/large') {
      ok(stream, headers);
      return;
    }
    stream.respond({ ':status': 200 });
    stream.end(Buffer.alloc(whole, 'x'));
  });
  return { serving, sent: () => serving.sessions[0]?.socket.bytesWritten ?? 0 };
}

async function startLarge(
  address: string,
  told: Told = new Told(),
): Promise<{ opened: Awaited<ReturnType<typeof open>>; large: Asked }> {
  const opened = await open(address);
  return { opened, large: send(opened, { path: '/large' }, told) };
}

test('a large answer comes whole', async () => {
  const { serving } = await serveLarge();
  const { large } = await startLarge(serving.address);
  await large.told.over;
  expect(large.told.bytes).toBe(whole);
});

test('one that is held back stops at the window of its stream, others go on, and it goes on when it is let go', async () => {
  const { serving, sent } = await serveLarge();
  class HeldBack extends Told {
    override chunk(bytes: Uint8Array): void {
      super.chunk(bytes);
      if (this.chunks.length === 1) large.exchange.flow?.pause();
    }
  }
  const { opened, large } = await startLarge(serving.address, new HeldBack());
  await expect.poll(() => large.told.bytes, patience).toBeGreaterThan(0);
  const received = large.told.bytes;
  // The peer fills the window of this stream, and while others come and go it sends no more of this one.
  await expect.poll(sent, patience).toBeGreaterThan(window);
  const others = await Promise.all(Array.from({ length: 20 }, () => ask(opened)));
  expect(others.every(({ text }) => text === '{"data":{"ok":true}}')).toBe(true);
  expect(sent()).toBeLessThan(received + 1.1 * window);
  expect(large.told.bytes).toBe(received);
  large.exchange.flow?.resume();
  await large.told.over;
  expect(large.told.bytes).toBe(whole);
  expect(large.told.order.at(-1)).toBe('end');
});

test('one that is held back before its answer begins gets its head, and no more', async () => {
  const { serving, sent } = await serveLarge();
  const { opened, large } = await startLarge(serving.address);
  large.exchange.flow?.pause();
  await expect.poll(() => large.told.order, patience).toEqual(['sending', 'head']);
  await expect.poll(sent, patience).toBeGreaterThan(window);
  await ask(opened);
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
