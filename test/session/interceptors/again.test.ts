// Interceptors that pass a request on again once it has ended, those that may not, and what stays true of a mutation.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import type { Handle, Sink } from '../../../src/transport/contract.js';
import { httpStatus } from '../support/failures.js';
import { makeSession, readySession, rejection, watch } from '../support/harness.js';
import { changing, mutedConsole, recording } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Starts a call again, up to so many times, after every failure and after GraphQL errors. */
function retrying(times: number): Interceptor {
  return (next) => (request, sink) => {
    let left = times;
    let handle: Handle;
    const again = (): boolean => {
      if (left === 0) return false;
      left -= 1;
      handle = next(request, watched);
      return true;
    };
    const watched: Sink = {
      ...sink,
      next: (result, bytes) => {
        if (result.errors === undefined || !again()) sink.next(result, bytes);
      },
      error: (failure) => {
        if (!again()) sink.error(failure);
      },
    };
    handle = next(request, watched);
    return { cancel: () => handle.cancel() };
  };
}

describe('an interceptor of calls that starts a call again', () => {
  test('after GraphQL errors gets the next answer, and the caller sees one call', async () => {
    const log: string[] = [];
    const { session, connection, settle } = await readySession({
      interceptors: { call: [recording(log), retrying(3)] },
    });
    const call = watch(session.result('{ a }'));
    connection.latest.next({ errors: [{ message: 'busy' }] });
    connection.latest.errors({ message: 'busy' });
    await settle();
    expect(connection.requests).toHaveLength(3);
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toMatchObject({ data: { a: 1 }, errors: undefined, meta: { attempts: 3 } });
    expect(log.filter((line) => !line.endsWith('sending'))).toEqual([
      'seen: start query',
      'seen: next {"a":1}',
      'seen: complete',
    ]);
    const ids = connection.requests.map(({ request }) => request.id);
    expect(new Set(ids).size).toBe(3);
  });

  test('after an answered mutation sends it again, because it says so', async () => {
    const { session, connection, settle } = await readySession({ interceptors: { call: [retrying(1)] } });
    const call = watch(session.execute('mutation { pay }'));
    connection.latest.errors({ message: 'busy' });
    await settle();
    connection.latest.data({ pay: true });
    await settle();
    expect(call.value).toEqual({ pay: true });
    expect(connection.requests).toHaveLength(2);
  });

  test('after an answered mutation is told when the outcome of the second send is unknown', async () => {
    const { session, connection, settle, accept } = await readySession({ interceptors: { call: [retrying(5)] } });
    const call = watch(session.execute('mutation { pay }'));
    connection.latest.errors({ message: 'busy' });
    await settle();
    connection.lose();
    await settle();
    const next = await accept();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect([connection.requests.length, next.requests.length]).toEqual([2, 0]);
  });

  test('after OutcomeUnknownError gets that again, and nothing is sent', async () => {
    const log: string[] = [];
    const { session, connection, settle, accept } = await readySession({
      interceptors: { call: [retrying(3), recording(log)] },
    });
    const call = watch(session.execute('mutation { pay }'));
    connection.lose();
    await settle();
    const next = await accept();
    expect(next.requests).toHaveLength(0);
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect(call.error).toMatchObject({ delivery: 'unknown', attempts: 1 });
    expect(log.filter((line) => line === 'seen: start mutation')).toHaveLength(4);
    expect(session.operations).toBe(0);
  });

  test('after OutcomeUnknownError may send it under the key that the server holds', async () => {
    const { session, connection, settle, accept } = await readySession({
      retry: { execute: false },
      connection: { idempotencyWindowMs: 60_000 },
      interceptors: { call: [retrying(3)] },
    });
    const call = watch(session.execute('mutation { pay }'));
    connection.lose();
    await settle();
    const next = await accept();
    expect(next.requests).toHaveLength(1);
    expect(next.latest.idempotencyKey).toBe(connection.latest.idempotencyKey);
    next.latest.data({ pay: true });
    await settle();
    expect(call.value).toEqual({ pay: true });
  });

  test('for ever, while nothing can be sent, is stopped after 100 times and does not hang the program', async () => {
    const forever = retrying(Number.POSITIVE_INFINITY);
    const unknown = await readySession({ interceptors: { call: [forever] } });
    const mutation = watch(unknown.session.execute('mutation { pay }'));
    unknown.connection.lose();
    await unknown.settle();
    await unknown.accept();
    expect(mutation.error).toBeInstanceOf(InterceptorError);
    expect(mutation.error).toMatchObject({ delivery: 'unknown' });
    expect((mutation.error as Error).message).toContain('100 times in a row');

    const failed = makeSession({ interceptors: { call: [forever] } });
    await failed.refuse(httpStatus(404));
    const subscription = failed.session.subscribe('subscription { s }');
    await rejection(subscription.next(), InterceptorError);
    expect([unknown.session.operations, failed.session.operations]).toEqual([0, 0]);
  });

  test('more than 100 times is not stopped while it is sent each time', async () => {
    const { session, connection, settle } = await readySession({ interceptors: { call: [retrying(150)] } });
    const call = watch(session.execute('{ a }'));
    for (let n = 0; n < 150; n++) connection.latest.errors({ message: 'busy' });
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
    expect(connection.requests).toHaveLength(151);
  });

  test('after cancelling it starts it anew', async () => {
    const restarting: Interceptor = (next) => (request, sink) => {
      next(request, sink).cancel();
      return next(request, sink);
    };
    const { session, connection, settle } = await readySession({ interceptors: { call: [restarting] } });
    const call = watch(session.execute('{ a }'));
    expect(connection.requests.map(({ cancelled }) => cancelled)).toEqual([true, false]);
    connection.requests[0]?.data({ a: 'old' });
    connection.requests[1]?.data({ a: 'new' });
    await settle();
    expect(call.value).toEqual({ a: 'new' });
  });

  test('after cancelling a mutation that was sent is told that its outcome is unknown', async () => {
    const restarting: Interceptor = (next) => (request, sink) => {
      next(request, sink).cancel();
      return next(request, sink);
    };
    const { session, connection } = await readySession({ interceptors: { call: [restarting] } });
    await rejection(session.execute('mutation { pay }'), OutcomeUnknownError);
    expect(connection.requests).toHaveLength(1);
  });

  test('starts an ended subscription again, with a gap in between', async () => {
    const restarting = changing({
      sink: (sink, request, next) => ({
        complete: () => void next(request, sink),
      }),
    });
    const { session, connection } = await readySession({ interceptors: { call: [restarting] } });
    const subscription = session.subscribe('subscription { s }');
    connection.latest.data(1);
    connection.latest.complete();
    connection.latest.data(2);
    connection.latest.complete();
    const events = [];
    for await (const event of subscription) events.push(event.type === 'gap' ? event.gap.reason : event.type);
    expect(events).toEqual(['data', 'retried', 'data']);
    expect(connection.requests).toHaveLength(2);
  });
});

test('A mutation that an interceptor of attempts ended after it was sent is not sent again by one of calls', async () => {
  const impatient: Interceptor = (next) => (request, sink) => {
    const handle = next(request, sink);
    sink.error({ code: 'interceptor', phase: 'operation', message: 'Too slow for me.' });
    return handle;
  };
  const { session, connection } = await readySession({ interceptors: { call: [retrying(1)], attempt: [impatient] } });
  await rejection(session.execute('mutation { pay }'), OutcomeUnknownError);
  expect(connection.requests).toHaveLength(1);
});

describe('an interceptor that passes a request on twice', () => {
  const twice: Interceptor = (next) => (request, sink) => {
    next(request, sink);
    return next(request, sink);
  };

  test.each(['call', 'attempt'] as const)(
    'at once, among those of %ss, is refused, and a mutation is sent once',
    async (level) => {
      const { session, connection } = await readySession({ interceptors: { [level]: [twice] } });
      const error = await rejection(session.execute('mutation { pay }'), InterceptorError);
      expect(error.delivery).toBe('unknown');
      expect(connection.requests).toHaveLength(1);
      expect(connection.latest.cancelled).toBe(true);
      expect(session.operations).toBe(0);
    },
  );

  test.each([
    ['mutation { pay }', undefined],
    ['{ a }', undefined],
    ['mutation { pay }', 'not-sent'],
  ] as const)(
    'after a failure, among those of attempts, is refused: an attempt is one send (%s, %s)',
    async (document, delivery) => {
      const { session, connection } = await readySession({
        connection: { kind: 'pool' },
        interceptors: { attempt: [retrying(1)] },
      });
      const rejected = rejection(session.execute(document), InterceptorError);
      connection.latest.fail({ code: 'network', phase: 'operation', message: 'lost', delivery });
      expect((await rejected).message).toContain('an attempt is one send');
      expect(connection.requests).toHaveLength(1);
    },
  );

  test('after the loss of its connection, among those of attempts, does nothing: the session has its own rules', async () => {
    const { session, connection, accept, settle } = await readySession({ interceptors: { attempt: [retrying(5)] } });
    const [mutation, query] = [watch(session.execute('mutation { pay }')), watch(session.execute('{ a }'))];
    connection.lose();
    await settle();
    expect(mutation.error).toBeInstanceOf(OutcomeUnknownError);
    const next = await accept();
    expect(next.queries).toEqual(['{ a }']);
    expect(connection.requests).toHaveLength(2);
    next.latest.data({ a: 1 });
    await settle();
    expect(query.value).toEqual({ a: 1 });
  });
});

describe('whatever an interceptor of attempts says, a mutation that was sent is not sent again', () => {
  test.each([
    ['keeps "sending" to itself', changing({ sink: () => ({ sending: () => {} }) })],
    [
      'claims that it was not sent',
      changing({ sink: (sink) => ({ error: (failure) => sink.error({ ...failure, delivery: 'not-sent' }) }) }),
    ],
    [
      'claims that it was answered',
      changing({ sink: (sink) => ({ error: (failure) => sink.error({ ...failure, delivery: 'answered' }) }) }),
    ],
  ])('one that %s', async (_name, interceptor) => {
    for (const how of ['the connection is lost', 'the request fails'] as const) {
      const { session, connection, accept, settle } = await readySession({
        connection: { kind: 'pool' },
        retry: { execute: { verdict: () => 'retry' } },
        interceptors: { attempt: [interceptor] },
      });
      const call = watch(session.execute('mutation { pay }'));
      if (how === 'the connection is lost') connection.lose();
      else connection.latest.fail({ code: 'network', phase: 'operation', message: 'reset' });
      await settle();
      expect(call.error).toBeInstanceOf(OutcomeUnknownError);
      if (how === 'the connection is lost') expect((await accept()).requests).toHaveLength(0);
      expect(connection.requests).toHaveLength(1);
    }
  });

  test('proof of the transport that it was not sent is still believed', async () => {
    const { session, connection, clock, settle } = await readySession({
      connection: { kind: 'pool' },
      interceptors: { attempt: [recording([])] },
    });
    const call = watch(session.execute('mutation { pay }'));
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'refused', delivery: 'not-sent' });
    await clock.advance(250);
    expect(connection.requests).toHaveLength(2);
    connection.latest.data({ pay: true });
    await settle();
    expect(call.value).toEqual({ pay: true });
  });
});

test('An interceptor that hands an answer on later, but its completion at once, is told what it does wrong', async () => {
  mutedConsole();
  for (const level of ['call', 'attempt'] as const) {
    const forgetful = changing({ sink: () => ({ next: () => {} }) });
    const { session, connection } = await readySession({ interceptors: { [level]: [forgetful] } });
    const rejected = rejection(session.execute('mutation { pay }'), InterceptorError);
    connection.latest.data({ pay: true });
    expect(await rejected).toMatchObject({ delivery: 'answered' });
    expect((await rejected).message).toContain('handed "complete" on before the answer');
  }
});

test.each(['next', 'error'] as const)(
  'The GraphQL errors of a call are handed on as an answer at both levels, where the server says them in a message "%s"',
  async (message) => {
    const log: string[] = [];
    const { session, connection } = await readySession({
      interceptors: { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] },
    });
    const rejected = rejection(session.execute('{ a }'), GraphQLResultError);
    if (message === 'next') connection.latest.next({ errors: [{ message: 'no' }] });
    else connection.latest.errors({ message: 'no' });
    await rejected;
    expect(log.filter((line) => !/ start| sending/.test(line))).toEqual([
      'attempt: next [{"message":"no"}]',
      'call: next [{"message":"no"}]',
      'call: complete',
      'attempt: complete',
    ]);
  },
);
