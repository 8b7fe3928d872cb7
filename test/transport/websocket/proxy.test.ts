// The option proxy: a tunnel through an HTTP proxy, with and without credentials, for ws: and wss:.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/index.js';
import { listen } from '../../../src/testing/listen.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { certificate } from './support/certificate.js';
import { ask, deadPort, failureOf, open, patience, startServer } from './support/opening.js';
import { tlsFront } from './support/tls-front.js';

interface Proxy {
  readonly port: number;
  /** Every CONNECT so far. */
  readonly tunnels: { readonly authority: string; readonly headers: IncomingHttpHeaders }[];
  /** Sockets of clients that are open. */
  readonly clients: Set<Duplex>;
}

/** A proxy that answers CONNECT with this status, or not at all. */
async function startProxy(status: number | 'never' = 200): Promise<Proxy> {
  const tunnels: Proxy['tunnels'] = [];
  const clients = new Set<Duplex>();
  const http = createServer();
  http.on('connection', (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
  });
  http.on('connect', (request, client) => {
    const authority = request.url ?? '';
    tunnels.push({ authority, headers: request.headers });
    client.on('error', () => {});
    if (status === 'never') {
      // Who does not read does not notice that the other side has left.
      client.on('end', () => client.end()).resume();
      return;
    }
    client.write(`HTTP/1.1 ${status} Answer\r\n\r\n`);
    if (status !== 200) {
      client.end();
      return;
    }
    const target = connect(Number(authority.split(':')[1]), '127.0.0.1');
    target.on('error', () => {});
    target.on('close', () => client.destroy());
    client.on('close', () => target.destroy());
    client.pipe(target).pipe(client);
  });
  const port = await listen('The proxy', http, '127.0.0.1', 0);
  onTestFinished(() => {
    for (const client of clients) client.destroy();
    http.close();
  });
  return { port, tunnels, clients };
}

test('a ws: address is reached through the tunnel, without credentials where none are given', async () => {
  const server = await startServer();
  const proxy = await startProxy();
  const opened = await open(webSocket(server.url, { proxy: `http://127.0.0.1:${proxy.port}` }));
  expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
  expect(proxy.tunnels.map(({ authority }) => authority)).toEqual([`127.0.0.1:${server.port}`]);
  expect(proxy.tunnels[0]?.headers['proxy-authorization']).toBeUndefined();
});

test('credentials of the proxy are for the proxy alone, and may hold any character', async () => {
  const server = await startServer();
  const proxy = await startProxy();
  const address = `http://us%3Aer:p%40ss%25@127.0.0.1:${proxy.port}`;
  const transport = webSocket(server.url, { proxy: address, headers: { 'X-App': 'shop' } });
  await open(transport, { credentials: { headers: { Authorization: 'Bearer abc' } } });
  const [tunnel] = proxy.tunnels;
  expect(tunnel?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('us:er:p@ss%').toString('base64')}`);
  expect(tunnel?.headers).not.toHaveProperty('authorization');
  expect(tunnel?.headers).not.toHaveProperty('x-app');
  expect(server.connections[0]?.headers).toMatchObject({ authorization: 'Bearer abc', 'x-app': 'shop' });
  expect(server.connections[0]?.headers).not.toHaveProperty('proxy-authorization');
  expect(transport.name).toBe(`websocket ${server.url}`);
});

test.each([
  ['without credentials', ''],
  ['with credentials', 'user:secret@'],
])('a wss: address is reached through the tunnel %s, and its certificate is verified', async (_what, user) => {
  const warnings: string[] = [];
  const warned = ({ message }: Error): number => warnings.push(message);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const server = await startServer();
  const port = await tlsFront(server);
  const proxy = await startProxy();
  const options = { proxy: `http://${user}127.0.0.1:${proxy.port}` };
  const address = `wss://127.0.0.1:${port}/graphql`;
  expect(await failureOf(webSocket(address, options))).toMatchObject({ code: 'tls' });
  const opened = await open(webSocket(address, { ...options, tls: { ca: certificate } }));
  expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
  const elsewhere = { ca: certificate, servername: 'example.com' };
  expect(await failureOf(webSocket(address, { ...options, tls: elsewhere }))).toMatchObject({ code: 'tls' });
  expect(proxy.tunnels.map(({ authority }) => authority)).toEqual(Array(3).fill(`127.0.0.1:${port}`));
  expect(warnings).toEqual([]);
});

test.each([407, 502])('a proxy that answers %i is named in the failure, its credentials are not', async (status) => {
  const server = await startServer();
  const proxy = await startProxy(status);
  const failure = await failureOf(webSocket(server.url, { proxy: `http://user:secret@127.0.0.1:${proxy.port}` }));
  // The status decides what follows: a wrong password ends the first contact, a busy proxy is tried again.
  expect(failure).toMatchObject({ code: 'http-status', phase: 'connect', status });
  expect(failure.message).toContain(`The proxy 127.0.0.1:${proxy.port} refused the tunnel`);
  expect(failure.message).toContain(`HTTP status ${status}`);
  expect(failure.message).not.toMatch(/user|secret/);
  expect(server.upgrades).toBe(0);
});

test('a proxy that is not there is a failure of the network', async () => {
  const server = await startServer();
  const failure = await failureOf(webSocket(server.url, { proxy: `http://127.0.0.1:${deadPort}` }));
  expect(failure).toMatchObject({ code: 'network', phase: 'connect' });
});

test('a proxy that never answers is given up, and no socket to it is left', async () => {
  const clock = new VirtualClock();
  const server = await startServer();
  const proxy = await startProxy('never');
  const failure = failureOf(webSocket(server.url, { proxy: `http://127.0.0.1:${proxy.port}` }), { clock });
  await expect.poll(() => proxy.tunnels.length, patience).toBe(1);
  await clock.advance(10_000);
  expect(await failure).toMatchObject({ code: 'timeout', phase: 'connect' });
  await expect.poll(() => proxy.clients.size, patience).toBe(0);
});
