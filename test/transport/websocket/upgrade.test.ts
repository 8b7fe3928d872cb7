// What a connection opens with in Node: headers, agents and compression reach the HTTP upgrade, and a refusal is reported with
// everything the server said.

import { Agent, createServer } from 'node:http';
import { type AddressInfo, connect as connectTcp, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { connect } from '../../../src/index.js';
import { neverUpgrades, refusesUpgrade, VirtualClock } from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { ask, failureOf, open, startServer } from './support/opening.js';

describe('headers', () => {
  test('of the option and of the credentials reach the upgrade, the credentials count for more', async () => {
    const server = await startServer();
    const transport = webSocket(server.url, {
      headers: { 'X-App': 'shop', Authorization: 'none', Origin: 'https://shop' },
    });
    await open(transport, { credentials: { headers: { Authorization: 'Bearer abc' } } });
    expect(server.connections[0]?.headers).toMatchObject({
      'x-app': 'shop',
      authorization: 'Bearer abc',
      origin: 'https://shop',
    });
  });

  test('of one connection are not those of the next', async () => {
    const server = await startServer();
    const transport = webSocket(server.url);
    await open(transport, { credentials: { headers: { Authorization: 'first' } } });
    await open(transport);
    expect(server.connections.map(({ headers }) => headers.authorization)).toEqual(['first', undefined]);
  });

  test('of the answer can be read in the state of a session that is ready, without cookies', async () => {
    const http = createServer();
    onTestFinished(() => void http.close());
    const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'graphql-transport-ws' });
    sockets.on('headers', (headers) => headers.push('X-Server: shop-7', 'Set-Cookie: sid=top-secret'));
    sockets.on('connection', (socket) => socket.on('message', () => socket.send('{"type":"connection_ack"}')));
    await new Promise<void>((listening) => {
      http.listen(0, '127.0.0.1', listening);
    });
    const { port } = http.address() as AddressInfo;
    const session = await connect({ transport: webSocket(`ws://127.0.0.1:${port}`) });
    expect(session.state).toMatchObject({ status: 'ready', headers: { 'x-server': 'shop-7' } });
    expect(JSON.stringify(session.state)).not.toContain('top-secret');
    await session.close({ graceMs: 0 });
  });

  test('of a refusal can be read, with its status and how long to wait', async () => {
    const server = await startServer({
      script: refusesUpgrade({
        status: 429,
        headers: { 'Retry-After': '3', 'X-Trace': 'abc', 'Set-Cookie': 'sid=top-secret' },
      }),
    });
    const failure = await failureOf(webSocket(server.url));
    expect(JSON.stringify(failure)).not.toContain('top-secret');
    expect(failure).toMatchObject({
      code: 'http-status',
      phase: 'connect',
      status: 429,
      retryAfterMs: 3_000,
      headers: { 'x-trace': 'abc' },
    });
  });

  test('say how long to wait by a date as well', async () => {
    const clock = new VirtualClock(Date.parse('Wed, 21 Oct 2026 07:28:00 GMT'));
    const server = await startServer({
      script: refusesUpgrade({ status: 503, headers: { 'Retry-After': 'Wed, 21 Oct 2026 07:28:30 GMT' } }),
    });
    expect(await failureOf(webSocket(server.url), { clock })).toMatchObject({ status: 503, retryAfterMs: 30_000 });
  });
});

describe('the option agent', () => {
  test('makes the TCP connection', async () => {
    const server = await startServer();
    class CountingAgent extends Agent {
      made = 0;
      override createConnection(options: TcpNetConnectOpts): Duplex {
        this.made += 1;
        return connectTcp(options);
      }
    }
    const agent = new CountingAgent();
    const opened = await open(webSocket(server.url, { agent }));
    expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
    expect(agent.made).toBe(1);
  });
});

describe('compression', () => {
  /** Accepts compression and sends it for every message, then answers whatever it is asked. */
  async function compressing(): Promise<{ readonly url: string; readonly sockets: WebSocket[] }> {
    const sockets: WebSocket[] = [];
    const http = createServer();
    const endpoint = new WebSocketServer({ server: http, perMessageDeflate: { threshold: 0 } });
    endpoint.on('connection', (socket) => {
      sockets.push(socket);
      socket.on('message', (data) => {
        const { type, id } = JSON.parse(String(data)) as { type: string; id?: string };
        if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
        if (type === 'subscribe')
          socket.send(JSON.stringify({ type: 'next', id, payload: { data: { a: 'a'.repeat(999) } } }));
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.terminate();
      http.close();
    });
    return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`, sockets };
  }

  test.each([
    ['is not offered by default', undefined, ''],
    ['is not offered when it is switched off', false, ''],
    ['is used when it is switched on', true, 'permessage-deflate'],
  ] as const)('%s', async (_what, compression, extensions) => {
    const server = await compressing();
    const opened = await open(webSocket(server.url, { compression }));
    expect(await ask(opened, '{ a }').answer).toEqual({ data: { a: 'a'.repeat(999) } });
    expect(server.sockets[0]?.extensions).toBe(extensions);
  });
});

describe('an attempt that is given up', () => {
  test('because its time is over leaves no socket', async () => {
    const clock = new VirtualClock();
    const server = await startServer({ script: neverUpgrades() });
    const failure = failureOf(webSocket(server.url), { clock, limits: { openTimeoutMs: 500 } });
    await server.until('an upgrade', () => (server.upgrades === 1 ? true : undefined));
    await clock.advance(500);
    expect(await failure).toMatchObject({ code: 'timeout', phase: 'connect' });
    expect((await failure).message).toContain('within 500 ms (limits.openTimeoutMs)');
    expect(clock.pending).toBe(0);
    // The outage waits for every connection to be gone, so that one left behind would hold it up.
    await server.stop();
  });

  test('because its session wants no more of it says so, at any moment', async () => {
    const server = await startServer();
    expect(await failureOf(webSocket(server.url), { signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' });
    expect(server.upgrades).toBe(0);
    const upgrading = new AbortController();
    server.use({
      upgrade: () => {
        upgrading.abort();
        return { kind: 'hang' };
      },
    });
    expect(await failureOf(webSocket(server.url), { signal: upgrading.signal })).toMatchObject({ code: 'aborted' });
    const waiting = new AbortController();
    server.use({
      upgrade: (_request, _proceed) => ({ kind: 'accept', subprotocol: 'graphql-ws', speaks: 'graphql-ws' }),
      init: () => waiting.abort(),
    });
    expect(await failureOf(webSocket(server.url), { signal: waiting.signal })).toMatchObject({ code: 'aborted' });
    expect(await server.connections[0]?.ended).toMatchObject({ code: 1006 });
  });
});
