// Old connections and new ones: what is late concerns nobody, and a server that goes away is left in order.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../src/session/errors/connect-error.js';
import { closedWith, refusedByNetwork } from './support/failures.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

describe('a late sign from an old connection', () => {
  test('answers nothing: the call is answered by the new one', async () => {
    const { session, connection, accept, settle } = await readySession();
    const call = watch(session.execute('{ a }'));
    const old = connection.latest;
    connection.lose();
    await settle();
    const next = await accept();
    old.data({ from: 'old' });
    old.errors({ message: 'old' });
    old.complete();
    await settle();
    expect(call.status).toBe('pending');
    next.latest.data({ from: 'new' });
    await settle();
    expect(call.value).toEqual({ from: 'new' });
  });

  test('is no event of a subscription that has moved on', async () => {
    const { session, connection, accept, settle } = await readySession();
    const subscription = session.subscribe('subscription { s }');
    const old = connection.latest;
    connection.lose();
    await settle();
    const next = await accept();
    old.data('old');
    old.complete();
    next.latest.data('new');
    expect((await subscription.next()).value).toMatchObject({ type: 'gap' });
    expect((await subscription.next()).value).toMatchObject({ data: 'new' });
  });

  test('does not keep the new connection alive, nor acquit anybody on it', async () => {
    const { session, connection, clock, accept, settle } = await readySession();
    for (const query of ['{ a }', '{ b }']) void session.execute(query).catch(() => {});
    connection.lose(closedWith(1011));
    await settle();
    const next = await accept();
    connection.pong();
    expect(next.queries).toEqual(['{ b }']);
    next.pong();
    for (let second = 0; second < 20; second++) {
      connection.heard();
      await clock.advance(1_000);
    }
    expect(next.ended?.how).toBe('terminate');
  });

  test('tells the new one neither that it goes away nor that bytes pile up', async () => {
    const { session, connection, accept, settle } = await readySession();
    connection.lose();
    await settle();
    const next = await accept();
    connection.goingAway();
    connection.backlog('high');
    void session.execute('{ a }');
    await settle();
    expect(session.state).toMatchObject({ status: 'ready', generation: 2, retiring: [] });
    expect(next.queries).toEqual(['{ a }']);
  });

  test('an attempt that was given up and opens all the same is terminated', async () => {
    const { session, transport, clock, settle } = makeSession();
    await settle();
    await session.close();
    const late = transport.latest.accept();
    await settle();
    expect(late.ended?.how).toBe('terminate');
    expect([session.state.status, clock.pending]).toEqual(['closed', 0]);
  });
});

describe('a server that is going away', () => {
  /** Stable, with a call and a subscription in flight. */
  async function leaving() {
    const harness = await readySession();
    await harness.clock.advance(10_000);
    harness.connection.heard();
    const call = watch(harness.session.execute('{ slow }', {}, { deadlineMs: Number.POSITIVE_INFINITY }));
    const subscription = harness.session.subscribe('subscription { s }');
    harness.connection.goingAway();
    await harness.settle();
    return { ...harness, call, subscription };
  }

  test('is given nothing more; what is new waits for the next connection, which is opened at once', async () => {
    const { session, connection, transport, accept } = await leaving();
    expect([session.state.status, transport.opens.length]).toEqual(['connecting', 2]);
    void session.execute('{ new }');
    expect(connection.queries).toEqual(['{ slow }', 'subscription { s }']);
    expect((await accept()).queries).toContain('{ new }');
  });

  test('finishes its calls, and loses its subscriptions to the next connection, with a gap', async () => {
    const { session, connection, call, subscription, accept, settle } = await leaving();
    connection.requests[1]?.data('before');
    const next = await accept();
    expect(session.state).toMatchObject({ status: 'ready', generation: 2, retiring: [1] });
    expect(connection.requests.map(({ cancelled }) => cancelled)).toEqual([false, true]);
    expect(next.queries).toEqual(['subscription { s }']);
    next.latest.data('after');
    const events = [await subscription.next(), await subscription.next(), await subscription.next()];
    expect(events.map(({ value }) => (value?.type === 'gap' ? value.gap.reason : value?.data))).toEqual([
      'before',
      'going-away',
      'after',
    ]);
    expect([call.status, connection.ended]).toEqual(['pending', undefined]);
    connection.requests[0]?.data({ slow: 1 });
    await settle();
    expect(call.value).toEqual({ slow: 1 });
    expect(connection.ended?.how).toBe('close');
    expect(session.state).toMatchObject({ status: 'ready', generation: 2, retiring: [] });
  });

  test('again and again: each connection finishes its own calls, and the end of one does not touch the others', async () => {
    const { session, connection, accept, settle } = await readySession();
    const used = [connection];
    const calls = [];
    for (let n = 0; n < 3; n++) {
      const current = used[n] ?? connection;
      void session.execute('{ quick }');
      current.latest.data({});
      calls.push(watch(session.execute('mutation { slow }')));
      current.goingAway();
      await settle();
      used.push(await accept());
    }
    expect(session.state).toMatchObject({ status: 'ready', generation: 4, retiring: [1, 2, 3] });
    used[1]?.lose();
    await settle();
    expect(calls.map(({ status }) => status)).toEqual(['pending', 'rejected', 'pending']);
    expect(session.state).toMatchObject({ status: 'ready', generation: 4, retiring: [1, 3] });
    used[2]?.latest.data({ slow: 3 });
    await settle();
    expect(session.state).toMatchObject({ status: 'ready', generation: 4, retiring: [1] });
    expect(used.map(({ ended }) => ended?.how)).toEqual([undefined, undefined, 'close', undefined]);
    used[0]?.latest.data({ slow: 1 });
    await settle();
    expect(calls.map(({ value }) => value)).toEqual([{ slow: 1 }, undefined, { slow: 3 }]);
    expect(session.state).toMatchObject({ status: 'ready', generation: 4, retiring: [] });
  });

  test('is closed at once where nothing is left on it', async () => {
    const { session, connection, clock, settle, accept } = await readySession();
    await clock.advance(10_000);
    connection.goingAway();
    await settle();
    expect(connection.ended?.how).toBe('close');
    await accept();
    expect(session.state).toMatchObject({ status: 'ready', retiring: [] });
  });

  test('gets 30 s; then it is terminated, and its calls are as if it had been lost', async () => {
    const { connection, clock, call, accept, settle } = await leaving();
    const next = await accept();
    for (let second = 0; second < 30; second++) {
      connection.heard();
      next.heard();
      expect(connection.ended).toBeUndefined();
      await clock.advance(1_000);
    }
    expect(connection.ended?.how).toBe('terminate');
    await settle();
    expect(next.queries).toEqual(['subscription { s }', '{ slow }']);
    next.latest.data({ slow: 1 });
    await settle();
    expect(call.value).toEqual({ slow: 1 });
  });

  test('gets no more time than it says it has', async () => {
    const { session, connection, clock, accept, settle } = await readySession();
    await clock.advance(10_000);
    void session.execute('{ slow }').catch(() => {});
    connection.goingAway(2_000);
    await settle();
    await accept();
    await clock.advance(1_999);
    expect(connection.ended).toBeUndefined();
    await clock.advance(1);
    expect(connection.ended?.how).toBe('terminate');
  });

  test('that ends by itself while it retires gives its calls to the next connection', async () => {
    const { session, connection, accept, settle } = await leaving();
    const next = await accept();
    connection.lose();
    await settle();
    expect(next.queries).toEqual(['subscription { s }', '{ slow }']);
    expect(session.state).toMatchObject({ status: 'ready', generation: 2, retiring: [] });
  });

  test('keeps its subscriptions until the next connection is ready', async () => {
    const { connection, subscription, refuse, accept } = await leaving();
    await refuse(refusedByNetwork);
    connection.requests[1]?.data('still here');
    expect((await subscription.next()).value).toMatchObject({ data: 'still here' });
    await accept();
    expect(connection.requests[1]?.cancelled).toBe(true);
  });

  test('and so does every successor: they are not opened in a storm', async () => {
    const { transport, clock, connection, accept, settle } = await readySession();
    await clock.advance(10_000);
    connection.goingAway();
    for (let n = 0; n < 5; n++) {
      (await accept()).goingAway();
      await settle();
    }
    // The first successor at once, each further one after a longer wait.
    expect(transport.opens.length).toBe(6);
    expect(clock.now() - 1_010_000).toBe(250 + 500 + 1_000 + 2_000);
  });

  test('after it has answered something is followed at once, however soon and often', async () => {
    const { session, transport, clock, connection, accept, settle } = await readySession();
    let current = connection;
    const startedAt = clock.now();
    for (let n = 0; n < 5; n++) {
      void session.execute('{ a }');
      current.latest.data({ a: n });
      current.goingAway();
      await settle();
      expect(session.state).toMatchObject({ status: 'connecting', attempt: 1 });
      current = await accept();
    }
    expect([clock.now(), transport.opens.length]).toEqual([startedAt, 6]);
    // This one has answered nothing, and what older ones have answered does not count.
    current.goingAway();
    await settle();
    expect(session.state.status).toBe('waiting');
  });

  test('said before the session knew that it was open counts too', async () => {
    const { session, connection, transport, clock, settle } = await readySession();
    await clock.advance(10_000);
    connection.lose();
    await clock.advance(250);
    const open = transport.latest;
    open.accept();
    open.events.goingAway({ reason: 'drain' });
    await settle();
    expect(session.state.status).toBe('waiting');
  });

  test('whose successor cannot be reached: when the session gives up, what is lost later fails too', async () => {
    const { session, connection, clock, refuse, settle } = await readySession({ retry: { connect: { attempts: 1 } } });
    await clock.advance(10_000);
    const subscription = session.subscribe('subscription { s }');
    const call = watch(session.execute('{ a }'));
    connection.goingAway();
    await settle();
    await refuse(refusedByNetwork);
    expect(session.state.status).toBe('failed');
    expect(call.status).toBe('pending');
    connection.lose();
    await settle();
    expect(call.error).toBeInstanceOf(ConnectError);
    await rejection(subscription.next(), ConnectError);
    expect(session.operations).toBe(0);
  });
});
