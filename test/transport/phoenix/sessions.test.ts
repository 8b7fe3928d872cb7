// The promises of a session, over Absinthe's channel: lost connections, crashed channels, refusals, errors, dead peers, garbage,
// cancelling.

import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { phoenix } from '../../../src/transport/phoenix/index.js';
import { reached, rejection, until } from '../../session/behaviour/support/waiting.js';
import { ended, open } from '../websocket/support/opening.js';
import { control, phoenixServer } from './support/server.js';
import { nextOf, orders, sessionFor } from './support/sessions.js';

describe('a connection', () => {
  test('joins the channel, with parameters that are fresh every time', async () => {
    let asked = 0;
    const server = await phoenixServer();
    const credentials = () => {
      asked += 1;
      return { connectionParams: { token: `token ${asked}` }, headers: { 'x-key': '1' } };
    };
    const session = sessionFor(server, { params: { app: 'shop', token: 'none' } }, { credentials });
    await session.ready();
    server.peers[0]?.drop();
    await reached(session, 'ready', ({ generation }) => generation === 2);
    const told = server.peers.map(({ url, headers, received }) => [url.search, headers['x-key'], received[0]?.payload]);
    expect(told).toEqual([
      ['?app=shop&token=token+1&vsn=2.0.0', '1', { app: 'shop', token: 'token 1' }],
      ['?app=shop&token=token+2&vsn=2.0.0', '1', { app: 'shop', token: 'token 2' }],
    ]);
    expect(server.peers[0]?.received[0]).toMatchObject({ topic: control, event: 'phx_join' });
    expect(server.peers[0]?.headers['sec-websocket-protocol']).toBeUndefined();
  });

  test('goes over a WebSocket of the platform as well', async () => {
    const server = await phoenixServer();
    const session = sessionFor(
      server,
      { WebSocket: WebSocket as never },
      { credentials: { connectionParams: { a: 1 } } },
    );
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.peers[0]?.url.search).toBe('?a=1&vsn=2.0.0');
  });

  test('may join a channel of another name', async () => {
    const server = await phoenixServer();
    const session = sessionFor(server, { channel: 'graphql:control' });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.peers[0]?.docs[0]?.topic).toBe('graphql:control');
  });

  test.for([
    ['a channel that refuses to be joined', 'refused', undefined],
    ['a socket that refuses to be opened', 'http-status', 403],
  ] as const)('to %s is tried with fresh credentials once, and fails', async ([, code, status]) => {
    const reasons: string[] = [];
    const server = await phoenixServer({
      ...(status === undefined ? {} : { status }),
      frame(frame, peer) {
        peer.reply(frame, 'error', { reason: 'unauthorized' });
        return true;
      },
    });
    const credentials = ({ reason }: { readonly reason: string }) => {
      reasons.push(reason);
      return { connectionParams: { token: 'old' } };
    };
    const session = sessionFor(server, {}, { credentials });
    expect(await rejection(session.ready())).toMatchObject({ name: 'ConnectError' });
    expect(session.state).toMatchObject({ status: 'failed', cause: { code } });
    expect(reasons).toEqual(['open', 'refused']);
  });

  test('leaves its channel when it is closed', async () => {
    const server = await phoenixServer();
    const session = sessionFor(server);
    await session.ready();
    await session.close();
    await until(() => server.peers[0]?.received.at(-1)?.event === 'phx_leave');
    expect(session.state.status).toBe('closed');
  });
});

test('a channel that says goodbye while its connection is being closed changes nothing', async () => {
  const server = await phoenixServer({
    frame(frame, peer) {
      if (frame.event === 'phx_leave') peer.push(control, 'phx_close', {});
      return frame.event === 'phx_leave';
    },
  });
  const { connection } = await open(phoenix(server.address));
  await connection.close(ended, 5_000);
  expect(await connection.closed).toBe(ended);
});

describe('a query', () => {
  test('is answered by its reply, a mutation as well', async () => {
    const server = await phoenixServer();
    const session = sessionFor(server);
    expect(await session.execute('query Q($a: Int) { ok(a: $a) }', { a: 1 }, { extensions: { b: 2 } })).toEqual({
      ok: true,
    });
    expect(await session.execute('mutation { ok }')).toEqual({ ok: true });
    expect(server.peers[0]?.docs.map(({ payload }) => payload)).toEqual([
      { query: 'query Q($a: Int) { ok(a: $a) }', operationName: 'Q', variables: { a: 1 } },
      { query: 'mutation { ok }' },
    ]);
  });

  test.for([
    ['errors', { errors: [{ message: 'What?' }] }, 'What?'],
    ['a reason', { reason: 'timeout' }, 'timeout'],
  ] as const)('that is refused with %s fails alone', async ([, response, message]) => {
    const server = await phoenixServer({
      frame(frame, peer) {
        if (frame.payload.query !== '{ bad }') return false;
        peer.reply(frame, 'error', response);
        return true;
      },
    });
    const session = sessionFor(server);
    const [bad, good] = await Promise.allSettled([session.execute('{ bad }'), session.execute('{ ok }')]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'GraphQLResultError', errors: [{ message }] } });
    expect(good).toEqual({ status: 'fulfilled', value: { ok: true } });
    expect(server.peers).toHaveLength(1);
  });
});

describe('a subscription', () => {
  test('goes on after its connection was lost, with a gap', async () => {
    const server = await phoenixServer();
    const session = sessionFor(server);
    const events = session.subscribe(orders, { shop: '1' })[Symbol.asyncIterator]();
    const first = nextOf(events);
    const before = await server.peer(0, 1);
    before.event('sub-0', { order: { id: 'a' } });
    expect(await first).toEqual({ order: { id: 'a' } });
    before.drop();
    const after = await server.peer(1, 1);
    after.event('sub-0', { order: { id: 'b' } });
    expect([await nextOf(events), await nextOf(events)]).toEqual(['gap: connection-lost', { order: { id: 'b' } }]);
  });

  test('that is ended is unsubscribed', async () => {
    const server = await phoenixServer();
    const session = sessionFor(server);
    const events = session.subscribe(orders)[Symbol.asyncIterator]();
    const first = nextOf(events);
    const peer = await server.peer(0, 1);
    peer.event('sub-0', { order: { id: 'a' } });
    await first;
    await events.return?.();
    await until(() => peer.received.some(({ event }) => event === 'unsubscribe'));
    expect(peer.received.at(-1)).toMatchObject({ topic: control, payload: { subscriptionId: 'sub-0' } });
  });

  test('that is ended before its reply is unsubscribed when that comes', async () => {
    const server = await phoenixServer({ frame: ({ event }) => event === 'doc' });
    const session = sessionFor(server);
    const signal = new AbortController();
    const left = nextOf(session.subscribe(orders, {}, { signal: signal.signal })[Symbol.asyncIterator]());
    const peer = await server.peer(0, 1);
    signal.abort();
    await rejection(left);
    const [doc] = peer.docs;
    if (doc !== undefined) peer.reply(doc, 'ok', { subscriptionId: 'late' });
    await until(() => peer.received.some(({ event }) => event === 'unsubscribe'));
    expect(peer.received.at(-1)?.payload).toEqual({ subscriptionId: 'late' });
  });

  test('misses nothing that comes before its reply', async () => {
    const server = await phoenixServer({
      frame(frame, peer) {
        if (frame.event !== 'doc') return false;
        peer.event('early', { order: { id: 'a' } });
        peer.reply(frame, 'ok', { subscriptionId: 'early' });
        peer.event('early', { order: { id: 'b' } });
        return true;
      },
    });
    const events = sessionFor(server).subscribe(orders)[Symbol.asyncIterator]();
    expect([await nextOf(events), await nextOf(events)]).toEqual([{ order: { id: 'a' } }, { order: { id: 'b' } }]);
  });

  test.for([
    ['the channel crashes', 'closed', JSON.stringify([null, null, control, 'phx_error', {}])],
    ['the channel is closed', 'closed', JSON.stringify([null, null, control, 'phx_close', {}])],
    ['garbage', 'protocol-error', 'garbage'],
    ['another version of the messages', 'protocol-error', '{"topic":"x","event":"y","payload":{},"ref":null}'],
  ] as const)('goes on after %s', async ([, code, text]) => {
    const causes: unknown[] = [];
    const server = await phoenixServer();
    const session = sessionFor(server);
    session.on('state', (state) => {
      if (state.status === 'waiting') causes.push(state.cause.code);
    });
    const events = session.subscribe(orders)[Symbol.asyncIterator]();
    const first = nextOf(events);
    const before = await server.peer(0, 1);
    before.event('sub-0', { order: { id: 'a' } });
    await first;
    before.raw(text);
    const after = await server.peer(1, 1);
    after.event('sub-0', { order: { id: 'b' } });
    expect([await nextOf(events), await nextOf(events)]).toEqual(['gap: connection-lost', { order: { id: 'b' } }]);
    expect(causes).toEqual([code]);
  });

  test('that crashes its channel again and again is found out, and others go on', async () => {
    const server = await phoenixServer({
      frame(frame, peer) {
        if (frame.payload.query !== 'subscription { poison }') return false;
        peer.push(control, 'phx_error', {});
        return true;
      },
    });
    const session = sessionFor(server);
    const good = session.subscribe(orders)[Symbol.asyncIterator]();
    const first = nextOf(good);
    const before = await server.peer(0, 1);
    before.event('sub-0', { order: { id: 'a' } });
    expect(await first).toEqual({ order: { id: 'a' } });
    const poison = session.subscribe('subscription { poison }');
    const drained = (async () => {
      for await (const _event of poison);
    })();
    expect(await rejection(drained)).toMatchObject({ name: 'OperationRejectedError' });
    await until(() => server.peers.at(-1)?.docs.some(({ payload }) => payload.query === orders) === true);
    const last = server.peers.at(-1);
    last?.event(`sub-${last.docs.findIndex(({ payload }) => payload.query === orders)}`, { order: { id: 'b' } });
    let event = await nextOf(good);
    while (event === 'gap: connection-lost') event = await nextOf(good);
    expect(event).toEqual({ order: { id: 'b' } });
  });
});

describe('a heartbeat', () => {
  test('is sent however much is heard, is no answer to a ping of the session, and leaves no timer behind', async () => {
    const clock = new VirtualClock();
    const server = await phoenixServer();
    const session = sessionFor(server, {}, { clock, liveness: false });
    await session.ready();
    const peer = await server.peer(0);
    const heartbeats = () => peer.received.filter(({ event }) => event === 'heartbeat').length;
    for (const round of [1, 2, 3]) {
      peer.push('somewhere', 'else', {});
      await clock.advance(30_000);
      // Its answer comes after that of the heartbeat.
      await session.ping();
      expect(heartbeats()).toBe(2 * round);
    }
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    await session.close();
    expect(clock.pending).toBe(0);
  });

  test('that is not answered ends the connection', async () => {
    const server = await phoenixServer({ frame: ({ topic }, _peer, index) => topic === 'phoenix' && index === 0 });
    const session = sessionFor(server, { heartbeatMs: 10 });
    const lost = reached(session, 'waiting');
    await session.ready();
    expect((await lost).cause).toMatchObject({ code: 'silent', message: expect.stringContaining('heartbeat') });
    await reached(session, 'ready', ({ generation }) => generation === 2);
  });

  test('answers a ping of the session', async () => {
    const server = await phoenixServer();
    const session = sessionFor(server);
    await session.ready();
    expect(await session.ping()).toMatchObject({ elapsedMs: expect.any(Number) });
  });

  test('that is not answered shows a silent session that its peer is dead', async () => {
    const server = await phoenixServer({ frame: ({ topic }, _peer, index) => topic === 'phoenix' && index === 0 });
    const session = sessionFor(server, {}, { liveness: { silenceMs: 10, answerMs: 10 } });
    const lost = reached(session, 'waiting');
    await session.ready();
    expect((await lost).cause).toMatchObject({ code: 'silent' });
  });
});
