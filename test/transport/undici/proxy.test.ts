// The option proxy: a tunnel through an HTTP proxy, with and without credentials, for http: and https:.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/index.js';
import { listen } from '../../../src/testing/listen.js';
import { certificate, key } from '../websocket/support/certificate.js';
import { clientFor, patience, send, sent } from './support/client.js';
import { deadPort, httpServer } from './support/servers.js';

interface Proxy {
  readonly port: number;
  /** Every CONNECT so far. */
  readonly tunnels: { readonly authority: string; readonly headers: IncomingHttpHeaders }[];
  /** Sockets of clients that are open. */
  readonly clients: Set<Duplex>;
}

/** A proxy that answers CONNECT with this status, not at all, or by hanging up. */
async function startProxy(answer: number | 'never' | 'hang up' = 200): Promise<Proxy> {
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
    if (answer === 'never') {
      // Who does not read does not notice that the other side has left.
      client.on('end', () => client.end()).resume();
    } else if (answer === 'hang up') {
      client.destroy();
    } else if (answer !== 200) {
      client.end(`HTTP/1.1 ${answer} Answer\r\n\r\n`);
    } else {
      client.write('HTTP/1.1 200 Answer\r\n\r\n');
      const target = connect(Number(authority.split(':').at(-1)), '127.0.0.1');
      target.on('error', () => {});
      target.on('close', () => client.destroy());
      client.on('close', () => target.destroy());
      client.pipe(target).pipe(client);
    }
  });
  const port = await listen('The proxy', http, '127.0.0.1', 0);
  onTestFinished(() => {
    for (const client of clients) client.destroy();
    http.close();
  });
  return { port, tunnels, clients };
}

test('an http: address is reached through a tunnel that is used again, without credentials where none are given', async () => {
  const server = await httpServer((_request, response) => response.end('ok'));
  const proxy = await startProxy();
  const client = await clientFor(server.url, { proxy: `http://127.0.0.1:${proxy.port}` });
  expect((await sent(client)).body).toBe('ok');
  expect((await sent(client)).body).toBe('ok');
  expect(proxy.tunnels.map(({ authority }) => authority)).toEqual([`127.0.0.1:${server.port}`]);
  expect(proxy.tunnels[0]?.headers['proxy-authorization']).toBeUndefined();
});

test('credentials of the proxy are for the proxy alone, and may hold any character', async () => {
  let headers: IncomingHttpHeaders = {};
  const server = await httpServer((request, response) => {
    headers = request.headers;
    response.end('ok');
  });
  const proxy = await startProxy();
  const client = await clientFor(server.url, { proxy: `http://us%3Aer:p%40ss%25@127.0.0.1:${proxy.port}` });
  await sent(client, { headers: { authorization: 'Bearer abc' } });
  const [tunnel] = proxy.tunnels;
  expect(tunnel?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('us:er:p@ss%').toString('base64')}`);
  expect(tunnel?.headers).not.toHaveProperty('authorization');
  expect(headers).toMatchObject({ authorization: 'Bearer abc' });
  expect(headers).not.toHaveProperty('proxy-authorization');
});

test('an https: address is reached through the tunnel, and its certificate is verified', async () => {
  const server = createTlsServer({ cert: certificate, key }, (_request, response) => response.end('ok'));
  const port = await listen('The server', server, '127.0.0.1', 0);
  onTestFinished(() => void server.close());
  const proxy = await startProxy();
  const options = { proxy: `http://user:secret@127.0.0.1:${proxy.port}` };
  const address = `https://127.0.0.1:${port}/graphql`;
  expect((await sent(await clientFor(address, options))).failure).toMatchObject({ code: 'tls', delivery: 'not-sent' });
  await expect.poll(() => proxy.clients.size, patience).toBe(0);
  expect((await sent(await clientFor(address, { ...options, tls: { ca: certificate } }))).body).toBe('ok');
  const elsewhere = { ca: certificate, servername: 'example.com' };
  expect((await sent(await clientFor(address, { ...options, tls: elsewhere }))).failure?.code).toBe('tls');
  expect(proxy.tunnels.map(({ authority }) => authority)).toEqual(Array(3).fill(`127.0.0.1:${port}`));
});

test.each([407, 502])('a proxy that answers %i is named in the failure, its credentials are not', async (status) => {
  const server = await httpServer((_request, response) => response.end('ok'));
  const proxy = await startProxy(status);
  const told = await sent(await clientFor(server.url, { proxy: `http://user:secret@127.0.0.1:${proxy.port}` }));
  expect(told.told).toEqual(['failed http-status']);
  expect(told.failure).toMatchObject({ phase: 'connect', status, delivery: 'not-sent' });
  expect(told.failure?.message).toContain(`The proxy 127.0.0.1:${proxy.port} refused the tunnel`);
  expect(told.failure?.message).not.toMatch(/user|secret/);
  expect(server.connections).toHaveLength(0);
});

test('a proxy that hangs up fails the request, and is not asked without end', async () => {
  const server = await httpServer((_request, response) => response.end('ok'));
  const proxy = await startProxy('hang up');
  const told = await sent(await clientFor(server.url, { proxy: `http://127.0.0.1:${proxy.port}` }));
  expect(told.told).toEqual(['failed network']);
  expect(told.failure).toMatchObject({ phase: 'connect', delivery: 'not-sent' });
  expect(proxy.tunnels).toHaveLength(1);
});

test('a proxy that is not there is a failure of the network', async () => {
  const server = await httpServer((_request, response) => response.end('ok'));
  const told = await sent(await clientFor(server.url, { proxy: `http://127.0.0.1:${deadPort}` }));
  expect(told.failure).toMatchObject({ code: 'network', phase: 'connect', delivery: 'not-sent' });
});

test.each(['by the time', 'by cancel'])(
  'a proxy that never answers is given up %s, and no socket to it is left',
  async (how) => {
    const clock = new VirtualClock();
    const server = await httpServer((_request, response) => response.end('ok'));
    const proxy = await startProxy('never');
    const told = send(await clientFor(server.url, { proxy: `http://127.0.0.1:${proxy.port}` }, clock));
    await expect.poll(() => proxy.tunnels.length, patience).toBe(1);
    if (how === 'by cancel') {
      told.exchange?.cancel();
    } else {
      await clock.advance(10_000);
      await told.over;
    }
    await expect.poll(() => proxy.clients.size, patience).toBe(0);
    expect(told.told).toEqual(how === 'by cancel' ? [] : ['failed timeout']);
  },
);
