// How a stream ends: with its last part, an error, its consumer, its deadline; and that it is a call to everything that bounds
// calls.

import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/protocol/result.js';
import { CancelledError } from '../../src/session/errors/cancelled-error.js';
import { DeadlineError } from '../../src/session/errors/deadline-error.js';
import { GraphQLResultError } from '../../src/session/errors/graphql-result-error.js';
import { ResponseError } from '../../src/session/errors/response-error.js';
import { SessionClosedError } from '../../src/session/errors/session-closed-error.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';
import { all, begin, end, take } from './support/parts.js';

const done = { done: true, value: undefined };

describe('a stream ends', () => {
  test('with all errors when it is answered by errors alone', async () => {
    const { session, connection } = await readySession();
    const errors = [{ message: 'no such field' }, { message: 'and another' }];
    for (const answer of [{ errors }, { errors, hasNext: true }]) {
      const stream = session.stream('query Bad { a }');
      connection.latest.next(answer);
      const error = await rejection(stream.next(), GraphQLResultError);
      expect(error).toMatchObject({ errors, delivery: 'answered', attempts: 1 });
      expect(await stream.next()).toEqual(done);
      expect(connection.latest.cancelled).toBe(answer.hasNext === true);
    }
    const stream = session.stream('{ a }');
    connection.latest.errors(...errors);
    expect(await rejection(stream.next(), GraphQLResultError)).toMatchObject({ errors });
    expect(session.operations).toBe(0);
  });

  test('with an error between its parts, after the part that waits', async () => {
    const { session, connection } = await readySession();
    for (const as of ['snapshot', 'patch'] as const) {
      const stream = session.stream('{ a }', undefined, { as });
      connection.latest.next(begin({ a: 1 }));
      connection.latest.errors({ message: 'gone' });
      expect((await take(stream)).data).toEqual({ a: 1 });
      await rejection(stream.next(), GraphQLResultError);
      expect(await stream.next()).toEqual(done);
    }
  });

  test.each(['snapshot', 'patch'] as const)(
    'as %s, where a part breaks the rules, with an error of its own, and the server is told to stop',
    async (as) => {
      const { session, connection } = await readySession();
      const stream = session.stream('query Bad { a }', undefined, { as });
      const other = session.execute('{ b }');
      const [request] = connection.requests;
      request?.next(begin({ a: 1 }));
      await take(stream);
      request?.next({ incremental: [{ id: '7', data: {} }], hasNext: true } as Result);
      const error = await rejection(stream.next(), ResponseError);
      expect(error).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
      expect(error.message).toContain(
        'Query "Bad" got no usable answer: The server broke the rules of answers in parts',
      );
      expect(request?.cancelled).toBe(true);
      connection.latest.data({ b: 1 });
      expect(await other).toEqual({ b: 1 });
    },
  );

  test('with a snapshot in which no part is by half', async () => {
    const { session, connection } = await readySession();
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    const entries = [
      { path: [], data: { b: 2 } },
      { path: ['no', 'where'], data: {} },
    ];
    connection.latest.next({ incremental: entries, hasNext: true } as Result);
    await rejection(stream.next(), ResponseError);
  });

  test('with an error when the server completes it before its first or its last part', async () => {
    const { session, connection } = await readySession();
    const empty = session.stream('{ a }');
    connection.latest.complete();
    const none = await rejection(empty.next(), ResponseError);
    expect([none.code, none.message]).toEqual(['no-answer', expect.stringContaining('without an answer')]);
    const cut = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    connection.latest.complete();
    expect((await take(cut)).data).toEqual({ a: 1 });
    const error = await rejection(cut.next(), ResponseError);
    expect([error.code, error.message]).toEqual(['no-answer', expect.stringContaining('before the last part')]);
  });

  test('when its consumer leaves the loop, and the server is told to stop', async () => {
    const { session, connection } = await readySession();
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    for await (const part of stream) {
      expect(part.data).toEqual({ a: 1 });
      break;
    }
    expect([connection.latest.cancelled, session.operations]).toEqual([true, 0]);
    connection.latest.next(end());
    expect(await stream.next()).toEqual(done);
  });

  test.each(['snapshot', 'patch'] as const)('as %s without what waits, when its consumer returns', async (as) => {
    const { session, connection } = await readySession();
    const stream = session.stream('{ a }', undefined, { as });
    connection.latest.next(begin({ a: 1 }));
    expect(await stream.return()).toEqual(done);
    expect(await stream.next()).toEqual(done);
  });

  test('when it goes out of scope, whoever waits for it', async () => {
    const { session, connection, settle } = await readySession();
    const stream = session.stream('{ a }');
    const pull = watch(stream.next());
    await stream[Symbol.asyncDispose]();
    await settle();
    expect(pull.value).toEqual(done);
    expect(connection.latest.cancelled).toBe(true);
  });

  test('at once when its signal is aborted, without the part that waits', async () => {
    const { session, connection } = await readySession();
    for (const as of ['snapshot', 'patch'] as const) {
      const controller = new AbortController();
      const stream = session.stream('{ a }', undefined, { as, signal: controller.signal });
      connection.latest.next(begin({ a: 1 }));
      controller.abort('enough');
      expect(await rejection(stream.next(), CancelledError)).toMatchObject({ cause: 'enough', delivery: 'unknown' });
      expect(await stream.next()).toEqual(done);
      expect(connection.latest.cancelled).toBe(true);
    }
    const stream = session.stream('{ a }', undefined, { signal: AbortSignal.abort() });
    expect(await rejection(stream.next(), CancelledError)).toMatchObject({ delivery: 'not-sent' });
    expect(connection.requests).toHaveLength(2);
  });
});

describe('the deadline of a stream', () => {
  test('is that of its session, from the call to the last part', async () => {
    const { session, connection, clock } = await readySession({ deadlineMs: 5_000 });
    const stream = session.stream('{ a }');
    await clock.advance(4_000);
    connection.latest.next(begin({ a: 1 }));
    await clock.advance(999);
    expect(session.operations).toBe(1);
    await clock.advance(1);
    expect([session.operations, connection.latest.cancelled]).toEqual([0, true]);
    expect((await take(stream)).data).toEqual({ a: 1 });
    expect(await rejection(stream.next(), DeadlineError)).toMatchObject({ delivery: 'unknown', deadlineMs: 5_000 });
  });

  test('may be its own, and does not concern parts that have come', async () => {
    const { session, connection, clock } = await readySession();
    const short = session.stream('{ short }', undefined, { deadlineMs: 100 });
    const endless = session.stream('{ endless }', undefined, { deadlineMs: Number.POSITIVE_INFINITY });
    const complete = session.stream('{ complete }', undefined, { deadlineMs: 100 });
    connection.latest.next({ data: { complete: true } });
    await clock.advance(100);
    expect(await rejection(short.next(), DeadlineError)).toMatchObject({ deadlineMs: 100 });
    expect(await all(complete)).toMatchObject([{ data: { complete: true } }]);
    connection.heard();
    await clock.advance(14_000);
    expect(session.operations).toBe(1);
    await endless.return();
  });

  test('holds while there is no connection', async () => {
    const { session, clock } = makeSession();
    const stream = session.stream('{ a }', undefined, { deadlineMs: 100 });
    const pull = rejection(stream.next(), DeadlineError);
    await clock.advance(100);
    expect(await pull).toMatchObject({ delivery: 'not-sent' });
  });
});

describe('a stream is a call', () => {
  test('to maxInFlight, until its last part', async () => {
    const { session, connection, settle } = await readySession({ maxInFlight: 1 });
    const stream = session.stream('{ first }');
    watch(session.execute('{ second }'));
    connection.latest.next(begin({ first: 1 }));
    await settle();
    expect(connection.queries).toEqual(['{ first }']);
    connection.latest.next(end());
    expect(connection.queries).toEqual(['{ first }', '{ second }']);
    expect(await all(stream)).toHaveLength(1);
  });

  test('to close(): what is in flight may be answered to the end, what was not sent is refused', async () => {
    const { session, connection, settle } = await readySession({ maxInFlight: 1 });
    const [flying, unsent] = [session.stream('{ flying }'), session.stream('{ unsent }')];
    connection.latest.next(begin({ flying: 1 }));
    const closed = watch(session.close({ graceMs: 1_000 }));
    expect(await rejection(unsent.next(), SessionClosedError)).toMatchObject({ delivery: 'not-sent' });
    await settle();
    expect(closed.status).toBe('pending');
    connection.latest.next(end());
    await settle();
    expect(closed.status).toBe('resolved');
    expect(await all(flying)).toMatchObject([{ data: { flying: 1 }, hasNext: false }]);
  });

  test('to the end of the grace: it fails after the part that waits', async () => {
    const { session, connection, clock } = await readySession();
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    watch(session.close({ graceMs: 1_000 }));
    await clock.advance(1_000);
    expect((await take(stream)).data).toEqual({ a: 1 });
    expect(await rejection(stream.next(), SessionClosedError)).toMatchObject({ delivery: 'unknown' });
  });

  test('to a closed session, which refuses it at once', async () => {
    const { session } = await readySession();
    await session.close();
    await rejection(session.stream('{ a }').next(), SessionClosedError);
  });

  test('to a connection that retires: it finishes there', async () => {
    const { session, connection, accept } = await readySession();
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    connection.goingAway(60_000);
    const next = await accept();
    connection.latest.next(end());
    expect(await all(stream)).toMatchObject([{ data: { a: 1 }, hasNext: false, restarted: false }]);
    expect(next.requests).toEqual([]);
  });
});
