// Answers that come compressed, because a program asked for that: told as what they hold.

import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { clientFor, get, patience, send, sent } from './support/client.js';
import { bareServer, httpServer } from './support/servers.js';

const content = JSON.stringify({ data: { list: Array.from({ length: 50_000 }, (_, n) => n) } });

test.each([
  ['gzip', gzipSync(content)],
  ['GZIP', gzipSync(content)],
  ['x-gzip', gzipSync(content)],
  ['deflate', deflateSync(content)],
  ['br', brotliCompressSync(content)],
  ['identity', Buffer.from(content)],
])('%s is unpacked', async (coding, body) => {
  const server = await httpServer((_request, response) => response.setHeader('Content-Encoding', coding).end(body));
  const told = await sent(await clientFor(server.url), { headers: { 'accept-encoding': coding } });
  expect(told.told).toEqual(['sending', 'head 200', 'chunk', 'end']);
  expect(told.body).toBe(content);
});

test('nobody is asked for it unless the program does', async () => {
  let asked: unknown = 'nothing came';
  const server = await httpServer((request, response) => {
    asked = request.headers['accept-encoding'];
    response.end();
  });
  await sent(await clientFor(server.url));
  expect(asked).toBeUndefined();
});

test('events of a stream are unpacked as they come', async () => {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  const server = await httpServer((_request, response) => {
    response.setHeader('Content-Encoding', 'gzip');
    gzip.pipe(response);
    gzip.write('one');
  });
  const told = send(await clientFor(server.url), { ...get, longLived: true });
  await expect.poll(() => told.body, patience).toBe('one');
  gzip.write('two');
  await expect.poll(() => told.body, patience).toBe('onetwo');
  gzip.end();
  await told.over;
  expect(told.told.at(-1)).toBe('end');
});

test('an empty answer needs no unpacking', async () => {
  const server = await bareServer((socket) =>
    socket.write('HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n'),
  );
  expect((await sent(await clientFor(server.url))).told).toEqual(['sending', 'head 204', 'end']);
});

test.each<[string, string, Buffer]>([
  ['cut short', 'gzip', gzipSync(content).subarray(0, 1_000)],
  ['no such thing', 'gzip', Buffer.from(content)],
  ['of a kind that nobody can read', 'rot13', Buffer.from(content)],
])('what is %s is a failure', async (_what, coding, body) => {
  const answer = (response: ServerResponse): unknown => response.setHeader('Content-Encoding', coding).end(body);
  const server = await httpServer((_request, response) => answer(response));
  const told = await sent(await clientFor(server.url));
  expect(told.told.filter((what) => what !== 'chunk')).toEqual(['sending', 'head 200', 'failed protocol-error']);
  expect(told.failure?.message).toContain(`compressed (${coding})`);
});

test('it is held back and let go as any other, and nothing is lost', async () => {
  const server = await httpServer((_request, response) => {
    response.setHeader('Content-Encoding', 'gzip');
    const gzip = createGzip();
    gzip.pipe(response);
    for (let n = 0; n < 200; n++) gzip.write(Buffer.alloc(64 * 1_024, String(n % 10)));
    gzip.end();
  });
  const told = send(await clientFor(server.url), { ...get, longLived: true });
  let pauses = 0;
  told.onTold = (what) => {
    if (what !== 'chunk' || pauses >= 5) return;
    pauses++;
    told.exchange?.flow?.pause();
    setImmediate(() => told.exchange?.flow?.resume());
  };
  await told.over;
  expect(pauses).toBe(5);
  expect(told.told.at(-1)).toBe('end');
  expect(told.chunks.reduce((sum, { length }) => sum + length, 0)).toBe(200 * 64 * 1_024);
});

test('a request that is cancelled while its answer is unpacked tells nothing more', async () => {
  const server = await httpServer((_request, response) =>
    response.setHeader('Content-Encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000))),
  );
  const client = await clientFor(server.url, { connections: 1 });
  const told = send(client);
  told.onTold = (what) => what === 'chunk' && told.exchange?.cancel();
  await expect.poll(() => told.told.at(-1), patience).toBe('chunk');
  await sent(client);
  expect(told.chunks).toHaveLength(1);
});
