// TLS of wss: addresses: certificates are verified unless a program says otherwise, and its own CA is taken.

import { expect, test } from 'vitest';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { createSession } from '../../../src/session/session.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { certificate } from './support/certificate.js';
import { ask, failureOf, open, startServer } from './support/opening.js';
import { tlsFront } from './support/tls-front.js';

test('a certificate that signed itself is not accepted, and the error says why and what helps', async () => {
  const port = await tlsFront(await startServer());
  const failure = await failureOf(webSocket(`wss://127.0.0.1:${port}/graphql`));
  expect(failure).toMatchObject({
    code: 'tls',
    phase: 'connect',
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  expect(failure.message).toContain('Option "tls" takes your own CA');
});

test('a session gives up at once, with the error of the certificate as cause', async () => {
  const server = await startServer();
  const port = await tlsFront(server);
  const session = createSession({ transport: webSocket(`wss://127.0.0.1:${port}/graphql`) });
  const error = await session.ready().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ code: 'tls', attempts: 1, cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  expect(session.state.status).toBe('failed');
  expect(server.upgrades).toBe(0);
  await session.close();
});

test('with its CA the certificate is accepted, for an address, a name, and a name of the program', async () => {
  const server = await startServer();
  const port = await tlsFront(server);
  for (const tls of [{ ca: certificate }, { ca: certificate, servername: 'localhost' }]) {
    const opened = await open(webSocket(`https://127.0.0.1:${port}/graphql`, { tls }));
    expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
  }
  expect(server.connections).toHaveLength(2);
});

test('with its CA, but for another name, it is not accepted', async () => {
  const port = await tlsFront(await startServer());
  const tls = { ca: certificate, servername: 'example.com' };
  expect(await failureOf(webSocket(`wss://127.0.0.1:${port}/graphql`, { tls }))).toMatchObject({
    code: 'tls',
    cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
});

test('without verification any certificate is accepted', async () => {
  const port = await tlsFront(await startServer());
  const opened = await open(webSocket(`wss://127.0.0.1:${port}/graphql`, { tls: { rejectUnauthorized: false } }));
  expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
});

test('a server without TLS behind a wss: address is a failure of the network', async () => {
  const server = await startServer();
  const failure = await failureOf(webSocket(`wss://127.0.0.1:${server.port}/graphql`));
  expect(failure).toMatchObject({ code: 'network', phase: 'connect' });
});
