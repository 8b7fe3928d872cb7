// Interceptors that answer themselves, as a cache does, and never pass the request on.

import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import type { Sink } from '../../../src/transport/contract.js';
import { closedWith } from '../support/failures.js';
import { makeSession, readySession, rejection, watch } from '../support/harness.js';
import { KeepsRequests, recording } from './support.js';

const levels = ['call', 'attempt'] as const;

function answering(answer: (sink: Sink) => void): Interceptor {
  return () => (_request, sink) => {
    answer(sink);
    return { cancel: () => {} };
  };
}

describe.each(levels)('an interceptor of %ss', (level) => {
  test('answers execute and result from its own cache, and nothing is sent', async () => {
    const cache = answering((sink) => {
      sink.next({ data: { a: 'cached' }, extensions: { cached: true } }, 0);
      sink.complete();
    });
    const { session, connection, settle } = await readySession({ interceptors: { [level]: [cache] } });
    const [executed, result] = [watch(session.execute('{ a }')), watch(session.result('{ a }'))];
    await settle();
    expect(executed.value).toEqual({ a: 'cached' });
    expect(result.value).toMatchObject({ data: { a: 'cached' }, extensions: { cached: true } });
    expect(connection.requests).toHaveLength(0);
    expect(session.operations).toBe(0);
  });

  test('answers with a result alone: its completion may be left out, come late or come twice', async () => {
    const sloppy = answering((sink) => {
      sink.next({ data: { a: 1 } }, 0);
      sink.next({ data: { a: 2 } }, 0);
      sink.complete();
      sink.complete();
      sink.error({ code: 'network', phase: 'operation', message: 'late' });
    });
    const terse = answering((sink) => sink.next({ data: { a: 1 } }, Number.NaN));
    for (const interceptor of [sloppy, terse]) {
      const { session, settle } = await readySession({ interceptors: { [level]: [interceptor] } });
      const call = watch(session.execute('{ a }'));
      await settle();
      expect(call.value).toEqual({ a: 1 });
      expect(session.operations).toBe(0);
    }
  });

  test('serves a subscription by itself, with its events and its end', async () => {
    const ticking = answering((sink) => {
      for (const n of [1, 2, 3]) sink.next({ data: n }, 10);
      sink.complete();
    });
    const { session, connection } = await readySession({ interceptors: { [level]: [ticking] } });
    const events = [];
    for await (const event of session.subscribe('subscription { s }')) events.push(event);
    expect(events.map((event) => (event.type === 'data' ? event.data : event.type))).toEqual([1, 2, 3]);
    expect(connection.requests).toHaveLength(0);
    expect(session.operations).toBe(0);
  });

  test('answers with GraphQL errors: execute throws them, result gives them', async () => {
    const refusing = answering((sink) => {
      sink.next({ errors: [{ message: 'not today' }] }, 0);
      sink.complete();
    });
    const { session } = await readySession({ interceptors: { [level]: [refusing] } });
    const error = await rejection(session.execute('{ a }'), GraphQLResultError);
    expect(error.errors).toEqual([{ message: 'not today' }]);
    expect(await session.result('{ a }')).toMatchObject({ errors: [{ message: 'not today' }] });
  });

  test('fails with GraphQL errors: to a call they are its answer, to a subscription its end', async () => {
    const failing = answering((sink) =>
      sink.error({ code: 'graphql-errors', phase: 'operation', message: 'no', errors: [{ message: 'not today' }] }),
    );
    const { session } = await readySession({ interceptors: { [level]: [failing] } });
    expect(await session.result('{ a }')).toMatchObject({ errors: [{ message: 'not today' }] });
    await rejection(session.execute('{ a }'), GraphQLResultError);
    const error = await rejection(session.subscribe('subscription { s }').next(), GraphQLResultError);
    expect(error.errors).toEqual([{ message: 'not today' }]);
  });

  test('completes a call without an answer, which is a failure of its own', async () => {
    const empty = answering((sink) => sink.complete());
    const { session } = await readySession({ interceptors: { [level]: [empty] } });
    await expect(session.execute('{ a }')).rejects.toMatchObject({
      name: level === 'call' ? 'InterceptorError' : 'ResponseError',
    });
    expect(session.operations).toBe(0);
  });
});

test('A call is answered from a cache before there is any connection', async () => {
  const cache = answering((sink) => sink.next({ data: { a: 'cached' } }, 0));
  const { session, settle } = makeSession({ interceptors: { call: [cache] } });
  const call = watch(session.result('{ a }'));
  await settle();
  expect(call.value).toMatchObject({ data: { a: 'cached' }, meta: { attempts: 0, generation: 0 } });
});

test('What is not an answer or a failure ends the call with what was handed on instead, and never leaves it open', async () => {
  const nothing = answering((sink) => sink.next(undefined as never, 0));
  const anError = answering((sink) => sink.error(new RangeError('too far') as never));
  const noFailure = answering((sink) => sink.error(undefined as never));
  for (const [level, interceptor, message] of [
    ['call', nothing, 'handed undefined on'],
    ['attempt', nothing, 'handed undefined on'],
    ['call', anError, 'too far'],
    ['attempt', anError, 'too far'],
    ['call', noFailure, 'undefined'],
    ['attempt', noFailure, 'undefined'],
  ] as const) {
    const { session } = await readySession({ interceptors: { [level]: [interceptor] } });
    const error = await rejection(session.execute('{ a }'), InterceptorError);
    expect(error.message).toContain(message);
    expect(session.operations).toBe(0);
  }
});

test('What is handed on out of a timer or promise is checked as well, and throws nothing there', async () => {
  for (const level of levels) {
    const keeps = new KeepsRequests();
    const { session, settle } = await readySession({
      interceptors: { [level]: [recording([]), keeps.interceptor] },
    });
    const call = watch(session.execute('{ a }'));
    await settle();
    keeps.latest.sink.next(null as never, 0);
    await settle();
    expect(call.error).toBeInstanceOf(InterceptorError);
    expect(keeps.latest.cancelled).toBe(true);
  }
});

test('An interceptor may answer a call while the server still works on it: the server is told to stop', async () => {
  for (const level of levels) {
    const impatient: Interceptor = (next) => (request, sink) => {
      const handle = next(request, sink);
      sink.next({ data: { a: 'mine' } }, 0);
      return handle;
    };
    const { session, connection, settle } = await readySession({ interceptors: { [level]: [impatient] } });
    const call = watch(session.execute('{ a }'));
    await settle();
    expect(call.value).toEqual({ a: 'mine' });
    expect(connection.latest.cancelled).toBe(true);
    connection.latest.data({ a: 'late' });
    expect(session.operations).toBe(0);
  }
});

test('An interceptor that ends a subscription early stops it on the server', async () => {
  for (const level of levels) {
    const onlyTwo: Interceptor = (next) => (request, sink) => {
      let left = 2;
      return next(request, {
        ...sink,
        next: (result, bytes) => {
          sink.next(result, bytes);
          left -= 1;
          if (left === 0) sink.complete();
        },
      });
    };
    const { session, connection } = await readySession({ interceptors: { [level]: [onlyTwo] } });
    const subscription = session.subscribe('subscription { s }');
    for (const n of [1, 2, 3]) connection.latest.data(n);
    const events = [];
    for await (const event of subscription) if (event.type === 'data') events.push(event.data);
    expect(events).toEqual([1, 2]);
    expect(connection.latest.cancelled).toBe(true);
    expect(session.operations).toBe(0);
  }
});

test('An interceptor that ends a call with a failure of its own stops it on the server', async () => {
  for (const level of levels) {
    const impatient: Interceptor = (next) => (request, sink) => {
      const handle = next(request, sink);
      sink.error({ code: 'interceptor', phase: 'operation', message: 'Too slow for me.' });
      return handle;
    };
    const { session, connection } = await readySession({ interceptors: { [level]: [impatient] } });
    const error = await rejection(session.execute('mutation { a }'), InterceptorError);
    expect(error.message).toContain('Too slow for me.');
    // It was sent all the same.
    expect(error.delivery).toBe('unknown');
    expect(connection.latest.cancelled).toBe(true);
  }
});

test('An attempt that an interceptor serves by itself ends with its connection, and is served anew on the next', async () => {
  const keeps = new KeepsRequests();
  const { session, connection, accept, settle } = await readySession({
    interceptors: { attempt: [keeps.interceptor] },
  });
  const subscription = session.subscribe('subscription { s }');
  keeps.latest.sink.next({ data: 1 }, 10);
  expect((await subscription.next()).value).toMatchObject({ data: 1 });
  connection.lose(closedWith(1006));
  await settle();
  expect(keeps.kept[0]?.cancelled).toBe(true);
  await accept();
  keeps.kept[0]?.sink.next({ data: 'late' }, 10);
  keeps.latest.sink.next({ data: 2 }, 10);
  keeps.latest.sink.complete();
  const rest = [];
  for await (const event of subscription) rest.push(event.type === 'data' ? event.data : event.type);
  expect(rest).toContain(2);
  expect(rest).not.toContain('late');
});
