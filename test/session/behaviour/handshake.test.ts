// Connecting, from the first byte to the acknowledgement, on real sockets: what is sent and when, how a bad start ends,
// and that everybody who waits shares one connection.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import { connect } from '../../../src/session/session.js';
import {
  closesBeforeAck,
  holdsOperations,
  keepsAliveBeforeAck,
  neverAcks,
  refusesInit,
  type Script,
  type ScriptedConnection,
  VirtualClock,
} from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { countOf, open, openReady, rejection, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';

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
    const held = holdsOperations({ matching: ({ operationName }) => operationName === 'Held' });
    const server = await serve(dialect, { script: held });
    const transport = webSocket(server.url);
    const first = await openReady(server, { transport });
    const call = first.execute('query Held { ok }');
    await server.received('start');
    const second = await connect({ transport });
    expect(await second.execute('{ ok }')).toEqual({ ok: true });
    await second.close();
    expect(first.state).toMatchObject({ status: 'ready', generation: 1 });
    held.release();
    expect(await call).toEqual({ ok: true });
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

test('what a server says in connection_error reaches the message in part only, however much it is', async () => {
  const script = refusesInit({ payload: { message: 'x'.repeat(100_000) }, code: 1011 });
  const server = await serve('graphql-ws', { script });
  const error = await rejection(open(server, once).ready(), ConnectError);
  expect(error.message).toContain('xxx');
  expect(error.message.length).toBeLessThan(1_000);
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
