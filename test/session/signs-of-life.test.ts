// A dead peer is noticed: by a ping, by a query where there is no ping, by the server's keep-alive where there is neither.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../src/session/errors/connect-error.js';
import { DeadlineError } from '../../src/session/errors/deadline-error.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

describe('a silent peer', () => {
  test('is pinged after 15 s and terminated 5 s later, without waiting for it', async () => {
    const { session, connection, clock, settle } = await readySession({ connection: { ignoresClose: true } });
    await clock.advance(14_999);
    expect(connection.pings).toHaveLength(0);
    await clock.advance(1);
    expect(connection.pings).toEqual([undefined]);
    await clock.advance(4_999);
    expect(connection.ended).toBeUndefined();
    await clock.advance(1);
    await settle();
    expect(connection.ended).toMatchObject({ how: 'terminate', closure: { by: 'us', code: 4499, clean: false } });
    expect(session.state).toMatchObject({ status: 'waiting', cause: { code: 'silent', phase: 'connection' } });
  });

  test('that answers is pinged again after the next 15 s', async () => {
    const { connection, clock } = await readySession();
    for (let round = 1; round <= 4; round++) {
      await clock.advance(15_000);
      expect(connection.pings).toHaveLength(round);
      connection.pong();
    }
    expect(connection.ended).toBeUndefined();
  });

  test('lives by anything it sends: it need not be a pong', async () => {
    const { connection, clock } = await readySession();
    await clock.advance(15_000);
    await clock.advance(4_000);
    connection.heard();
    await clock.advance(14_999);
    expect([connection.pings.length, connection.ended]).toEqual([1, undefined]);
    await clock.advance(1);
    expect(connection.pings).toHaveLength(2);
  });

  test('has its calls sent again on the next connection', async () => {
    const { session, clock, accept, settle } = await readySession();
    const call = watch(session.execute('{ a }', {}, { deadlineMs: 60_000 }));
    await clock.advance(20_000);
    await settle();
    (await accept()).latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
  });

  test('is noticed as soon as the options say', async () => {
    const { connection, clock } = await readySession({ liveness: { silenceMs: 1_000, answerMs: 500 } });
    await clock.advance(1_000);
    expect(connection.pings).toHaveLength(1);
    await clock.advance(500);
    expect(connection.ended?.how).toBe('terminate');
  });

  test('is left alone where liveness is false', async () => {
    const { session, connection, clock } = await readySession({ liveness: false });
    expect(session.state).toMatchObject({ liveness: 'none' });
    await clock.advance(3_600_000);
    expect([connection.pings.length, connection.ended]).toEqual([0, undefined]);
  });
});

describe('a connection without pings', () => {
  const connection = { ping: false };

  test('asks with the probe query, whose answer is a sign of life and nothing else', async () => {
    const harness = await readySession({ connection, liveness: { probe: '{ __typename }' } });
    const { session, clock } = harness;
    expect(session.state).toMatchObject({ liveness: 'query' });
    await clock.advance(15_000);
    expect(harness.connection.latest.request).toMatchObject({ kind: 'query', query: '{ __typename }' });
    expect(session.operations).toBe(0);
    harness.connection.latest.data({ __typename: 'Query' });
    await clock.advance(14_999);
    expect(harness.connection.requests).toHaveLength(1);
    await clock.advance(1);
    expect(harness.connection.requests).toHaveLength(2);
    harness.connection.latest.errors({ message: 'no' });
    await clock.advance(10_000);
    expect(harness.connection.ended).toBeUndefined();
  });

  test('is terminated when the probe is not answered', async () => {
    const harness = await readySession({ connection, liveness: { probe: '{ __typename }' } });
    await harness.clock.advance(20_000);
    expect(harness.connection.ended?.how).toBe('terminate');
  });

  test('is not judged where the server sends no keep-alive: the state says so', async () => {
    const harness = await readySession({ connection });
    expect(harness.session.state).toMatchObject({ liveness: 'none' });
    await harness.clock.advance(3_600_000);
    expect(harness.connection.ended).toBeUndefined();
  });

  test('is terminated after three missed intervals of the server’s keep-alive', async () => {
    const harness = await readySession({ connection });
    harness.connection.keepAlive();
    await harness.clock.advance(10_000);
    harness.connection.keepAlive();
    await harness.clock.advance(29_999);
    expect(harness.connection.ended).toBeUndefined();
    await harness.clock.advance(1);
    expect(harness.connection.ended?.how).toBe('terminate');
  });

  test('shows keep-alive in its state from the first one on', async () => {
    const { session, connection: peer, clock } = await readySession({ connection });
    const states: unknown[] = [];
    session.on('state', (state) => states.push(state));
    for (let n = 0; n < 3; n += 1) {
      peer.keepAlive();
      await clock.advance(1_000);
    }
    expect(states).toEqual([expect.objectContaining({ status: 'ready', liveness: 'keep-alive' })]);
  });

  test('shows keep-alive in its state where the first one came before it was ready', async () => {
    const { session, transport, settle } = makeSession({ connection });
    await settle();
    transport.latest.events.keepAlive();
    transport.latest.accept();
    await settle();
    expect(session.state).toMatchObject({ status: 'ready', liveness: 'keep-alive' });
  });
});

describe('ping()', () => {
  test('of a peer that never answers is given up after a hundred more: memory is bounded', async () => {
    const { session, settle } = await readySession({ liveness: false });
    const first = watch(session.ping());
    for (let more = 0; more < 99; more += 1) watch(session.ping());
    await settle();
    expect(first.error).toBeUndefined();
    watch(session.ping());
    await settle();
    expect(first.error).toBeInstanceOf(ConnectError);
    await session.close({ graceMs: 0 });
  });

  test('resolves with what came back and how long it took', async () => {
    const { session, connection, clock } = await readySession();
    const timers = clock.pending;
    const pong = session.ping({ hello: 1 });
    expect(connection.pings).toEqual([{ hello: 1 }]);
    await clock.advance(30);
    connection.pong({ hello: 2 });
    expect(await pong).toEqual({ payload: { hello: 2 }, elapsedMs: 30 });
    expect(clock.pending).toBe(timers);
  });

  test('pairs answers with pings in their order', async () => {
    const { session, connection, clock } = await readySession();
    const pongs = [session.ping({ n: 1 })];
    await clock.advance(10);
    pongs.push(session.ping({ n: 2 }));
    await clock.advance(10);
    connection.pong({ n: 1 });
    connection.pong({ n: 2 });
    expect(await Promise.all(pongs)).toEqual([
      { payload: { n: 1 }, elapsedMs: 20 },
      { payload: { n: 2 }, elapsedMs: 10 },
    ]);
  });

  test('rejects when the connection ends before the answer, and leaves no timer', async () => {
    const { session, connection, clock, settle } = await readySession({ liveness: false });
    await clock.advance(10_000);
    const ping = watch(session.ping());
    connection.lose();
    await settle();
    expect(ping.error).toBeInstanceOf(ConnectError);
    // What is left is the wait for the next attempt, and the watch for a sleep meanwhile.
    expect([session.state.status, clock.pending]).toEqual(['waiting', 2]);
  });

  test('rejects at its deadline, 5 s by default', async () => {
    const { session, clock } = await readySession({ liveness: false });
    const pings = [watch(session.ping()), watch(session.ping({}, { deadlineMs: 100 }))];
    await clock.advance(100);
    expect(pings.map(({ status }) => status)).toEqual(['pending', 'rejected']);
    await clock.advance(4_900);
    expect(pings.map(({ error }) => error)).toEqual([expect.any(DeadlineError), expect.any(DeadlineError)]);
  });

  test('rejects at once where there is no connection, or one that cannot be pinged', async () => {
    const away = makeSession();
    await rejection(away.session.ping(), ConnectError);
    const mute = await readySession({ connection: { ping: false } });
    await rejection(mute.session.ping(), ConnectError);
    expect(away.clock.pending).toBe(0);
  });
});
