// TLS of https: addresses: HTTP/2 agreed on by ALPN, certificates verified unless a program says otherwise. And Unix sockets.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { certificate, key } from '../websocket/support/certificate.js';
import { ask, failureOf, open } from './support/clients.js';
import { ok, serve } from './support/servers.js';

test('with its CA the certificate is accepted, for an address and for a name of the program', async () => {
  const server = await serve(ok, { secure: true });
  for (const tls of [
    { ca: certificate },
    { ca: certificate, servername: 'localhost', rejectUnauthorized: undefined },
  ]) {
    const told = await ask(await open(server.address, { options: { tls } }));
    expect(told.text).toBe('{"data":{"ok":true}}');
  }
  expect(server.connections).toBe(2);
});

test('a certificate that signed itself is not accepted, and the error says why and what helps', async () => {
  const server = await serve(ok, { secure: true });
  for (const tls of [undefined, { rejectUnauthorized: undefined }, { servername: undefined }]) {
    const failure = await failureOf(server.address, { options: { tls } });
    expect(failure).toMatchObject({ code: 'tls', phase: 'connect', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(failure.message).toContain('"tls"');
  }
  expect(server.sessions).toHaveLength(0);
});

test('with its CA, but for another name, it is not accepted; without verification any is', async () => {
  const server = await serve(ok, { secure: true });
  const tls = { ca: certificate, servername: 'example.com' };
  expect(await failureOf(server.address, { options: { tls } })).toMatchObject({
    code: 'tls',
    cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
  const opened = await open(server.address, { options: { tls: { rejectUnauthorized: false } } });
  expect((await ask(opened)).order.at(-1)).toBe('end');
});

test('a certificate of the client is shown where the server asks for it, and missed where it is not', async () => {
  const server = await serve(ok, { secure: true, requestCert: true, ca: certificate, rejectUnauthorized: true });
  const opened = await open(server.address, { options: { tls: { ca: certificate, cert: certificate, key } } });
  expect((await ask(opened)).order.at(-1)).toBe('end');
  const failure = await failureOf(server.address, { options: { tls: { ca: certificate } } });
  expect(failure).toMatchObject({ code: 'tls', phase: 'connect' });
  expect(failure.message).toContain('Option "tls" takes "cert" and "key"');
});

test('a server without HTTP/2 is a failure that names a transport for it, whether or not it takes part in ALPN', async () => {
  const withAlpn = createHttpsServer({ cert: certificate, key });
  const without = createTlsServer({ cert: certificate, key });
  for (const server of [withAlpn, without]) {
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const failure = await failureOf(`https://127.0.0.1:${port}/graphql`, { options: { tls: { ca: certificate } } });
    expect(failure).toMatchObject({ code: 'subprotocol', phase: 'handshake' });
    expect(failure.message).toContain('holdfast/undici');
  }
});

test('a server on a Unix socket is reached by its path', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-http2-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 'server.sock');
  let authority: unknown;
  const server = await serve(
    (stream, headers) => {
      authority = headers[':authority'];
      ok(stream, headers);
    },
    { socketPath },
  );
  const told = await ask(await open('http://graphql.internal/graphql', { options: { socketPath } }));
  expect(told.text).toBe('{"data":{"ok":true}}');
  expect(authority).toBe('graphql.internal');
  expect(server.connections).toBe(1);
  const secure = await serve(ok, { socketPath: `${socketPath}2`, secure: true });
  const options = { socketPath: `${socketPath}2`, tls: { ca: certificate } };
  expect((await ask(await open('https://localhost/graphql', { options }))).order.at(-1)).toBe('end');
  expect(secure.connections).toBe(1);
  const missing = await failureOf('http://localhost/', { options: { socketPath: join(folder, 'nobody') } });
  expect(missing).toMatchObject({ code: 'network', phase: 'connect', cause: { code: 'ENOENT' } });
});
