// What goes wrong between us and the server: the code of the failure, whether anything was sent, and what a person reads.

import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/index.js';
import { clientFor, get, patience, send, sent } from './support/client.js';
import { bareServer, deadPort, httpServer, impossibleName } from './support/servers.js';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

describe('before anything was sent', () => {
  test('a refused connection is not-sent, and the message holds no secret', async () => {
    const client = await clientFor(`http://alice:pa55word@127.0.0.1:${deadPort}/graphql?token=t0ken`);
    const told = await sent(client, { path: '/graphql?token=t0ken' });
    expect(told.told).toEqual(['failed network']);
    expect(told.failure).toMatchObject({ phase: 'connect', delivery: 'not-sent', cause: { code: 'ECONNREFUSED' } });
    expect(told.failure?.message).toContain(`http://127.0.0.1:${deadPort}/graphql`);
    expect(told.failure?.message).toContain('Nothing listens there');
    expect(told.failure?.message).not.toMatch(/alice|pa55word|t0ken/);
  });

  test('a name that nobody knows is not-sent', async () => {
    const told = await sent(await clientFor(`http://${impossibleName}/graphql`));
    expect(told.told).toEqual(['failed network']);
    expect(told.failure).toMatchObject({ phase: 'connect', delivery: 'not-sent', cause: { code: 'ENOTFOUND' } });
  });

  test('a server that does not take the connection in time is a timeout, by the clock of the session', async () => {
    const clock = new VirtualClock();
    // TLS to a server that says nothing.
    const server = await bareServer(() => {});
    const client = await clientFor(`https://127.0.0.1:${server.port}/graphql`, {}, clock);
    const told = send(client);
    await expect.poll(() => server.open.size, patience).toBe(1);
    await clock.advance(9_999);
    expect(told.told).toEqual([]);
    await clock.advance(1);
    await told.over;
    expect(told.told).toEqual(['failed timeout']);
    expect(told.failure).toMatchObject({ phase: 'connect', delivery: 'not-sent' });
    expect(told.failure?.message).toContain('limits.openTimeoutMs');
    await expect.poll(() => server.open.size, patience).toBe(0);
  });

  test.each([
    ['a header with a line break', { headers: { 'x-broken': 'a\r\nb: c' } }],
    ['a header that HTTP does not know', { headers: { 'x broken': 'a' } }],
    ['a header that only the client may set', { headers: { 'transfer-encoding': 'chunked' } }],
  ])('%s is a wrong option', async (_what, request) => {
    const server = await httpServer((_request, response) => response.end());
    const told = await sent(await clientFor(server.url), request);
    expect(told.told).toEqual(['failed bad-option']);
    expect(told.failure?.delivery).toBe('not-sent');
    expect(server.connections).toHaveLength(0);
  });

  test('every call that waits behind dead ones is told too', async () => {
    const client = await clientFor(`http://127.0.0.1:${deadPort}/graphql`, { connections: 2 });
    const all = await Promise.all(Array.from({ length: 9 }, () => sent(client)));
    expect(all.map(({ failure }) => failure?.delivery)).toEqual(Array(9).fill('not-sent'));
  });
});

describe('after it was sent', () => {
  test('a server that hangs up leaves the delivery open', async () => {
    const server = await bareServer((socket) => socket.destroy());
    const told = await sent(await clientFor(server.url));
    expect(told.told).toEqual(['sending', 'failed network']);
    expect(told.failure).toMatchObject({ phase: 'operation' });
    expect(told.failure).not.toHaveProperty('delivery');
    expect(told.failure?.message).toContain(`The connection to ${server.url} was lost`);
  });

  test('so does one that resets the connection', async () => {
    const server = await bareServer((socket) => socket.resetAndDestroy());
    const told = await sent(await clientFor(server.url));
    expect(told.told).toEqual(['sending', 'failed network']);
    expect(told.failure).not.toHaveProperty('delivery');
  });

  test.each(['POST', 'GET'] as const)('a reused socket that dies under a %s is not tried again', async (method) => {
    let requests = 0;
    const server = await bareServer((socket, request) => {
      requests++;
      if (request === 1) socket.write(crlf('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'));
      else socket.destroy();
    });
    const client = await clientFor(server.url, { connections: 1 });
    await sent(client);
    const told = await sent(client, method === 'GET' ? get : {});
    expect(told.told).toEqual(['sending', 'failed network']);
    expect(told.failure).not.toHaveProperty('delivery');
    expect(requests).toBe(2);
    expect(server.connections).toHaveLength(1);
  });

  test.each([
    ['a body shorter than its length', 'HTTP/1.1 200 OK\nContent-Length: 10\n\nhalf', 'network'],
    ['chunks without the last', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4\nhalf\n', 'network'],
    ['a chunk cut short', 'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n10\nhalf', 'network'],
    [
      'chunks cut short on a connection that closes',
      'HTTP/1.1 200 OK\nConnection: close\nTransfer-Encoding: chunked\n\n4\nhalf\n',
      'network',
    ],
  ])('%s is a failure and never an end', async (_what, answer, code) => {
    const server = await bareServer((socket) => socket.end(crlf(answer)));
    const told = await sent(await clientFor(server.url));
    expect(told.told).toEqual(['sending', 'head 200', 'chunk', `failed ${code}`]);
    expect(told.failure).toMatchObject({ phase: 'operation' });
  });

  test.each([
    ['no HTTP', 'SSH-2.0-OpenSSH\n\n', 'protocol-error'],
    ['a head that never ends', `HTTP/1.1 200 OK\nX: ${'x'.repeat(100_000)}\n`, 'too-large'],
    ['a head cut short', 'HTTP/1.1 200 OK\nX-Half', 'network'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\nConnection: upgrade\nUpgrade: echo\n\n', 'network'],
  ])('%s is told as what it is', async (_what, answer, code) => {
    const server = await bareServer((socket) => socket.end(crlf(answer)));
    const told = await sent(await clientFor(server.url));
    expect(told.told).toEqual(['sending', `failed ${code}`]);
    expect(told.failure).not.toHaveProperty('delivery');
  });

  test('a request that fails concerns only itself', async () => {
    const held: ServerResponse[] = [];
    const server = await httpServer((request, response) => {
      if (request.url === '/bad') request.socket.destroy();
      else held.push(response);
    });
    const client = await clientFor(server.url);
    const good = Array.from({ length: 5 }, () => send(client));
    await expect.poll(() => held.length, patience).toBe(5);
    const bad = await sent(client, { path: '/bad' });
    expect(bad.told.at(-1)).toBe('failed network');
    for (const response of held) response.end('ok');
    await Promise.all(good.map(({ over }) => over));
    expect(good.map(({ body }) => body)).toEqual(Array(5).fill('ok'));
  });
});
