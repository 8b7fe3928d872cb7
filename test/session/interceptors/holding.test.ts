// Interceptors that keep an operation or its answer: deadlines, signals, close and the end of the session hold all the same.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { SessionClosedError } from '../../../src/session/errors/session-closed-error.js';
import { mapRequest } from '../../../src/session/map-request.js';
import type { Request } from '../../../src/transport/contract.js';
import { httpStatus } from '../support/failures.js';
import { makeSession, readySession, rejection, watch } from '../support/harness.js';
import { KeepsAnswers, KeepsRequests, recording } from './support.js';

const levels = ['call', 'attempt'] as const;

describe.each(levels)('while an interceptor of %ss keeps a call', (level) => {
  async function kept(options: { deadlineMs?: number; signal?: AbortSignal } = {}) {
    const keeps = new KeepsRequests();
    const log: string[] = [];
    const harness = await readySession({ interceptors: { [level]: [recording(log), keeps.interceptor] } });
    const promise = harness.session.execute('mutation { pay }', undefined, options);
    const call = watch(promise);
    await harness.settle();
    return { ...harness, keeps, log, promise, call };
  }

  test('it passes it on when it likes', async () => {
    const { keeps, connection, call, clock, settle } = await kept();
    await clock.advance(14_000);
    expect(connection.requests).toHaveLength(0);
    keeps.latest.pass();
    connection.latest.data({ pay: true });
    await settle();
    expect(call.value).toEqual({ pay: true });
  });

  test('its deadline passes: the interceptors are told by cancel, and passing it on afterwards does nothing', async () => {
    const { keeps, connection, promise, log, clock, session } = await kept({ deadlineMs: 1_000 });
    const rejected = rejection(promise, DeadlineError);
    await clock.advance(1_000);
    expect(await rejected).toMatchObject({ delivery: 'not-sent', attempts: 0 });
    expect(log).toEqual(['seen: start mutation', 'seen: cancel']);
    expect(keeps.latest.cancelled).toBe(true);
    keeps.latest.pass().cancel();
    keeps.latest.sink.next({ data: { pay: true } }, 10);
    expect(connection.requests).toHaveLength(0);
    expect(session.operations).toBe(0);
  });

  test('its signal is aborted', async () => {
    const controller = new AbortController();
    const { keeps, connection, promise, session } = await kept({ signal: controller.signal });
    controller.abort('no longer needed');
    expect(await rejection(promise, CancelledError)).toMatchObject({ delivery: 'not-sent', cause: 'no longer needed' });
    expect(keeps.latest.cancelled).toBe(true);
    keeps.latest.pass();
    expect(connection.requests).toHaveLength(0);
    expect(session.operations).toBe(0);
  });

  test('the session is closed, and nothing of it is left', async () => {
    const { keeps, connection, promise, session, clock } = await kept();
    const rejected = rejection(promise, SessionClosedError);
    const closed = session.close({ graceMs: 100 });
    await clock.advance(100);
    await closed;
    expect(await rejected).toMatchObject({ delivery: 'not-sent' });
    expect(keeps.latest.cancelled).toBe(true);
    keeps.latest.pass();
    expect(connection.requests).toHaveLength(0);
    expect([session.operations, clock.pending]).toEqual([0, 0]);
  });
});

describe.each(levels)('while an interceptor of %ss keeps the answer of a call', (level) => {
  async function answered(options: { deadlineMs?: number; signal?: AbortSignal } = {}) {
    const keeps = new KeepsAnswers();
    const harness = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const promise = harness.session.execute('mutation { pay }', undefined, options);
    const call = watch(promise);
    harness.connection.latest.data({ pay: true });
    await harness.settle();
    expect([call.status, keeps.waiting]).toEqual(['pending', 2]);
    return { ...harness, keeps, promise, call };
  }
  /** What the session knows: of an attempt's answer, not before its interceptors hand it on. */
  const delivery = level === 'call' ? 'answered' : 'unknown';

  test('the caller waits, and gets it in the end', async () => {
    const { keeps, call, settle, session } = await answered();
    keeps.letGo();
    await settle();
    expect(call.value).toEqual({ pay: true });
    expect(session.operations).toBe(0);
  });

  test('its deadline passes: it does not say that the mutation was not sent', async () => {
    const { keeps, promise, clock, session } = await answered({ deadlineMs: 1_000 });
    const rejected = rejection(promise, DeadlineError);
    await clock.advance(1_000);
    expect(await rejected).toMatchObject({ delivery, attempts: 1, retryable: false });
    keeps.letGo();
    expect(session.operations).toBe(0);
  });

  test('its signal is aborted: it does not say that the mutation was not sent', async () => {
    const controller = new AbortController();
    const { promise } = await answered({ signal: controller.signal });
    controller.abort();
    expect(await rejection(promise, CancelledError)).toMatchObject({ delivery, attempts: 1 });
  });

  test('the end of its connection does not repeat the mutation', async () => {
    const { connection, keeps, call, accept, settle } = await answered();
    connection.lose();
    await settle();
    const next = await accept();
    keeps.letGo();
    await settle();
    expect(next.requests).toHaveLength(0);
    if (level === 'call') expect(call.value).toEqual({ pay: true });
    else expect(call.error).toMatchObject({ name: 'OutcomeUnknownError' });
  });

  test('close ends it when its grace is over', async () => {
    const { promise, session, clock } = await answered();
    const rejected = rejection(promise, SessionClosedError);
    const closed = session.close({ graceMs: 100 });
    await clock.advance(100);
    await closed;
    expect(await rejected).toMatchObject({ delivery });
    expect([session.operations, clock.pending]).toEqual([0, 0]);
  });
});

describe('a session that gives up', () => {
  test('fails a call that an interceptor kept when it is passed on', async () => {
    const keeps = new KeepsRequests();
    const { session, refuse, settle } = makeSession({ interceptors: { call: [keeps.interceptor] } });
    const call = watch(session.execute('{ a }'));
    await refuse(httpStatus(404));
    expect(session.state.status).toBe('failed');
    expect(call.status).toBe('pending');
    keeps.latest.pass();
    await settle();
    expect(call.error).toBeInstanceOf(ConnectError);
    expect(session.operations).toBe(0);
  });

  test('does not fail a call that its interceptor answers itself', async () => {
    const keeps = new KeepsRequests();
    const { session, refuse, settle } = makeSession({ interceptors: { call: [keeps.interceptor] } });
    const call = watch(session.execute('{ a }'));
    await refuse(httpStatus(404));
    keeps.latest.sink.next({ data: { a: 'cached' } }, 0);
    await settle();
    expect(call.value).toEqual({ a: 'cached' });
  });
});

test('A call that is never passed on and never answered ends at its deadline', async () => {
  const { session, clock } = await readySession({
    interceptors: { call: [() => () => ({ cancel: () => {} })] },
  });
  const calls = Array.from({ length: 10 }, () => rejection(session.execute('{ a }'), DeadlineError));
  await clock.advance(30_000);
  for (const error of await Promise.all(calls)) expect(error.delivery).toBe('not-sent');
  expect(session.operations).toBe(0);
});

test('A subscription that is never passed on ends when its consumer leaves it', async () => {
  for (const level of levels) {
    const keeps = new KeepsRequests();
    const { session, settle } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const subscription = session.subscribe('subscription { s }');
    await settle();
    await subscription.return?.();
    expect(keeps.latest.cancelled).toBe(true);
    expect(session.operations).toBe(0);
  }
});

test('A call on a closed session does not reach its interceptors', async () => {
  const log: string[] = [];
  const { session, clock } = await readySession({ interceptors: { call: [recording(log)] } });
  const closed = session.close();
  await clock.advance(0);
  await closed;
  await rejection(session.execute('{ a }'), SessionClosedError);
  expect(log).toEqual([]);
});

describe.each(levels)('mapRequest among the interceptors of %ss', (level) => {
  test('passes nothing on that was cancelled while it waited', async () => {
    let go: ((request: Request) => void) | undefined;
    const controller = new AbortController();
    const { session, connection, settle } = await readySession({
      interceptors: {
        [level]: [mapRequest((request) => new Promise((resolve) => (go = () => resolve(request))))],
      },
    });
    const call = watch(session.execute('{ a }', undefined, { signal: controller.signal }));
    await settle();
    controller.abort();
    go?.(undefined as never);
    await settle();
    expect(call.error).toBeInstanceOf(CancelledError);
    expect(connection.requests).toHaveLength(0);
  });

  test('hands a cancellation on once it has passed the request on', async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const { session, connection, settle } = await readySession({
      interceptors: { [level]: [mapRequest(async (request) => request), recording(log)] },
    });
    watch(session.execute('{ a }', undefined, { signal: controller.signal }));
    await settle();
    controller.abort();
    expect(log.at(-1)).toBe('seen: cancel');
    expect(connection.latest.cancelled).toBe(true);
  });

  test('lets the transport hold back events where it can', async () => {
    const { session, connection, settle } = await readySession({
      connection: { flow: true },
      buffer: { maxEvents: 2 },
      interceptors: { [level]: [mapRequest(async (request) => request)] },
    });
    session.subscribe('subscription { s }');
    await settle();
    connection.latest.data(1);
    connection.latest.data(2);
    expect(connection.latest).toMatchObject({ held: true, cancelled: false });
  });
});
