// Streams and lost connections: before its first part a stream is like a call; then a query's snapshots begin anew, and what
// cannot begin anew fails.

import { describe, expect, test } from 'vitest';
import * as CloseCode from '../../src/protocol/close-codes.js';
import type { Result } from '../../src/protocol/result.js';
import { ConnectionLostError } from '../../src/session/errors/connection-lost-error.js';
import { GraphQLResultError } from '../../src/session/errors/graphql-result-error.js';
import { OperationRejectedError } from '../../src/session/errors/operation-rejected-error.js';
import { OutcomeUnknownError } from '../../src/session/errors/outcome-unknown-error.js';
import type { RetryRule } from '../../src/session/retry.js';
import { closedWith } from './support/failures.js';
import { makeSession, readySession, rejection } from './support/harness.js';
import { add, all, begin, end, take } from './support/parts.js';

const done = { done: true, value: undefined };
const forms = ['snapshot', 'patch'] as const;

describe.each(forms)('before its first part, a stream as %s', (as) => {
  test('waits for the connection', async () => {
    const { session, accept } = makeSession();
    const stream = session.stream('mutation { a }', undefined, { as });
    (await accept()).latest.next({ data: { a: 1 } });
    expect(await all(stream)).toMatchObject([{ data: { a: 1 } }]);
  });

  test('of a query is sent again, as often as its rule allows', async () => {
    const { session, connection, accept } = await readySession();
    const [again, twice] = [
      session.stream('{ a }', undefined, { as }),
      session.stream('{ b }', undefined, { as, retry: { attempts: 2 } }),
    ];
    connection.lose();
    (await accept()).lose();
    const third = await accept();
    expect(third.queries).toEqual(['{ a }']);
    third.latest.next({ data: { a: 1 } });
    const [part] = await all(again);
    expect(part).toMatchObject({ data: { a: 1 } });
    expect(await rejection(twice.next(), ConnectionLostError)).toMatchObject({ attempts: 2 });
  });

  test('of a mutation is not sent again: its outcome is unknown', async () => {
    const { session, connection, accept } = await readySession();
    const stream = session.stream('mutation { a }', undefined, { as });
    connection.lose();
    const next = await accept();
    await rejection(stream.next(), OutcomeUnknownError);
    expect(next.requests).toEqual([]);
  });

  test('of a mutation is sent again under its key', async () => {
    const { session, connection, accept } = await readySession({ connection: { idempotencyWindowMs: 60_000 } });
    const stream = session.stream('mutation { a }', undefined, { as, idempotencyKey: 'once' });
    connection.lose();
    const next = await accept();
    expect(next.latest.idempotencyKey).toBe('once');
    next.latest.next({ data: { a: 1 } });
    expect(await all(stream)).toMatchObject([{ data: { a: 1 } }]);
  });
});

describe('after its first part', () => {
  test('the snapshots of a query begin anew, and the first of them says so', async () => {
    const { session, connection, accept } = await readySession();
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }, { errors: [{ message: 'old' }] }));
    connection.latest.next(add({ b: 2 }));
    expect(await take(stream)).toMatchObject({ data: { a: 1, b: 2 }, restarted: false });
    connection.lose();
    const next = await accept();
    next.latest.next(begin({ a: 3 }));
    expect(await take(stream)).toEqual({
      data: { a: 3 },
      errors: undefined,
      extensions: undefined,
      hasNext: true,
      restarted: true,
    });
    next.latest.next(add({ b: 4 }));
    expect(await take(stream)).toMatchObject({ data: { a: 3, b: 4 }, restarted: false });
    next.latest.next(end());
    expect(await all(stream)).toMatchObject([{ data: { a: 3, b: 4 }, hasNext: false, restarted: false }]);
  });

  test('a snapshot that nobody took is the newest until the new answer begins', async () => {
    const { session, connection, accept } = await readySession();
    const [taken, replaced] = [session.stream('{ taken }'), session.stream('{ replaced }')];
    for (const request of connection.requests) request.next(begin({ old: true }));
    connection.lose();
    const next = await accept();
    expect(await take(taken)).toMatchObject({ data: { old: true }, hasNext: true, restarted: false });
    for (const request of next.requests) request.next({ data: { new: true } });
    expect(await all(taken)).toMatchObject([{ data: { new: true }, restarted: true }]);
    // Its consumer has seen nothing of the old answer.
    expect(await all(replaced)).toMatchObject([{ data: { new: true }, restarted: false }]);
  });

  test('and before the new answer, a snapshot is said to begin anew however often the connection is lost', async () => {
    const { session, connection, accept } = await readySession();
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    await take(stream);
    connection.lose();
    const second = await accept();
    second.latest.next(begin({ a: 2 }));
    second.lose();
    const third = await accept();
    third.latest.next({ data: { a: 3 } });
    expect(await all(stream)).toMatchObject([{ data: { a: 3 }, restarted: true }]);
  });

  test('a query that may not be sent again fails, after the snapshot that waits', async () => {
    const { session, connection, accept } = await readySession();
    const [never, twice] = [
      session.stream('{ never }', undefined, { retry: false }),
      session.stream('{ twice }', undefined, { retry: { attempts: 2 } }),
    ];
    for (const request of connection.requests) request.next(begin({ a: 1 }));
    connection.lose();
    expect((await take(never)).data).toEqual({ a: 1 });
    expect(await rejection(never.next(), ConnectionLostError)).toMatchObject({ attempts: 1, delivery: 'unknown' });
    const next = await accept();
    next.latest.next(begin({ a: 2 }));
    next.lose();
    expect((await take(twice)).data).toEqual({ a: 2 });
    expect(await rejection(twice.next(), ConnectionLostError)).toMatchObject({ attempts: 2 });
  });

  test('patches fail, after those that wait: others would not belong to them', async () => {
    const { session, connection, accept } = await readySession();
    const stream = session.stream('query Cut { a }', undefined, { as: 'patch' });
    connection.latest.next(begin({ a: 1 }));
    connection.latest.next(add({ b: 2 }));
    connection.lose();
    const next = await accept();
    expect(next.requests).toEqual([]);
    expect((await take(stream)).data).toEqual({ a: 1 });
    expect((await take(stream)).patches).toMatchObject([{ data: { b: 2 } }]);
    const error = await rejection(stream.next(), ConnectionLostError);
    expect(error).toMatchObject({ attempts: 1, delivery: 'unknown', retryable: true });
    expect(await stream.next()).toEqual(done);
  });

  test.each(forms)('the outcome of a mutation as %s is unknown, whatever key it has', async (as) => {
    const { session, connection, accept } = await readySession({ connection: { idempotencyWindowMs: 60_000 } });
    const stream = session.stream('mutation { a }', undefined, { as, idempotencyKey: 'once' });
    connection.latest.next(begin({ a: 1 }));
    connection.lose();
    const next = await accept();
    expect(next.requests).toEqual([]);
    expect((await take(stream)).data).toEqual({ a: 1 });
    await rejection(stream.next(), OutcomeUnknownError);
  });

  test('what failed alone, as on a pool, is treated the same', async () => {
    const { session, connection, clock } = await readySession({ connection: { kind: 'pool' } });
    const [query, patches, mutation] = [
      session.stream('{ a }'),
      session.stream('{ b }', undefined, { as: 'patch' }),
      session.stream('mutation { c }'),
    ];
    for (const request of connection.requests) request.next(begin({ old: true }));
    await Promise.all([take(query), take(patches), take(mutation)]);
    for (const request of [...connection.requests])
      request.fail({ code: 'network', phase: 'operation', message: 'reset' });
    await clock.advance(1_000);
    expect(connection.queries.slice(3)).toEqual(['{ a }']);
    connection.latest.next({ data: { new: true } });
    expect(await all(query)).toMatchObject([{ data: { new: true }, restarted: true }]);
    await rejection(patches.next(), ConnectionLostError);
    await rejection(mutation.next(), OutcomeUnknownError);
  });
});

describe('the rule of a stream', () => {
  test('is asked about its first errors; when it is sent again, the server is told to stop the first', async () => {
    const asked: unknown[] = [];
    const { session, connection, clock } = await readySession();
    const stream = session.stream('{ a }', undefined, {
      retry: {
        verdict: ({ errors }) => {
          asked.push(errors?.map(({ message }) => message));
          return asked.length < 3 ? 'retry' : undefined;
        },
      },
    });
    connection.latest.next(begin({ a: 1 }, { errors: [{ message: 'one' }] }));
    await clock.advance(1_000);
    connection.latest.next({ errors: [{ message: 'two' }], hasNext: true });
    await clock.advance(1_000);
    expect(connection.requests.map(({ cancelled }) => cancelled)).toEqual([true, true, false]);
    connection.latest.next(begin({ a: 3 }, { errors: [{ message: 'three' }] }));
    connection.latest.next(add({ b: 3 }, { errors: [{ message: 'four' }] }));
    connection.latest.next(end());
    expect(await all(stream)).toMatchObject([
      { data: { a: 3, b: 3 }, errors: [{ message: 'three' }, { message: 'four' }], restarted: false },
    ]);
    expect(asked).toEqual([['one'], ['two'], ['three']]);
  });

  test('may send snapshots again that ended with an error, and nothing that is final', async () => {
    const { session, connection, clock } = await readySession();
    const retry: RetryRule = { verdict: () => 'retry' };
    const [snapshots, patches] = [
      session.stream('{ a }', undefined, { retry }),
      session.stream('{ b }', undefined, { as: 'patch', retry }),
    ];
    for (const request of [...connection.requests]) {
      request.next(begin({ old: true }));
      request.errors({ message: 'overloaded' });
    }
    await clock.advance(1_000);
    expect(connection.queries.slice(2)).toEqual(['{ a }']);
    expect((await take(snapshots)).data).toEqual({ old: true });
    connection.latest.next({ data: { new: true } });
    expect(await all(snapshots)).toMatchObject([{ data: { new: true }, restarted: true }]);
    expect((await take(patches)).data).toEqual({ old: true });
    await rejection(patches.next(), GraphQLResultError);
  });
});

test('A stream that is alone on trial when the connection is ended again is rejected', async () => {
  const { session, connection, accept } = await readySession();
  const stream = session.stream('{ a }');
  connection.lose(closedWith(CloseCode.internalError));
  const next = await accept();
  next.lose(closedWith(CloseCode.internalError));
  await rejection(stream.next(), OperationRejectedError);
});

test('What still comes of the first answer after the second was begun concerns nobody', async () => {
  const { session, connection, accept } = await readySession();
  const stream = session.stream('{ a }');
  const old = connection.latest;
  old.next(begin({ a: 1 }));
  connection.lose();
  const next = await accept();
  next.latest.next(begin({ a: 2 }));
  old.next(add({ a: 'late' }));
  old.next({ incremental: [{ id: '7', data: {} }], hasNext: true } as Result);
  next.latest.next(end());
  expect(await all(stream)).toMatchObject([{ data: { a: 2 } }]);
});
