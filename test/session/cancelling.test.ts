// Deadlines and cancellation: the promise settles at once, says how far the call came, and the server is told to stop.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../src/session/errors/cancelled-error.js';
import { DeadlineError } from '../../src/session/errors/deadline-error.js';
import { httpStatus, refusedByNetwork } from './support/failures.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

describe('a deadline', () => {
  test('by default 30 s, ends a call that waits for the connection: it was not sent', async () => {
    const { session, clock, refuse } = makeSession();
    const call = watch(session.execute('query Late { a }'));
    await refuse(refusedByNetwork);
    await clock.advance(1_000_000 + 29_999 - clock.now());
    expect(call.status).toBe('pending');
    await clock.advance(1);
    expect(call.error).toBeInstanceOf(DeadlineError);
    expect(call.error).toMatchObject({
      code: 'deadline',
      phase: 'queue',
      delivery: 'not-sent',
      retryable: true,
      attempts: 0,
      deadlineMs: 30_000,
      failure: refusedByNetwork,
    });
    expect((call.error as Error).message).toBe(
      'Query "Late" passed its deadline of 30000 ms while it waited for a connection. Last failure: connect ECONNREFUSED',
    );
  });

  test('ends a call in flight: its outcome is unknown and the server is told to stop', async () => {
    const { session, connection, clock } = await readySession({ deadlineMs: 2_000 });
    const call = watch(session.execute('mutation { pay }'));
    await clock.advance(2_000);
    expect(call.error).toMatchObject({ name: 'DeadlineError', delivery: 'unknown', phase: 'operation', attempts: 1 });
    expect(connection.latest.cancelled).toBe(true);
    expect(session.operations).toBe(0);
  });

  test('of a call is nearer or farther than that of its session', async () => {
    const { session, clock } = await readySession({ deadlineMs: 2_000 });
    const calls = [100, 5_000, undefined].map((deadlineMs) => watch(session.execute('{ a }', {}, { deadlineMs })));
    await clock.advance(100);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'pending', 'pending']);
    await clock.advance(1_900);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'pending', 'rejected']);
    await clock.advance(3_000);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('may be none', async () => {
    const { session, connection, clock, settle } = await readySession({ liveness: false });
    const call = watch(session.execute('{ a }', {}, { deadlineMs: Number.POSITIVE_INFINITY }));
    await clock.advance(3_600_000);
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
  });

  test('counts from the call over all its attempts', async () => {
    const { session, connection, clock, accept, settle } = await readySession({ deadlineMs: 2_000 });
    const call = watch(session.execute('{ a }'));
    await clock.advance(1_500);
    connection.lose();
    await settle();
    await accept();
    await clock.advance(250);
    expect(call.error).toMatchObject({ name: 'DeadlineError', attempts: 2, delivery: 'unknown' });
  });

  test('ends a call that rests until its next attempt', async () => {
    const { session, connection, clock } = await readySession({ deadlineMs: 2_000 });
    const call = watch(session.execute('{ a }'));
    connection.latest.fail({ ...httpStatus(503, 60_000), delivery: 'answered' });
    await clock.advance(2_000);
    expect(call.error).toMatchObject({ name: 'DeadlineError', delivery: 'answered', status: 503 });
    await clock.advance(60_000);
    expect(connection.requests).toHaveLength(1);
  });

  test('an answer that comes after it is nobody’s', async () => {
    const { session, connection, clock } = await readySession({ deadlineMs: 100 });
    const call = watch(session.execute('{ a }'));
    await clock.advance(100);
    connection.latest.data({ a: 1 });
    connection.latest.complete();
    await clock.advance(0);
    expect(call.status).toBe('rejected');
  });
});

describe('a signal', () => {
  test('that is aborted already refuses the call: it is never sent', async () => {
    const { session, connection } = await readySession();
    const signal = AbortSignal.abort('enough');
    const error = await rejection(session.execute('{ a }', {}, { signal }), CancelledError);
    expect(error).toMatchObject({ code: 'cancelled', cause: 'enough', delivery: 'not-sent', attempts: 0 });
    expect([connection.requests, session.operations]).toEqual([[], 0]);
  });

  test('cancels a call that waits: it was not sent and never will be', async () => {
    const { session, accept, settle } = makeSession();
    const abort = new AbortController();
    const call = watch(session.execute('{ a }', {}, { signal: abort.signal }));
    abort.abort();
    await settle();
    expect(call.error).toMatchObject({ name: 'CancelledError', delivery: 'not-sent' });
    expect((await accept()).requests).toEqual([]);
  });

  test('cancels a call in flight: its outcome is unknown and the server is told to stop', async () => {
    const { session, connection, settle } = await readySession();
    const abort = new AbortController();
    const call = watch(session.execute('mutation { pay }', {}, { signal: abort.signal }));
    abort.abort(new Error('user left'));
    await settle();
    expect(call.error).toMatchObject({
      name: 'CancelledError',
      delivery: 'unknown',
      attempts: 1,
      cause: new Error('user left'),
    });
    expect(connection.latest.cancelled).toBe(true);
    connection.latest.data({ pay: true });
    expect(session.operations).toBe(0);
  });

  test('cancels a call that was lost once and waits to be sent again: that one may have run', async () => {
    const { session, connection, settle } = await readySession();
    const abort = new AbortController();
    const call = watch(session.execute('{ a }', {}, { signal: abort.signal }));
    connection.lose();
    await settle();
    abort.abort();
    await settle();
    expect(call.error).toMatchObject({ name: 'CancelledError', delivery: 'unknown', attempts: 1 });
  });

  test('that is aborted after the answer does nothing', async () => {
    const { session, connection, settle } = await readySession();
    const abort = new AbortController();
    const call = session.execute('{ a }', {}, { signal: abort.signal });
    connection.latest.data({ a: 1 });
    expect(await call).toEqual({ a: 1 });
    abort.abort();
    await settle();
    expect(connection.latest.cancelled).toBe(false);
  });

  test('is not listened to any more once its call has ended, however it ended', async () => {
    const { session, connection, clock, settle } = await readySession();
    const { signal } = new AbortController();
    let listeners = 0;
    const watching = new Proxy(signal, {
      get: (target, name) => {
        if (name === 'addEventListener') return () => (listeners += 1);
        if (name === 'removeEventListener') return () => (listeners -= 1);
        return Reflect.get(target, name, target);
      },
    });
    const options = { signal: watching };
    const calls = [
      session.execute('{ answered }', {}, options),
      session.execute('{ completed }', {}, options),
      session.execute('mutation { lost }', {}, options),
      session.execute('{ late }', {}, { ...options, deadlineMs: 100 }),
    ].map(watch);
    const subscription = session.subscribe('subscription { s }', {}, options);
    expect(listeners).toBe(1);
    connection.requests[0]?.data({});
    connection.requests[1]?.complete();
    await clock.advance(100);
    connection.lose();
    await settle();
    await subscription.return?.();
    expect(calls.map(({ status }) => status)).toEqual(['resolved', 'rejected', 'rejected', 'rejected']);
    expect(listeners).toBe(0);
  });
});
