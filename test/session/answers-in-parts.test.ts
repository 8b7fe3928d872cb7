// execute() and result() where the server answers in parts (`@defer`, `@stream`): they answer with the whole, never with half.

import { describe, expect, test } from 'vitest';
import * as CloseCode from '../../src/protocol/close-codes.js';
import type { Result } from '../../src/protocol/result.js';
import { ConnectionLostError } from '../../src/session/errors/connection-lost-error.js';
import { DeadlineError } from '../../src/session/errors/deadline-error.js';
import { GraphQLResultError } from '../../src/session/errors/graphql-result-error.js';
import { OutcomeUnknownError } from '../../src/session/errors/outcome-unknown-error.js';
import { ResponseError } from '../../src/session/errors/response-error.js';
import type { Interceptor } from '../../src/session/interceptors.js';
import { closedWith } from './support/failures.js';
import { readySession, rejection, watch } from './support/harness.js';

const first: Result = { data: { a: 1 }, hasNext: true };
const later = (data: object): Result => ({ incremental: [{ path: [], data }], hasNext: true }) as Result;
const end: Result = { hasNext: false };
const through: Interceptor = (next) => (request, sink) => next(request, { ...sink });

describe('an answer in parts', () => {
  test('is one answer, when its last part has come', async () => {
    const { session, connection, settle } = await readySession();
    const [execute, result] = [watch(session.execute('{ a }')), watch(session.result('{ a }'))];
    const [one, other] = connection.requests;
    for (const part of [first, later({ b: 2 })]) for (const request of [one, other]) request?.next(part);
    await settle();
    expect([execute.status, result.status]).toEqual(['pending', 'pending']);
    one?.next(end);
    const error = { message: 'no c', path: ['c'] };
    other?.next({ ...end, errors: [error], extensions: { cost: 1 } });
    await settle();
    expect(execute.value).toEqual({ a: 1, b: 2 });
    expect(result.value).toMatchObject({ data: { a: 1, b: 2 }, errors: [error], extensions: { cost: 1 } });
    expect(session.operations).toBe(0);
    expect([one?.cancelled, other?.cancelled]).toEqual([false, false]);
  });

  test('may name what was announced', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('{ list }');
    connection.latest.next({ data: { list: [] }, pending: [{ id: '0', path: ['list'] }], hasNext: true } as Result);
    connection.latest.next({ incremental: [{ id: '0', items: [1] }], completed: [{ id: '0' }], ...end } as Result);
    expect(await call).toEqual({ list: [1] });
  });

  test('makes execute() throw the errors of all parts, with the whole', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('{ a }');
    connection.latest.next({ ...first, errors: [{ message: 'one' }] });
    connection.latest.next({ ...later({ b: 2 }), errors: [{ message: 'two' }], hasNext: false });
    expect(await rejection(call, GraphQLResultError)).toMatchObject({
      errors: [{ message: 'one' }, { message: 'two' }],
      data: { a: 1, b: 2 },
    });
  });

  test('that breaks the rules fails alone, and the server is told to stop', async () => {
    const { session, connection } = await readySession();
    const [bad, good] = [session.execute('query Bad { a }'), session.execute('{ b }')];
    const [one, other] = connection.requests;
    one?.next(first);
    one?.next({ incremental: [{ path: ['no', 'where'], data: {} }], hasNext: true } as Result);
    const error = await rejection(bad, ResponseError);
    expect(error).toMatchObject({ code: 'protocol-error', delivery: 'answered', attempts: 1 });
    expect(error.message).toContain('Query "Bad" got no usable answer: The server broke the rules of answers in parts');
    expect(error.message).toContain('"no.where"');
    expect(one?.cancelled).toBe(true);
    other?.data({ b: 1 });
    expect(await good).toEqual({ b: 1 });
  });

  test.each([
    ['no interceptors', {}],
    ['interceptors', { call: [through], attempt: [through] }],
  ])(
    'that ends with an error message between its parts is answered by those errors, with %s',
    async (_, interceptors) => {
      const { session, connection } = await readySession({ interceptors });
      const call = session.result('{ a }');
      connection.latest.next(first);
      connection.latest.errors({ message: 'gone' });
      expect(await call).toMatchObject({ data: undefined, errors: [{ message: 'gone' }] });
    },
  );

  test('that is completed before its last part is none', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('query Cut { a }');
    connection.latest.next(first);
    connection.latest.complete();
    const error = await rejection(call, ResponseError);
    expect(error).toMatchObject({ code: 'no-answer', delivery: 'answered' });
    expect(error.message).toContain('before the last part');
  });

  test('that is not whole by the deadline fails, and its outcome is not known', async () => {
    const { session, connection, clock } = await readySession();
    const call = watch(session.execute('mutation { a }', undefined, { deadlineMs: 1_000 }));
    connection.latest.next(first);
    await clock.advance(1_000);
    expect(call.error).toBeInstanceOf(DeadlineError);
    expect(call.error).toMatchObject({ delivery: 'unknown' });
    expect(connection.latest.cancelled).toBe(true);
  });
});

describe('when the connection is lost between two parts', () => {
  test('a query is sent again, and nothing of the first answer is in the second', async () => {
    const { session, connection, accept } = await readySession();
    const call = session.execute('{ a }');
    connection.latest.next(first);
    connection.latest.next(later({ b: 2 }));
    connection.lose();
    const next = await accept();
    next.latest.next({ data: { c: 3 }, hasNext: true });
    next.latest.next(end);
    expect(await call).toEqual({ c: 3 });
  });

  test('a query that may not be sent again fails', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('{ a }', undefined, { retry: false });
    connection.latest.next(first);
    connection.lose();
    expect(await rejection(call, ConnectionLostError)).toMatchObject({ attempts: 1, delivery: 'unknown' });
  });

  test('the outcome of a mutation is unknown, and it is not sent again', async () => {
    const { session, connection, accept } = await readySession();
    const call = watch(session.execute('mutation { a }'));
    connection.latest.next(first);
    connection.lose();
    const next = await accept();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect(next.requests).toEqual([]);
  });

  test('a mutation is sent again under its key, and never to a server that honours none', async () => {
    const { session, connection, accept } = await readySession({ connection: { idempotencyWindowMs: 60_000 } });
    const [kept, moved] = [session.execute('mutation { kept }'), watch(session.execute('mutation { moved }'))];
    for (const request of connection.requests) request.next(first);
    connection.lose();
    const second = await accept();
    expect(second.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      connection.requests.map(({ idempotencyKey }) => idempotencyKey),
    );
    second.requests[0]?.next({ data: { kept: true } });
    expect(await kept).toEqual({ kept: true });
    second.requests[1]?.next(first);
    second.lose();
    const third = await accept({ idempotencyWindowMs: 0 });
    expect(third.requests).toEqual([]);
    expect(moved.error).toBeInstanceOf(OutcomeUnknownError);
  });

  test('a part shows that the peer lives on with it: a suspect need not wait until that is asked', async () => {
    const { session, connection, accept, clock } = await readySession();
    const suspect = session.execute('{ suspect }', undefined, { retry: { delayMs: () => 1_000 } });
    connection.lose(closedWith(CloseCode.internalError));
    const next = await accept();
    const other = session.execute('{ other }');
    next.latest.next(first);
    await clock.advance(1_000);
    expect(next.queries).toEqual(['{ other }', '{ suspect }']);
    next.latest.data({ suspect: 1 });
    next.requests[0]?.next(end);
    expect(await Promise.all([suspect, other])).toEqual([{ suspect: 1 }, { a: 1 }]);
  });
});

test('A rule is asked about the errors of the whole answer, and of the second answer nothing is left of the first', async () => {
  const asked: unknown[] = [];
  const { session, connection, clock } = await readySession();
  const call = session.execute('{ a }', undefined, {
    retry: {
      verdict: ({ errors }) => {
        asked.push(errors?.map(({ message }) => message));
        return asked.length === 1 ? 'retry' : undefined;
      },
    },
  });
  connection.latest.next({ ...first, errors: [{ message: 'one' }] });
  connection.latest.next({ ...end, errors: [{ message: 'two' }] });
  await clock.advance(1_000);
  expect(connection.requests).toHaveLength(2);
  connection.latest.next({ data: { b: 2 }, hasNext: true });
  connection.latest.next(end);
  expect(await call).toEqual({ b: 2 });
  expect(asked).toEqual([['one', 'two']]);
});
