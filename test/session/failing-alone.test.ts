// Failures that concern one operation alone: a request of a pool, a stream of HTTP/2, what a connection that leaves hands back.

import { describe, expect, test } from 'vitest';
import type { Interceptor } from '../../src/session/interceptors.js';
import type { Failure } from '../../src/transport/contract.js';
import { readySession, watch } from './support/harness.js';

const reset: Failure = { code: 'network', phase: 'operation', message: 'reset' };
const handedBack: Failure = { ...reset, message: 'not processed', delivery: 'not-sent' };

describe('what a connection hands back that is going away', () => {
  test('is sent on the next one without a pause, and was no attempt', async () => {
    const { session, connection, accept, settle } = await readySession();
    const call = watch(session.result('mutation { a }'));
    connection.goingAway();
    connection.latest.fail(handedBack);
    const next = await accept();
    expect(next.queries).toEqual(['mutation { a }']);
    next.latest.data({ a: 1 });
    await settle();
    expect(call.value).toMatchObject({ data: { a: 1 }, meta: { attempts: 1, generation: 2 } });
  });

  test('goes at once to the next one where that is there already, in the order of the calls', async () => {
    const { session, connection, clock, accept, settle } = await readySession();
    void session.execute('mutation { a }');
    void session.execute('mutation { b }');
    connection.goingAway();
    const next = await accept();
    const before = clock.now();
    for (const request of connection.requests) request.fail(handedBack);
    await settle();
    expect([next.queries, clock.now()]).toEqual([['mutation { a }', 'mutation { b }'], before]);
    expect(connection.ended?.how).toBe('close');
  });

  test('does not make the pauses longer that the same call has to make later', async () => {
    const { session, connection, clock, accept } = await readySession();
    void session.execute('{ a }');
    connection.goingAway();
    connection.latest.fail(handedBack);
    const next = await accept();
    next.latest.fail(handedBack);
    await clock.advance(249);
    expect(next.requests).toHaveLength(1);
    await clock.advance(1);
    expect(next.requests).toHaveLength(2);
  });

  test('is refused when the session closes', async () => {
    const { session, connection, settle } = await readySession();
    const call = watch(session.execute('{ a }'));
    void session.close();
    connection.latest.fail(handedBack);
    await settle();
    expect(call.error).toMatchObject({ name: 'SessionClosedError' });
  });
});

describe('a call that its connection has taken, and that waits there for a socket', () => {
  const onItsWay = async () => {
    const harness = await readySession({ connection: { kind: 'pool', sendsAtOnce: false } });
    const call = watch(harness.session.execute('mutation { a }', {}, { deadlineMs: 100 }));
    expect(harness.connection.queries).toEqual(['mutation { a }']);
    return { ...harness, call };
  };

  test('has made no attempt when its deadline passes', async () => {
    const { call, clock } = await onItsWay();
    await clock.advance(100);
    expect(call.error).toMatchObject({ name: 'DeadlineError', delivery: 'not-sent', attempts: 0 });
  });

  test('has made no attempt when the session closes', async () => {
    const { call, session, settle } = await onItsWay();
    void session.close({ graceMs: 0 });
    await settle();
    expect(call.error).toMatchObject({ name: 'SessionClosedError', delivery: 'not-sent', attempts: 0 });
  });

  test('has made one when it was sent', async () => {
    const { call, connection, clock } = await onItsWay();
    connection.latest.sending();
    await clock.advance(100);
    expect(call.error).toMatchObject({ name: 'DeadlineError', delivery: 'unknown', attempts: 1 });
  });
});

describe('a subscription whose stream breaks by itself', () => {
  const passing: Interceptor = (next) => (request, sink) => next(request, { ...sink });

  test.each([
    ['', {}],
    [', also through interceptors', { interceptors: { call: [passing], attempt: [passing] } }],
  ])('goes on with a gap, whatever came before%s', async (_what, options) => {
    const { session, connection, clock } = await readySession({ connection: { kind: 'pool' }, ...options });
    const subscription = session.subscribe('subscription { s }');
    connection.latest.data(1);
    expect((await subscription.next()).value).toMatchObject({ type: 'data', data: 1 });
    connection.latest.fail(reset);
    await clock.advance(250);
    expect(connection.requests).toHaveLength(2);
    connection.latest.data(2);
    expect((await subscription.next()).value).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    expect((await subscription.next()).value).toMatchObject({ type: 'data', data: 2 });
  });

  test('ends with its failure where it may not start again', async () => {
    const { session, connection, settle } = await readySession({ retry: { subscribe: false } });
    const subscription = session.subscribe('subscription { s }');
    connection.latest.data(1);
    connection.latest.fail(reset);
    await subscription.next();
    const end = watch(subscription.next());
    await settle();
    expect(end.error).toMatchObject({ name: 'ConnectionLostError', code: 'network' });
  });
});
