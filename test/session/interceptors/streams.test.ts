// Interceptors and streams: they see every part as the server sent it, then one end; and execute() of such an answer.

import { describe, expect, test } from 'vitest';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import type { Failure } from '../../../src/transport/contract.js';
import { readySession, rejection } from '../support/harness.js';
import { add, all, begin, end, take } from '../support/parts.js';
import { changing, KeepsAnswers, KeepsRequests, recording } from './support.js';

const levels = ['call', 'attempt'] as const;
const forms = ['snapshot', 'patch'] as const;

/** What was recorded, but for the sends. */
const seen = (log: readonly string[]): string[] => log.filter((line) => !line.endsWith('sending'));

describe.each(levels)('two interceptors of %ss', (level) => {
  test.each(forms)('see every part of a stream as %s in order, and exactly one end', async (as) => {
    const log: string[] = [];
    const { session, connection } = await readySession({
      interceptors: { [level]: [recording(log, 'first'), recording(log, 'second')] },
    });
    const stream = session.stream('{ a }', undefined, { as });
    const { latest } = connection;
    latest.next(begin({ a: 1 }));
    latest.next(add({ b: 2 }, { data: undefined }));
    latest.next(end());
    latest.complete();
    expect(seen(log)).toEqual([
      'first: start query',
      'second: start query',
      ...['{"a":1}', 'undefined', 'undefined'].flatMap((part) => [`second: next ${part}`, `first: next ${part}`]),
      'second: complete',
      'first: complete',
    ]);
    const parts = await all(stream);
    expect(parts.at(-1)).toMatchObject({ hasNext: false });
    expect(parts).toHaveLength(as === 'patch' ? 3 : 1);
    expect([latest.cancelled, session.operations]).toEqual([false, 0]);
  });

  test('see the one part of an ordinary answer, and its end', async () => {
    const log: string[] = [];
    const { session, connection } = await readySession({ interceptors: { [level]: [recording(log)] } });
    const stream = session.stream('mutation { a }');
    connection.latest.next({ data: { a: 1 } });
    expect(await all(stream)).toMatchObject([{ data: { a: 1 }, hasNext: false }]);
    expect(seen(log)).toEqual(['seen: start mutation', 'seen: next {"a":1}', 'seen: complete']);
  });

  test('learn of its errors, and of nothing after them', async () => {
    const log: string[] = [];
    const { session, connection } = await readySession({ interceptors: { [level]: [recording(log)] } });
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    connection.latest.errors({ message: 'gone' });
    connection.latest.next(end());
    expect((await take(stream)).data).toEqual({ a: 1 });
    await expect(stream.next()).rejects.toThrow('gone');
    expect(seen(log)).toEqual(['seen: start query', 'seen: next {"a":1}', 'seen: error graphql-errors']);
  });

  test('learn as a cancellation that its consumer left, that a part broke the rules, or that its buffer is full', async () => {
    const log: string[] = [];
    const { session, connection } = await readySession({
      buffer: { maxEvents: 1 },
      interceptors: { [level]: [recording(log)] },
    });
    const [left, broken, full] = [
      session.stream('{ left }'),
      session.stream('{ broken }'),
      session.stream('{ full }', undefined, { as: 'patch' }),
    ];
    for (const request of connection.requests) request.next(begin({ a: 1 }));
    log.length = 0;
    await left.return();
    expect(log).toEqual(['seen: cancel']);
    connection.requests[1]?.next(begin({ again: 1 }));
    expect(log.slice(1)).toEqual(['seen: next {"again":1}', 'seen: cancel']);
    await rejection(broken.next(), ResponseError);
    connection.requests[2]?.next(add({ b: 2 }));
    expect(log.slice(3)).toEqual(['seen: next undefined', 'seen: cancel']);
    expect(await full.next()).toMatchObject({ done: false });
    expect(connection.requests.map(({ cancelled }) => cancelled)).toEqual([true, true, true]);
    expect(session.operations).toBe(0);
  });

  test('may change what comes, and what they throw ends the stream alone', async () => {
    const { session, connection } = await readySession({
      interceptors: {
        [level]: [
          changing({
            sink: (sink) => ({
              next: (result, bytes) => {
                if (result.extensions !== undefined) throw new Error('not this one');
                sink.next(result.data === undefined ? result : { ...result, data: { changed: true } }, bytes);
              },
            }),
          }),
        ],
      },
    });
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    connection.latest.next(add({ b: 2 }));
    expect((await take(stream)).data).toEqual({ changed: true, b: 2 });
    connection.latest.next(end({ extensions: { cost: 1 } }));
    const error = await rejection(stream.next(), InterceptorError);
    expect(error.message).toContain('not this one');
  });

  test('may answer it themselves, part by part', async () => {
    const keeps = new KeepsRequests();
    const { session, connection } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const stream = session.stream('{ a }');
    const { sink } = keeps.latest;
    sink.next(begin({ a: 1 }), 0);
    expect((await take(stream)).data).toEqual({ a: 1 });
    sink.next(end({ incremental: [{ path: [], data: { b: 2 } }] }), 0);
    sink.complete();
    expect(await all(stream)).toMatchObject([{ data: { a: 1, b: 2 }, hasNext: false }]);
    expect([connection.requests.length, session.operations]).toEqual([0, 0]);
  });

  test('that hand its last part on end it with that, whether or not they complete it', async () => {
    const keeps = new KeepsRequests();
    const { session } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const stream = session.stream('{ a }');
    keeps.latest.sink.next(end({ data: { a: 1 } }), 0);
    expect(session.operations).toBe(0);
    expect(await all(stream)).toMatchObject([{ data: { a: 1 }, hasNext: false }]);
  });

  test('that complete it before its last part make it fail', async () => {
    const keeps = new KeepsRequests();
    const { session } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const stream = session.stream('{ a }');
    keeps.latest.sink.next(begin({ a: 1 }), 0);
    keeps.latest.sink.complete();
    expect((await take(stream)).data).toEqual({ a: 1 });
    await rejection(stream.next(), level === 'call' ? InterceptorError : ResponseError);
    expect(session.operations).toBe(0);
  });

  test('that keep its parts back may hand them on later', async () => {
    const keeps = new KeepsAnswers();
    const { session, connection } = await readySession({ interceptors: { [level]: [keeps.interceptor] } });
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    connection.latest.next(end({ incremental: [{ path: [], data: { b: 2 } }] }));
    expect(session.operations).toBe(1);
    keeps.letGo();
    expect(await all(stream)).toMatchObject([{ data: { a: 1, b: 2 } }]);
  });
});

test('Interceptors of calls see the retries of a stream as one, and those of attempts each send', async () => {
  const log: string[] = [];
  const { session, connection, accept } = await readySession({
    interceptors: { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] },
  });
  const stream = session.stream('{ a }');
  connection.latest.next(begin({ a: 1 }));
  await take(stream);
  connection.lose();
  const next = await accept();
  next.latest.next(begin({ a: 2 }));
  next.latest.next(end());
  expect(await all(stream)).toMatchObject([{ data: { a: 2 }, restarted: true }]);
  expect(seen(log).filter((line) => line.startsWith('call'))).toEqual([
    'call: start query',
    'call: next {"a":1}',
    'call: next {"a":2}',
    'call: next undefined',
    'call: complete',
  ]);
  expect(seen(log).filter((line) => line.startsWith('attempt'))).toEqual([
    'attempt: start query',
    'attempt: next {"a":1}',
    'attempt: error closed',
    'attempt: start query',
    'attempt: next {"a":2}',
    'attempt: next undefined',
    'attempt: complete',
  ]);
});

test('What execute() asks for, interceptors of attempts see in parts, and those of calls as one answer', async () => {
  const log: string[] = [];
  const { session, connection } = await readySession({
    interceptors: { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] },
  });
  const call = session.execute('{ a }');
  connection.latest.next(begin({ a: 1 }));
  connection.latest.next(add({ b: 2 }));
  connection.latest.next(end());
  expect(await call).toEqual({ a: 1, b: 2 });
  expect(seen(log)).toEqual([
    'call: start query',
    'attempt: start query',
    'attempt: next {"a":1}',
    'attempt: next undefined',
    'attempt: next undefined',
    'call: next {"a":1,"b":2}',
    'call: complete',
    'attempt: complete',
  ]);
});

test('An interceptor of attempts that ends a mutation between its parts does not make its outcome known', async () => {
  const failure: Failure = { code: 'closed', phase: 'operation', message: 'enough', delivery: 'answered' };
  const impatient = changing({ sink: (sink) => ({ next: () => sink.error(failure) }) });
  const { session, connection } = await readySession({ interceptors: { attempt: [impatient] } });
  const [stream, call] = [session.stream('mutation { a }'), session.execute('mutation { b }')];
  for (const request of connection.requests) request.next(begin({ a: 1 }));
  await rejection(stream.next(), OutcomeUnknownError);
  await rejection(call, OutcomeUnknownError);
  expect(connection.requests.map(({ cancelled }) => cancelled)).toEqual([true, true]);
});

describe('an interceptor of calls that passes a failed stream on again', () => {
  const again: Interceptor = (next) => (request, sink) => {
    let left = 1;
    const start = (): ReturnType<typeof next> =>
      next(request, {
        ...sink,
        error: (failure) => {
          if (left === 0) return sink.error(failure);
          left -= 1;
          handle = start();
        },
      });
    let handle = start();
    return { cancel: () => handle.cancel() };
  };

  test('gives a query new snapshots', async () => {
    const { session, connection } = await readySession({ interceptors: { call: [again] } });
    const stream = session.stream('{ a }');
    connection.latest.next(begin({ a: 1 }));
    expect((await take(stream)).data).toEqual({ a: 1 });
    connection.latest.errors({ message: 'gone' });
    connection.latest.next(begin({ a: 2 }));
    expect(await take(stream)).toMatchObject({ data: { a: 2 }, restarted: true });
    connection.latest.next(end());
    expect(await all(stream)).toMatchObject([{ hasNext: false }]);
  });

  test('cannot give patches that belong to others, nor run a mutation again', async () => {
    const { session, connection, accept } = await readySession({ interceptors: { call: [again] } });
    const [patches, mutation] = [session.stream('{ a }', undefined, { as: 'patch' }), session.stream('mutation { b }')];
    for (const request of connection.requests) request.next(begin({ a: 1 }));
    connection.lose();
    const next = await accept();
    expect(next.requests).toEqual([]);
    expect((await take(patches)).data).toEqual({ a: 1 });
    expect((await take(mutation)).data).toEqual({ a: 1 });
    for (const stream of [patches, mutation]) {
      const error = await rejection(stream.next(), InterceptorError);
      expect(error.message).toContain('passed a stream on again that cannot begin anew');
    }
  });

  test('that has had no part yet is like a call', async () => {
    const { session, connection } = await readySession({ interceptors: { call: [again] } });
    const stream = session.stream('{ a }', undefined, { as: 'patch' });
    connection.latest.errors({ message: 'gone' });
    connection.latest.next({ data: { a: 2 } });
    expect(await all(stream)).toMatchObject([{ data: { a: 2 } }]);
  });
});

test('Behind interceptors as without them, what a lost connection cuts off is told as it is', async () => {
  const { session, connection } = await readySession({
    interceptors: { call: [recording([])], attempt: [recording([])] },
  });
  const [patches, mutation] = [session.stream('{ a }', undefined, { as: 'patch' }), session.stream('mutation { b }')];
  for (const request of connection.requests) request.next(begin({ a: 1 }));
  connection.lose();
  await Promise.all([take(patches), take(mutation)]);
  await rejection(patches.next(), ConnectionLostError);
  await rejection(mutation.next(), OutcomeUnknownError);
  expect(session.operations).toBe(0);
});
