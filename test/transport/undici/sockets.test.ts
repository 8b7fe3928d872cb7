// Which sockets carry what: kept and reused while they are good, as many as allowed and no more, streams apart from calls, a
// unix socket, and a dispatcher of the program's own.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { clientFor, get, patience, send, sent } from './support/client.js';
import { bareServer, httpServer } from './support/servers.js';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const ok = crlf('HTTP/1.1 200 OK\nContent-Length: 2\n\nok');

test('calls one after the other share one socket', async () => {
  const server = await httpServer((_request, response) => response.end('ok'));
  const client = await clientFor(server.url);
  for (let n = 0; n < 10; n++) expect((await sent(client)).body).toBe('ok');
  expect(server.connections).toHaveLength(1);
});

test('a socket without use is closed by us, before the server would', async () => {
  const server = await bareServer((socket) => socket.write(ok));
  const client = await clientFor(server.url, { keepAliveMs: 50 });
  await sent(client);
  const [socket] = server.connections;
  const ended = new Promise((resolve) => socket?.once('end', () => resolve('by us')));
  expect(server.open.size).toBe(1);
  expect(await ended).toBe('by us');
});

test.each([
  ['is kept less long than it says', 'Keep-Alive: timeout=2', 1_000],
  ['is not kept at all where that is too short', 'Keep-Alive: timeout=1', 0],
])('the socket of a server that says how long it waits %s', async (_what, header, ms) => {
  const server = await bareServer((socket) =>
    socket.write(crlf(`HTTP/1.1 200 OK\n${header}\nContent-Length: 2\n\nok`)),
  );
  const client = await clientFor(server.url, { keepAliveMs: 60_000 });
  const before = performance.now();
  await sent(client);
  await expect.poll(() => server.open.size, patience).toBe(0);
  expect(performance.now() - before).toBeGreaterThan(ms * 0.8);
});

test('a socket that the server closed while nobody used it is not used again', async () => {
  const server = await bareServer((socket) => socket.write(ok));
  const client = await clientFor(server.url, { connections: 1 });
  for (let n = 1; n <= 5; n++) {
    expect((await sent(client)).body).toBe('ok');
    expect(server.connections).toHaveLength(n);
    server.connections[n - 1]?.end();
    // The client has read it when it has answered in kind.
    await expect.poll(() => server.open.size, patience).toBe(0);
  }
});

test('a hundred calls at once are all answered, on 64 sockets', async () => {
  const held: ServerResponse[] = [];
  let answering = false;
  const server = await httpServer((_request, response) => {
    held.push(response);
    // Nobody is answered before all sockets are in use.
    answering ||= held.length === 64;
    if (answering) for (const one of held.splice(0)) one.end('ok');
  });
  const client = await clientFor(server.url);
  const all = await Promise.all(Array.from({ length: 100 }, () => sent(client)));
  expect(all.map(({ body }) => body)).toEqual(Array(100).fill('ok'));
  expect(server.connections).toHaveLength(64);
});

test('calls that wait are sent in order, and one that was given up never is', async () => {
  const seen: string[] = [];
  const waiting: ServerResponse[] = [];
  const server = await httpServer((request, response) => {
    seen.push(request.url ?? '');
    waiting.push(response);
  });
  const client = await clientFor(server.url, { connections: 1 });
  const all = ['/1', '/2', '/3', '/4'].map((path) => send(client, { path }));
  await expect.poll(() => seen, patience).toEqual(['/1']);
  expect(all.map(({ told }) => told)).toEqual([['sending'], [], [], []]);
  all[1]?.exchange?.cancel();
  for (const path of ['/3', '/4']) {
    waiting.shift()?.end();
    await expect.poll(() => seen.at(-1), patience).toBe(path);
  }
  waiting.shift()?.end();
  await all[3]?.over;
  expect(seen).toEqual(['/1', '/3', '/4']);
  expect(all[1]?.told).toEqual([]);
  expect(server.connections).toHaveLength(1);
});

test('streams that stay open take no sockets from calls', async () => {
  const server = await httpServer((request, response) => {
    if (request.url === '/stream') response.write('event');
    else response.end('ok');
  });
  const client = await clientFor(server.url, { connections: 1 });
  const streams = Array.from({ length: 20 }, () => send(client, { ...get, path: '/stream', longLived: true }));
  for (const stream of streams) await expect.poll(() => stream.body, patience).toBe('event');
  expect((await sent(client)).body).toBe('ok');
  expect(server.connections).toHaveLength(21);
});

test('a unix socket carries requests for the host of the address', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-undici-'));
  const socketPath = join(folder, 'server.sock');
  let host: string | undefined;
  const server = createServer((request, response) => {
    host = request.headers.host;
    response.end('over the socket');
  });
  await new Promise<void>((listening) => server.listen(socketPath, listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const client = await clientFor('http://example.com/graphql', { socketPath });
  expect((await sent(client)).body).toBe('over the socket');
  expect(host).toBe('example.com');
  const nobody = await clientFor('http://example.com/graphql', { socketPath: join(folder, 'nobody.sock') });
  expect((await sent(nobody)).failure).toMatchObject({ code: 'network', phase: 'connect', delivery: 'not-sent' });
});

test('a dispatcher of the program carries everything, and is still usable after close', async () => {
  const server = await httpServer((request, response) => {
    if (request.url === '/stream') response.write('event');
    else response.end('ok');
  });
  const agent = new Agent({ connections: 2 });
  onTestFinished(() => agent.destroy());
  const dispatched: string[] = [];
  const dispatcher = {
    dispatch: (options: Parameters<Agent['dispatch']>[0], handler: Parameters<Agent['dispatch']>[1]) => {
      dispatched.push(`${options.origin}${options.path}`);
      return agent.dispatch(options, handler);
    },
  };
  const client = await clientFor(server.url, { dispatcher });
  const stream = send(client, { ...get, path: '/stream', longLived: true });
  await expect.poll(() => stream.body, patience).toBe('event');
  expect((await sent(client)).body).toBe('ok');
  const origin = `http://127.0.0.1:${server.port}`;
  expect(dispatched).toEqual([`${origin}/stream`, `${origin}/graphql`]);
  await client.close(0);
  expect(stream.told).toEqual(['sending', 'head 200', 'chunk']);
  expect(agent.destroyed || agent.closed).toBe(false);
  expect((await sent(await clientFor(server.url, { dispatcher: agent }))).body).toBe('ok');
});

test('a dispatcher that its owner has closed is named in the failure', async () => {
  const agent = new Agent();
  await agent.close();
  const told = await sent(await clientFor('http://127.0.0.1:1/graphql', { dispatcher: agent }));
  expect(told.told).toEqual(['failed bad-option']);
  expect(told.failure).toMatchObject({ delivery: 'not-sent', message: expect.stringContaining('dispatcher') });
});

test('a dispatcher that throws fails the request and nobody else', async () => {
  const dispatcher = {
    dispatch: (): boolean => {
      throw new Error('broken by hand');
    },
  };
  const told = await sent(await clientFor('http://127.0.0.1:1/graphql', { dispatcher }));
  expect(told.failure).toMatchObject({ code: 'network', delivery: 'not-sent', cause: { message: 'broken by hand' } });
});
