// What an answer becomes: data, GraphQL errors, or nothing that can be used.

import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../src/session/errors/graphql-result-error.js';
import { ResponseError } from '../../src/session/errors/response-error.js';
import type { RetryContext } from '../../src/session/retry.js';
import type { Failure } from '../../src/transport/contract.js';
import { readySession, rejection, watch } from './support/harness.js';

const errors = [
  {
    message: 'no such book',
    path: ['book', 0, 'title'],
    locations: [{ line: 1, column: 3 }],
    extensions: { code: 'X' },
  },
  { message: 'and another' },
];

describe('GraphQL errors', () => {
  test('make execute() throw all of them, with the partial data', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('query Book { book }');
    connection.latest.next({ data: { book: null }, errors, extensions: { cost: 1 } });
    const error = await rejection(call, GraphQLResultError);
    expect(error).toMatchObject({
      code: 'graphql-errors',
      delivery: 'answered',
      attempts: 1,
      retryable: false,
      errors,
      data: { book: null },
      extensions: { cost: 1 },
    });
    expect(error.message).toBe('Query "Book" was answered with an error at book.0.title: no such book (and 1 more)');
  });

  test('do not make result() throw', async () => {
    const { session, connection } = await readySession();
    const call = session.result('{ book }');
    connection.latest.next({ data: { book: null }, errors });
    expect(await call).toMatchObject({ data: { book: null }, errors });
  });

  test('that came as an error message instead of a result are the same to both', async () => {
    const { session, connection } = await readySession();
    const [execute, result] = [session.execute('{ a }'), session.result('{ b }')];
    for (const request of connection.requests) request.errors({ message: 'syntax' });
    expect(await rejection(execute, GraphQLResultError)).toMatchObject({ errors: [{ message: 'syntax' }] });
    expect(await result).toMatchObject({ data: undefined, errors: [{ message: 'syntax' }] });
    expect(session.operations).toBe(0);
  });

  test('in an empty list are none', async () => {
    const { session, connection } = await readySession();
    const call = session.execute('{ a }');
    connection.latest.next({ data: { a: 1 }, errors: [] });
    expect(await call).toEqual({ a: 1 });
  });
});

describe('a rule that decides about GraphQL errors', () => {
  test.each(['a result', 'an error message'])('sends again what was answered with %s, after its delay', async (how) => {
    const asked: [Failure, RetryContext][] = [];
    const { session, connection, clock, settle } = await readySession();
    const call = watch(
      session.result(
        'query Busy { a }',
        {},
        {
          retry: {
            delayMs: () => 1_000,
            verdict: (failure, context) => {
              asked.push([failure, context]);
              return failure.errors?.[0]?.extensions?.code === 'BUSY' ? 'retry' : undefined;
            },
          },
        },
      ),
    );
    const busy = { message: 'busy', extensions: { code: 'BUSY' } };
    if (how === 'a result') connection.latest.next({ data: null, errors: [busy] });
    else connection.latest.errors(busy);
    await clock.advance(999);
    expect([call.status, connection.requests.length]).toEqual(['pending', 1]);
    await clock.advance(1);
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toMatchObject({ data: { a: 1 }, meta: { attempts: 2 } });
    expect(asked).toEqual([
      [
        expect.objectContaining({ code: 'graphql-errors', message: 'busy', errors: [busy] }),
        { subject: 'execute', attempt: 1, delivery: 'answered', kind: 'query', operationName: 'Busy' },
      ],
    ]);
  });

  test('hands them on when its attempts are used up', async () => {
    const { session, connection, clock } = await readySession();
    const call = watch(
      session.execute('{ a }', {}, { retry: { attempts: 2, delayMs: () => 10, verdict: () => 'retry' } }),
    );
    connection.latest.errors({ message: 'first' });
    await clock.advance(10);
    connection.latest.errors({ message: 'second' });
    await clock.advance(0);
    expect(call.error).toMatchObject({ name: 'GraphQLResultError', attempts: 2, errors: [{ message: 'second' }] });
    expect(connection.requests).toHaveLength(2);
  });

  test('starts a subscription again, and tells its consumer', async () => {
    const { session, connection, clock } = await readySession();
    const subscription = session.subscribe(
      'subscription { s }',
      {},
      {
        retry: { delayMs: () => 500, verdict: ({ code }) => (code === 'graphql-errors' ? 'retry' : undefined) },
      },
    );
    const first = watch(subscription.next());
    connection.latest.errors({ message: 'busy' });
    await clock.advance(500);
    expect(connection.requests).toHaveLength(2);
    expect(first.value).toEqual({
      done: false,
      value: { type: 'gap', gap: { reason: 'retried', lostAt: 1_000_000, liveAt: 1_000_500 } },
    });
  });
});

describe('an answer that cannot be used', () => {
  test('data: null without errors is no data for execute(), and is handed on by result()', async () => {
    const { session, connection } = await readySession();
    const [execute, result] = [session.execute('{ a }'), session.result('{ a }')];
    for (const request of connection.requests) request.next({ data: null });
    expect(await rejection(execute, ResponseError)).toMatchObject({ code: 'no-answer', delivery: 'answered' });
    expect(await result).toMatchObject({ data: null, errors: undefined });
  });

  test('complete without a result is no answer', async () => {
    const { session, connection } = await readySession();
    const call = session.result('query Empty { a }');
    connection.latest.complete();
    const error = await rejection(call, ResponseError);
    expect(error).toMatchObject({ code: 'no-answer', delivery: 'answered', attempts: 1 });
    expect(error.message).toContain('Query "Empty" got no usable answer');
  });

  test('one beyond the limit fails its operation alone', async () => {
    const { session, connection, settle } = await readySession();
    const [large, other] = [watch(session.execute('{ large }')), watch(session.execute('{ other }'))];
    const failure: Failure = { code: 'too-large', phase: 'operation', message: 'too large', delivery: 'answered' };
    connection.requests[0]?.fail(failure);
    connection.requests[1]?.data({ other: 1 });
    await settle();
    expect(large.error).toMatchObject({ name: 'ResponseError', code: 'too-large', failure });
    expect(other.value).toEqual({ other: 1 });
    expect(session.state.status).toBe('ready');
  });

  test('what comes after the answer is nobody’s', async () => {
    const { session, connection, settle } = await readySession();
    const call = watch(session.execute('{ a }'));
    connection.latest.data({ a: 1 });
    connection.latest.data({ a: 2 });
    connection.latest.errors({ message: 'late' });
    connection.latest.complete();
    await settle();
    expect(call.value).toEqual({ a: 1 });
    expect(session.operations).toBe(0);
  });
});
