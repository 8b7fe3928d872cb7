// Connecting, from the first byte to the acknowledgement, on real sockets: what is sent and when, what a bad start means for
// a session that was never ready, and that everybody who waits shares one connection.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import { connect } from '../../../src/session/session.js';
import {
  closesBeforeAck,
  dropsBeforeAck,
  dropsUpgrade,
  keepsAliveBeforeAck,
  neverAcks,
  neverUpgrades,
  refusesInit,
  refusesUpgrade,
  type Script,
  type ScriptedConnection,
  VirtualClock,
} from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { countOf, dialects, open, openReady, reached, rejection, serve } from './support.js';

const once = { retry: { connect: false } } as const;

describe.each(dialects)('the handshake of %s', (dialect) => {
  test('sends the connection parameters first, and no operation before the acknowledgement', async () => {
    let held: ScriptedConnection | undefined;
    const script: Script = {
      init: ({ connection }, proceed) => {
        if (held !== undefined) return proceed();
        held = connection;
      },
    };
    const server = await serve(dialect, { script });
    const session = open(server, { credentials: { connectionParams: { token: 'secret' } } });
    const call = session.execute('{ ok }');
    await server.received('connection_init', { connection: 0 });
    // A second session goes through its whole life meanwhile: an early operation of the first would be here by then.
    await (await openReady(server)).execute('{ ok }');
    expect(held?.received.map(({ text }) => JSON.parse(text ?? ''))).toEqual([
      { type: 'connection_init', payload: { token: 'secret' } },
    ]);
    expect(session.state.status).toBe('connecting');
    held?.ack();
    expect(await call).toEqual({ ok: true });
    expect(held?.received.map(({ meaning }) => meaning.type)).toEqual(['init', 'start']);
  });

  test('ends in a timeout when the server never acknowledges, and the socket is closed', async () => {
    const clock = new VirtualClock();
    const server = await serve(dialect, { script: neverAcks() });
    const session = open(server, { ...once, clock });
    await server.received('connection_init');
    await clock.advance(9_999);
    expect(session.state.status).toBe('connecting');
    const ready = rejection(session.ready(), ConnectError);
    await clock.advance(1);
    const error = await ready;
    expect(error).toMatchObject({ code: 'timeout', phase: 'handshake', attempts: 1 });
    expect(error.message).toContain('limits.ackTimeoutMs');
    expect(await server.connections[0]?.ended).toEqual({ code: 4504, reason: 'Acknowledgement timeout' });
  });

  test.each<[string, (connection: ScriptedConnection) => void]>([
    ['an answer to nothing', (connection) => connection.next('1', { data: {} })],
    ['the end of nothing', (connection) => connection.complete('1')],
    ['what is no JSON', (connection) => connection.raw('hello')],
    ['an array', (connection) => connection.raw('[]')],
    ['an unknown type', (connection) => connection.raw('{"type":"welcome"}')],
    ['a binary message', (connection) => connection.binary(Buffer.from('{"type":"connection_ack"}'))],
  ])('ends in a protocol error when the server begins with %s, and the socket is closed', async (_what, send) => {
    const server = await serve(dialect, { script: { open: send } });
    const error = await rejection(open(server, once).ready(), ConnectError);
    expect(error).toMatchObject({ code: 'protocol-error', phase: 'handshake', closeCode: 4004 });
    expect(await server.connections[0]?.ended).toEqual({ code: 4004, reason: 'Bad response' });
  });

  test('ends at once, with the close code, when the server closes without an acknowledgement', async () => {
    const server = await serve(dialect, { script: closesBeforeAck({ on: 'open', code: 1013, reason: 'full' }) });
    const error = await rejection(open(server, once).ready(), ConnectError);
    expect(error).toMatchObject({ code: 'closed', phase: 'handshake', closeCode: 1013 });
    expect(error.message).toContain('before it acknowledged it with code 1013: full');
  });

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
    const isRefused = (): boolean => session.state.status === 'waiting' && session.state.cause.closeCode === 4403;
    while (!isRefused()) await reached(session, 'waiting').then(() => new Promise(setImmediate));
    const { state } = session;
    if (state.status !== 'waiting') throw new Error('It was waiting a moment ago.');
    // At the longest wait of its backoff, not at the next one.
    expect(state.until - Date.now()).toBeGreaterThan(80_000_000);
  });

  test('speaks what the server selects of what it offers, in order of preference', async () => {
    const server = await serve(dialect);
    await (await openReady(server)).execute('{ ok }');
    const [connection] = server.connections;
    expect(connection?.headers['sec-websocket-protocol']).toBe('graphql-transport-ws,graphql-ws');
    expect(connection?.received[1]?.type).toBe(dialect === 'graphql-ws' ? 'start' : 'subscribe');
  });

  test('is made once for everybody who waits, also for those who come later', async () => {
    const server = await serve(dialect);
    const session = open(server);
    await Promise.all([session.ready(), session.ready(), session.execute('{ ok }'), session.execute('{ ok }')]);
    await session.ready();
    session.reconnect();
    await session.execute('{ ok }');
    expect(server.upgrades).toBe(1);
    expect(countOf(server, 'init')).toBe(1);
  });

  test('of a second session leaves the first one and its calls alone', async () => {
    const server = await serve(dialect, {
      script: { operation: (operation, proceed) => (operation.operationName === 'Held' ? undefined : proceed()) },
    });
    const transport = webSocket(server.url);
    const first = await openReady(server, { transport });
    const held = first.execute('query Held { ok }');
    await server.received('start');
    const second = await connect({ transport });
    expect(await second.execute('{ ok }')).toEqual({ ok: true });
    await second.close();
    expect(first.state).toMatchObject({ status: 'ready', generation: 1 });
    server.connections[0]?.operations.get('1')?.answer({ data: { held: true } });
    expect(await held).toEqual({ held: true });
  });

  test('works again and again on one transport, with nothing left in between', async () => {
    const server = await serve(dialect);
    const transport = webSocket(server.url);
    for (let round = 0; round < 3; round += 1) {
      const session = await connect({ transport });
      expect(await session.execute('{ ok }')).toEqual({ ok: true });
      await session.close();
      expect(session.state).toEqual({ status: 'closed' });
      expect(await server.connections[round]?.ended).toMatchObject({ code: 1000 });
      await rejection(session.ready(), SessionClosedError);
    }
    expect(server.connections).toHaveLength(3);
  });
});

describe('the handshake of graphql-ws alone', () => {
  test('takes keep-alive messages before the acknowledgement for what they are', async () => {
    const server = await serve('graphql-ws', { script: keepsAliveBeforeAck() });
    expect(await (await openReady(server, once)).execute('{ ok }')).toEqual({ ok: true });
  });

  test.each([
    ['closes', 1011],
    ['closes with a code that says nothing', 1000],
    ['leaves the socket open', false],
  ] as const)('ends with what the server said in connection_error, when the server then %s', async (_what, code) => {
    const payload = { message: 'no such tenant', tenant: 7 };
    const server = await serve('graphql-ws', { script: refusesInit({ payload, code }) });
    const session = open(server, { retry: { connect: { attempts: 5 } } });
    const error = await rejection(session.ready(), ConnectError);
    expect(error).toMatchObject({ code: 'refused', phase: 'handshake', attempts: 1, retryable: false });
    expect(error.message).toContain(JSON.stringify(payload));
    expect(session.state.status).toBe('failed');
    await server.connections[0]?.ended;
    expect(server.upgrades).toBe(1);
  });
});

describe('the handshake of graphql-transport-ws alone', () => {
  test('answers a ping before the acknowledgement, payload included, and goes on', async () => {
    const script: Script = {
      init: ({ connection }) => connection.ping({ early: true }),
      message: ({ connection, message }, proceed) => (message.type === 'pong' ? connection.ack() : proceed()),
    };
    const server = await serve('graphql-transport-ws', { script });
    expect(await (await openReady(server, once)).execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections[0]?.received[1]?.text).toBe('{"type":"pong","payload":{"early":true}}');
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
    const { until, cause } = await reached(session, 'waiting');
    expect(until).toBe(7_000);
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
    await server.until('an upgrade', () => (server.upgrades === 1 ? true : undefined));
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
