// What a failed first contact means, on real sockets: which causes are worth another attempt, which end the session at once,
// and what new credentials can do. The first contact lasts until the session has been ready once.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { connect } from '../../../src/session/session.js';
import {
  closesBeforeAck,
  dropsBeforeAck,
  dropsUpgrade,
  neverUpgrades,
  refusesInit,
  refusesUpgrade,
  type Script,
  VirtualClock,
} from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { open, openReady, rejection, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';
import { reached, until } from './support/waiting.js';

describe.each(dialects)('a first contact over %s', (dialect) => {
  test.each([1000, 1001, 1011, 1012, 1013, 1014, 4000, 4408, 4429, 4499, 4500, 4504])(
    'comes through on the next attempt when the server first closes with %i',
    async (code) => {
      const server = await serve(dialect, { script: closesBeforeAck({ code, times: 1 }) });
      const session = await openReady(server);
      expect(session.state).toMatchObject({ status: 'ready', generation: 2 });
      expect(await session.execute('{ ok }')).toEqual({ ok: true });
      expect(server.upgrades).toBe(2);
    },
  );

  test('comes through on the next attempt when the socket is dropped before the acknowledgement', async () => {
    const server = await serve(dialect, { script: dropsBeforeAck({ times: 2 }) });
    const session = await openReady(server);
    expect(session.state).toMatchObject({ status: 'ready', generation: 3 });
  });

  test.each([1008, 4401, 4403])('gives up at once when %i refuses credentials that cannot be renewed', async (code) => {
    const server = await serve(dialect, { script: closesBeforeAck({ code, reason: 'no' }) });
    const session = open(server, { credentials: { connectionParams: { token: 'wrong' } } });
    const error = await rejection(session.ready(), ConnectError);
    expect(error).toMatchObject({ code: 'closed', closeCode: code, attempts: 1, retryable: false });
    expect(session.state).toMatchObject({ status: 'failed', attempts: 1, cause: { closeCode: code } });
    expect(server.upgrades).toBe(1);
    // Whoever comes later need not wait for a deadline to learn it.
    await rejection(session.ready(), ConnectError);
    await rejection(session.execute('{ ok }'), ConnectError);
  });

  test('asks for new credentials once when the server refuses, and comes through with them', async () => {
    const script: Script = {
      init: ({ connection, payload }, proceed) =>
        payload?.token === 'fresh' ? proceed() : connection.close(4403, 'Forbidden'),
    };
    const server = await serve(dialect, { script });
    const reasons: string[] = [];
    const session = await openReady(server, {
      credentials: ({ reason, failure }) => {
        reasons.push(`${reason} ${failure?.closeCode ?? ''}`);
        return { connectionParams: { token: reason === 'refused' ? 'fresh' : 'stale' } };
      },
    });
    expect(reasons).toEqual(['open ', 'refused 4403']);
    expect(session.state).toMatchObject({ status: 'ready', generation: 2 });
  });

  test('gives up when the renewed credentials are refused as well', async () => {
    const server = await serve(dialect, { script: refusesInit() });
    let asked = 0;
    const session = open(server, {
      credentials: () => {
        asked += 1;
        return {};
      },
    });
    expect(await rejection(session.ready(), ConnectError)).toMatchObject({ attempts: 2, retryable: false });
    expect(session.state.status).toBe('failed');
    expect(asked).toBe(2);
    expect(server.upgrades).toBe(2);
  });

  test('goes on trying, with the cause in its state, when what would have ended the first contact comes later', async () => {
    const server = await serve(dialect);
    const session = await openReady(server, {
      retry: { connect: { delayMs: (attempt) => (attempt > 20 ? 86_400_000 : 1) } },
    });
    server.use(closesBeforeAck({ code: 4403 }));
    server.connections[0]?.drop();
    const { until: retriedAt } = await reached(session, 'waiting', ({ cause }) => cause.closeCode === 4403);
    // At the longest wait of its backoff, not at the next one.
    expect(retriedAt - Date.now()).toBeGreaterThan(80_000_000);
  });
});

describe('before there is a WebSocket', () => {
  const dialect = 'graphql-transport-ws';

  test.each([408, 425, 429, 500, 502, 503, 504])('HTTP status %i is worth another attempt', async (status) => {
    const server = await serve(dialect, { script: refusesUpgrade({ status, times: 2 }) });
    expect((await openReady(server)).state).toMatchObject({ status: 'ready', generation: 3 });
  });

  test('Retry-After is waited for, when it is longer than the backoff', async () => {
    const clock = new VirtualClock();
    const script = refusesUpgrade({ status: 503, headers: { 'Retry-After': '7' }, times: 1 });
    const server = await serve(dialect, { script });
    const session = open(server, { clock });
    const { until: retriedAt, cause } = await reached(session, 'waiting');
    expect(retriedAt).toBe(7_000);
    expect(cause).toMatchObject({ code: 'http-status', status: 503, retryAfterMs: 7_000 });
    await clock.advance(6_999);
    expect(server.upgrades).toBe(1);
    await clock.advance(1);
    await reached(session, 'ready');
  });

  test.each([301, 400, 401, 403, 404, 426])('HTTP status %i is final, and its headers can be read', async (status) => {
    const script = refusesUpgrade({ status, headers: { 'X-Trace': 'abc' }, body: 'no' });
    const server = await serve(dialect, { script });
    const session = open(server);
    const error = await rejection(session.ready(), ConnectError);
    expect(error).toMatchObject({ code: 'http-status', phase: 'connect', status, attempts: 1, retryable: false });
    expect(error.headers).toMatchObject({ 'x-trace': 'abc' });
    expect(session.state.status).toBe('failed');
    expect(server.upgrades).toBe(1);
  });

  test('a socket that ends during the upgrade is worth another attempt', async () => {
    const server = await serve(dialect, { script: dropsUpgrade({ times: 1 }) });
    expect((await openReady(server)).state).toMatchObject({ generation: 2 });
  });

  test('a server that does not listen yet is found when it does', async () => {
    const server = await serve(dialect);
    await server.stop();
    const session = open(server);
    expect((await reached(session, 'waiting')).cause).toMatchObject({ code: 'network', phase: 'connect' });
    await server.start();
    await session.ready();
  });

  test('an upgrade that is never answered ends in a timeout, and no socket is left', async () => {
    const clock = new VirtualClock();
    const server = await serve(dialect, { script: neverUpgrades({ times: 1 }) });
    const session = open(server, { clock });
    await until(() => server.upgrades === 1);
    await clock.advance(9_999);
    expect(session.state.status).toBe('connecting');
    await clock.advance(1);
    expect((await reached(session, 'waiting')).cause).toMatchObject({ code: 'timeout', phase: 'connect' });
    await clock.advance(1);
    await reached(session, 'ready');
  });

  test('a server that closes with 4406 is not asked again', async () => {
    const server = await serve(dialect, { script: closesBeforeAck({ code: 4406 }) });
    const session = open(server);
    expect(await rejection(session.ready(), ConnectError)).toMatchObject({ closeCode: 4406, attempts: 1 });
    expect(session.state.status).toBe('failed');
  });

  test('ready() may stop waiting while the session goes on', async () => {
    const clock = new VirtualClock();
    const server = await serve(dialect);
    await server.stop();
    const session = open(server, { clock, retry: { connect: { delayMs: () => 100 } } });
    await reached(session, 'waiting');
    const impatient = rejection(session.ready({ deadlineMs: 50 }), ConnectError);
    await clock.advance(50);
    expect(await impatient).toMatchObject({ code: 'network', attempts: 1, retryable: true });
    await server.start();
    const ready = session.ready();
    await clock.advance(50);
    await ready;
  });

  test('connect() closes what it opened when it rejects', async () => {
    const server = await serve(dialect, { script: refusesInit() });
    const error = await rejection(connect({ transport: webSocket(server.url) }), ConnectError);
    expect(error).toMatchObject({ closeCode: 4403, attempts: 1 });
    await server.connections[0]?.ended;
    expect(server.upgrades).toBe(1);
  });
});
