// Where interceptors meet the rest of the session: closing, recovery, trials, full buffers, keys.

import { describe, expect, test } from 'vitest';
import { BufferFullError } from '../../../src/session/errors/buffer-full-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import { closedWith } from '../support/failures.js';
import { readySession, rejection, watch } from '../support/harness.js';
import { KeepsAnswers, KeepsRequests, recording } from './support.js';

/** Starts a call again after every failure, up to so many times. */
function again(times: number): Interceptor {
  return (next) => (request, sink) => {
    let left = times;
    const start = (): ReturnType<typeof next> =>
      next(request, {
        ...sink,
        error: (failure) => {
          left -= 1;
          if (left < 0) sink.error(failure);
          else start();
        },
      });
    return start();
  };
}

describe('a call that is in flight when the session is closed', () => {
  test('is answered within the grace, although interceptors hand its answer on', async () => {
    const { session, connection, settle } = await readySession({ interceptors: { call: [recording([])] } });
    const call = watch(session.execute('mutation { pay }'));
    void session.close();
    connection.latest.data({ pay: true });
    await settle();
    expect(call.value).toEqual({ pay: true });
    expect(session.state.status).toBe('closed');
  });

  test('is answered within the grace by an interceptor that takes its time', async () => {
    for (const level of ['call', 'attempt'] as const) {
      for (const when of ['before', 'after'] as const) {
        const keeps = new KeepsAnswers();
        const { session, connection, settle, clock } = await readySession({
          interceptors: { [level]: [keeps.interceptor] },
        });
        const call = watch(session.execute('mutation { pay }'));
        if (when === 'before') connection.latest.data({ pay: true });
        void session.close();
        if (when === 'after') connection.latest.data({ pay: true });
        await clock.advance(1_000);
        expect([call.status, session.state.status]).toEqual(['pending', 'closing']);
        keeps.letGo();
        await settle();
        expect(call.value).toEqual({ pay: true });
        expect([session.state.status, clock.pending]).toEqual(['closed', 0]);
      }
    }
  });

  test('is not started again by an interceptor', async () => {
    const { session, connection, settle } = await readySession({ interceptors: { call: [again(3)] } });
    const call = watch(session.execute('{ a }'));
    void session.close();
    connection.lose();
    await settle();
    expect(call.error).toBeInstanceOf(SessionClosedError);
    expect([session.state.status, session.operations]).toEqual(['closed', 0]);
  });
});

describe('a call that an interceptor starts again after a failure', () => {
  test('is sent once for each start', async () => {
    const { session, connection, settle } = await readySession({
      retry: { execute: false },
      connection: { kind: 'pool' },
      interceptors: { call: [again(2)] },
    });
    const call = watch(session.execute('{ a }'));
    for (let sends = 1; sends <= 3; sends++) {
      expect(connection.requests).toHaveLength(sends);
      connection.latest.fail({ code: 'network', phase: 'operation', message: `lost ${sends}` });
      await settle();
    }
    expect(call.error).toMatchObject({ name: 'ConnectionLostError', attempts: 3 });
    expect(session.operations).toBe(0);
  });

  test('stays unknown when there is no room for a mutation that may have run', async () => {
    const keeps = new KeepsRequests();
    const { session, connection, settle } = await readySession({
      maxWaiting: 2,
      interceptors: { call: [again(1), keeps.interceptor] },
    });
    const call = watch(session.execute('mutation { pay }'));
    keeps.latest.pass();
    for (const name of ['A', 'B']) {
      watch(session.execute(`query ${name} { a }`));
      keeps.latest.pass();
    }
    // The queries wait again, and take up all the room there is.
    connection.lose();
    await settle();
    keeps.latest.pass();
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
  });
});

test('Interceptors of calls hear of every send, that of a retry included', async () => {
  const log: string[] = [];
  const { session, connection, accept, settle } = await readySession({ interceptors: { call: [recording(log)] } });
  watch(session.execute('{ a }'));
  connection.lose();
  (await accept()).latest.data({ a: 1 });
  await settle();
  expect(log).toEqual(['seen: start query', 'seen: sending', 'seen: sending', 'seen: next {"a":1}', 'seen: complete']);
});

describe('a suspect that an interceptor of attempts keeps, or ends, before it is sent', () => {
  async function suspects(interceptor: Interceptor, signal?: AbortSignal) {
    const harness = await readySession({ interceptors: { attempt: [interceptor] } });
    const { session, connection, accept, settle } = harness;
    // The newest suspect is tried first.
    void watch(session.execute('query Other { a }'));
    const kept = watch(session.execute('query Kept { a }', undefined, { signal }));
    connection.lose(closedWith(1007));
    await settle();
    return { kept, settle, next: await accept() };
  }

  test('and that is cancelled does not hold up the others', async () => {
    const controller = new AbortController();
    let starts = 0;
    const keeping: Interceptor = (next) => (request, sink) => {
      starts += 1;
      return starts === 3 ? { cancel: () => {} } : next(request, sink);
    };
    const { kept, settle, next } = await suspects(keeping, controller.signal);
    expect(next.requests).toHaveLength(0);
    controller.abort();
    expect(next.queries).toEqual(['query Other { a }']);
    await settle();
    expect(kept.status).toBe('rejected');
  });

  test('by throwing does not hold up the others', async () => {
    let starts = 0;
    const throwing: Interceptor = (next) => (request, sink) => {
      starts += 1;
      if (starts === 3) throw new RangeError('a mistake');
      return next(request, sink);
    };
    const { kept, next } = await suspects(throwing);
    expect(kept.error).toBeInstanceOf(InterceptorError);
    expect(next.queries).toEqual(['query Other { a }']);
  });
});

describe('a subscription that an interceptor of calls serves by itself', () => {
  async function serving(events: number) {
    const keeps = new KeepsRequests();
    const harness = await readySession({ buffer: { maxEvents: 4 }, interceptors: { call: [keeps.interceptor] } });
    const subscription = harness.session.subscribe('subscription { s }');
    for (let n = 1; n <= events; n++) keeps.latest.sink.next({ data: n }, 10);
    return { ...harness, subscription, keeps };
  }

  test('is never sent, also when its consumer was slow', async () => {
    const { subscription, keeps, connection, session } = await serving(6);
    for (let n = 1; n <= 6; n++) expect((await subscription.next()).value).toMatchObject({ data: n });
    expect(connection.requests).toHaveLength(0);
    keeps.latest.sink.next({ data: 7 }, 10);
    keeps.latest.sink.complete();
    expect((await subscription.next()).value).toMatchObject({ data: 7 });
    expect((await subscription.next()).done).toBe(true);
    expect(session.operations).toBe(0);
  });

  test('fails when twice as much waits as may: it cannot be held back', async () => {
    const { subscription, keeps, session } = await serving(8);
    expect(keeps.latest.cancelled).toBe(true);
    for (let n = 1; n <= 8; n++) expect((await subscription.next()).value).toMatchObject({ data: n });
    await rejection(subscription.next(), BufferFullError);
    expect(session.operations).toBe(0);
  });
});

test('A mutation that an interceptor of attempts keeps until the server has forgotten its key is not sent again', async () => {
  const keeps = new KeepsRequests();
  const log: string[] = [];
  const { session, connection, accept, clock, settle } = await readySession({
    connection: { idempotencyWindowMs: 10_000 },
    interceptors: { attempt: [recording(log), keeps.interceptor, recording(log, 'inner')] },
  });
  const call = watch(session.execute('mutation { pay }'));
  keeps.latest.pass();
  connection.lose();
  const next = await accept();
  expect(keeps.kept).toHaveLength(2);
  await clock.advance(10_000);
  keeps.latest.pass();
  await settle();
  expect(next.requests).toHaveLength(0);
  expect(call.error).toBeInstanceOf(OutcomeUnknownError);
  expect(log.slice(-2)).toEqual(['inner: error aborted', 'seen: error aborted']);
});
