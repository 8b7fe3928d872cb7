// Answers that come compressed, because a program asked for that: told as what they hold.

import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompressSync, constants, createGzip, deflateSync, gunzip, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ask, open, patience, send } from './support/clients.js';
import { type Serving, serve } from './support/servers.js';

const content = JSON.stringify({ data: { list: Array.from({ length: 200_000 }, (_, n) => n) } });

function servePacked(coding: string, body: Uint8Array, settings = {}): Promise<Serving> {
  return serve((stream) => {
    stream.respond({ ':status': 200, 'content-encoding': coding });
    stream.end(body);
  }, settings);
}

test.each([
  ['gzip', gzipSync(content)],
  ['deflate', deflateSync(content)],
  ['br', brotliCompressSync(content)],
  ['identity', Buffer.from(content)],
])('%s is unpacked', async (coding, body) => {
  const server = await servePacked(coding, body, { settings: { maxConcurrentStreams: 1 } });
  const opened = await open(server.address);
  // One after the other: each gives its stream back.
  for (let round = 0; round < 3; round++) {
    const told = await ask(opened);
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
    expect(told.text).toBe(content);
  }
});

test('events of a stream are unpacked as they come', async () => {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  const server = await serve((stream) => {
    stream.respond({ ':status': 200, 'content-encoding': 'gzip' });
    gzip.pipe(stream);
  });
  const { told } = send(await open(server.address));
  for (const text of ['one', 'two', 'three']) {
    gzip.write(text);
    await expect.poll(() => told.text, patience).toContain(text);
  }
  gzip.end();
  await told.over;
  expect(told.order.at(-1)).toBe('end');
});

test('one that is held back is not unpacked, and goes on when it is let go', async () => {
  const server = await servePacked('gzip', gzipSync('x'.repeat(2 ** 24)));
  const { told, exchange } = send(await open(server.address));
  await expect.poll(() => told.bytes, patience).toBeGreaterThan(0);
  exchange.flow?.pause();
  const before = told.bytes;
  for (let turns = 0; turns < 100; turns++) await turn();
  expect(told.bytes).toBe(before);
  exchange.flow?.resume();
  await told.over;
  expect(told.bytes).toBe(2 ** 24);
});

test('what is not as its header says is a failure, and so is a way that nobody knows', async () => {
  const whole = gzipSync(content);
  const bodies = { gzip: Buffer.from('plain text'), deflate: deflateSync(content).subarray(0, 1_000), zip: whole };
  for (const [coding, body] of Object.entries(bodies)) {
    const server = await servePacked(coding, body, { settings: { maxConcurrentStreams: 1 } });
    const opened = await open(server.address);
    for (let round = 0; round < 2; round++) {
      const told = await ask(opened);
      expect(told.order.at(-1)).toBe('failed');
      expect(told.failure).toMatchObject({ code: 'protocol-error', phase: 'operation' });
      expect(told.failure?.message).toContain(coding);
    }
  }
});

test('an answer without a body needs no unpacking, and one that is cancelled tells nothing more', async () => {
  const empty = await servePacked('gzip', Buffer.alloc(0));
  expect((await ask(await open(empty.address))).order).toEqual(['sending', 'head', 'end']);
  const server = await servePacked('gzip', gzipSync('x'.repeat(2 ** 24)));
  const { told, exchange } = send(await open(server.address));
  await expect.poll(() => told.bytes, patience).toBeGreaterThan(0);
  exchange.cancel();
  const before = told.bytes;
  await expect.poll(() => server.openStreams, patience).toBe(0);
  expect(told.bytes).toBe(before);
});

test('a client that is destroyed tells nothing more of what it had still to unpack', async () => {
  const packed = gzipSync('x'.repeat(2 ** 26));
  const server = await servePacked('gzip', packed);
  const opened = await open(server.address);
  const { told } = send(opened);
  await expect.poll(() => server.openStreams === 0 && told.bytes > 0, patience).toBe(true);
  opened.client.destroy();
  const before = told.bytes;
  // As long as it would have taken.
  await promisify(gunzip)(packed);
  expect(before).toBeLessThan(2 ** 26);
  expect(told.bytes).toBe(before);
  expect(told.order).toEqual(['sending', 'head', 'chunk']);
});

test('closing waits for what is still being unpacked', async () => {
  const server = await servePacked('gzip', gzipSync('x'.repeat(2 ** 26)));
  const opened = await open(server.address);
  const { told } = send(opened);
  await expect.poll(() => told.bytes, patience).toBeGreaterThan(0);
  await opened.client.close(60_000);
  expect(told.order.at(-1)).toBe('end');
  expect(told.bytes).toBe(2 ** 26);
});
