// TLS of https: addresses: certificates are verified unless a program says otherwise, and its own CA and certificate are taken.

import { createServer, type Server, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../src/testing/listen.js';
import { certificate, key } from '../websocket/support/certificate.js';
import { clientFor, patience, sent } from './support/client.js';
import { httpServer } from './support/servers.js';

interface Seen {
  readonly url: string;
  readonly requests: { readonly name: string; readonly authorized: boolean; readonly reused: boolean }[];
  readonly server: Server;
}

async function tlsServer(options: ServerOptions = {}): Promise<Seen> {
  const requests: { name: string; authorized: boolean; reused: boolean }[] = [];
  const server = createServer({ cert: certificate, key, ...options }, (request, response) => {
    const socket = request.socket as TLSSocket;
    const name = typeof socket.servername === 'string' ? socket.servername : '';
    requests.push({ name, authorized: socket.authorized, reused: socket.isSessionReused() });
    response.end('ok');
  });
  const port = await listen('The server', server, '127.0.0.1', 0);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${port}/graphql`, requests, server };
}

test('a certificate that signed itself is not accepted: nothing was sent, and the message says what helps', async () => {
  const { url, requests } = await tlsServer();
  const told = await sent(await clientFor(url));
  expect(told.told).toEqual(['failed tls']);
  expect(told.failure).toMatchObject({
    phase: 'connect',
    delivery: 'not-sent',
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  expect(told.failure?.message).toContain('option "tls"');
  expect(requests).toEqual([]);
});

test('with its CA it is accepted, for an address, a name, and a name of the program', async () => {
  const { url, requests } = await tlsServer();
  expect((await sent(await clientFor(url, { tls: { ca: certificate } }))).body).toBe('ok');
  const named = url.replace('127.0.0.1', 'localhost');
  expect((await sent(await clientFor(named, { tls: { ca: certificate } }))).body).toBe('ok');
  expect((await sent(await clientFor(url, { tls: { ca: certificate, servername: 'localhost' } }))).body).toBe('ok');
  expect(requests.map(({ name }) => name)).toEqual(['', 'localhost', 'localhost']);
});

test('with its CA, but for another name, it is not accepted', async () => {
  const { url } = await tlsServer();
  const told = await sent(await clientFor(url, { tls: { ca: certificate, servername: 'example.com' } }));
  expect(told.failure).toMatchObject({
    code: 'tls',
    delivery: 'not-sent',
    cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
});

test('without verification any certificate is accepted', async () => {
  const { url } = await tlsServer();
  expect((await sent(await clientFor(url, { tls: { rejectUnauthorized: false } }))).body).toBe('ok');
});

test('a certificate of the client is given to a server that demands one', async () => {
  const { url, requests } = await tlsServer({ requestCert: true, ca: certificate });
  const client = await clientFor(url, { tls: { ca: certificate, cert: certificate, key } });
  expect((await sent(client)).body).toBe('ok');
  expect(requests[0]?.authorized).toBe(true);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a server of %s that misses it is named', async (maxVersion) => {
  const { url, requests } = await tlsServer({ requestCert: true, ca: certificate, maxVersion });
  const told = await sent(await clientFor(url, { tls: { ca: certificate } }));
  // The first refuses within the handshake and does not say why; the second after it, when the request was sent.
  expect(told.told).toEqual(maxVersion === 'TLSv1.2' ? ['failed network'] : ['sending', 'failed tls']);
  if (maxVersion === 'TLSv1.3') expect(told.failure?.message).toContain('did not accept our certificate');
  expect(requests).toEqual([]);
});

test('the second connection takes up the session of the first', async () => {
  const { url, requests, server } = await tlsServer();
  const client = await clientFor(url, { tls: { ca: certificate } });
  await sent(client);
  server.closeAllConnections();
  await expect
    .poll(async () => {
      await sent(client);
      return requests.at(-1)?.reused;
    }, patience)
    .toBe(true);
});

test('a server without TLS is a failure of the network', async () => {
  const server = await httpServer((_request, response) => response.end());
  const told = await sent(await clientFor(server.url.replace('http:', 'https:')));
  expect(told.told).toEqual(['failed network']);
  expect(told.failure?.delivery).toBe('not-sent');
});
