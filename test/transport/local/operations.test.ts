// One operation within the process, without a session: what the executor is given, what the sink is told, and when.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { Execution, Executor } from '../../../src/protocol/executor.js';
import type { Result } from '../../../src/protocol/result.js';
import { answering, ask, executorOf, open, ScriptedSource, turns } from './support/opening.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const byteLength = (text: string): number => Buffer.byteLength(text);

describe('what the executor is given', () => {
  const executor = answering({ data: {} });

  test('is the request, with copies of its variables and extensions for each send', async () => {
    const { connection } = await open(executor);
    const variables = { list: [1], at: new Date(0) };
    const asking = { variables, extensions: { trace: 'a' }, operationName: 'Q' };
    const asked = ask(connection, 'query Q { a }', asking);
    variables.list.push(2);
    await expect.poll(() => asked.results).toHaveLength(1);
    expect(executor.payloads.at(-1)).toEqual({
      query: 'query Q { a }',
      operationName: 'Q',
      variables: { list: [1], at: '1970-01-01T00:00:00.000Z' },
      extensions: { trace: 'a' },
    });
    const plain = ask(connection, '{ a }');
    await expect.poll(() => plain.results).toHaveLength(1);
    expect(executor.payloads.at(-1)).toEqual({ query: '{ a }' });
  });

  test('may be changed by a resolver without anybody noticing', async () => {
    const seen: unknown[] = [];
    const careless = executorOf((payload, { headers, connectionParams }) => {
      seen.push(JSON.stringify([payload.variables, headers]));
      (payload.variables as { a: number }).a += 1;
      (connectionParams as { token: string }).token = 'stolen';
      return { kind: 'result', result: { data: {} } };
    });
    const credentials = { headers: { A: '1' }, connectionParams: { token: 't' } };
    const { connection } = await open(careless, { credentials });
    for (let sends = 1; sends <= 2; sends++) {
      const asked = ask(connection, '{ a }', { variables: { a: 1 } });
      await expect.poll(() => asked.results).toHaveLength(1);
    }
    expect(seen).toEqual(['[{"a":1},{"a":"1"}]', '[{"a":1},{"a":"1"}]']);
    expect(credentials).toEqual({ headers: { A: '1' }, connectionParams: { token: 't' } });
  });

  test('are the headers of the connection and of the call in lower case, its parameters, and a room of its own', async () => {
    const credentials = { headers: { Authorization: 'Bearer a', 'X-B': 'b' }, connectionParams: { user: 'u' } };
    const { connection } = await open(executor, { credentials });
    const first = ask(connection, '{ a }');
    const second = ask(connection, '{ a }', { headers: { 'X-b': 'own', 'X-C': 'c' } });
    await expect.poll(() => first.results.length + second.results.length).toBe(2);
    const [one, two] = executor.contexts.slice(-2);
    expect(one?.headers).toEqual({ authorization: 'Bearer a', 'x-b': 'b' });
    expect(two?.headers).toEqual({ authorization: 'Bearer a', 'x-b': 'own', 'x-c': 'c' });
    expect(one?.connectionParams).toEqual({ user: 'u' });
    expect(one?.connection).toEqual({});
    expect(two?.connection).toBe(one?.connection);
    const { connection: another } = await open(executor);
    const third = ask(another, '{ a }');
    await expect.poll(() => third.results).toHaveLength(1);
    expect(executor.contexts.at(-1)?.connection).not.toBe(one?.connection);
    expect(executor.contexts.at(-1)).toMatchObject({ headers: {}, connectionParams: undefined });
  });
});

describe('an answer', () => {
  test('arrives as JSON would have brought it', async () => {
    const shared = { n: 1 };
    const { connection } = await open(
      answering({
        data: Object.assign(Object.create(null), {
          at: new Date(0),
          gone: undefined,
          own: { toJSON: () => 'written' },
          list: [undefined, Number.NaN],
          one: shared,
          other: shared,
        }),
      }),
    );
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.results).toHaveLength(1);
    const data = asked.results[0]?.data as Record<string, unknown>;
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Object.keys(data)).not.toContain('gone');
    expect(data).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      own: 'written',
      list: [null, null],
      one: { n: 1 },
      other: { n: 1 },
    });
    expect(data.one).not.toBe(data.other);
    expect(data.one).not.toBe(shared);
  });

  test('is counted with the bytes of its message in UTF-8', async () => {
    const { connection } = await open(answering({ data: { text: '€'.repeat(100) } }));
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.results).toHaveLength(1);
    const payload = byteLength(JSON.stringify(asked.results[0]));
    const [bytes = 0] = asked.told.flatMap((one) => (one.type === 'next' ? [one.bytes] : []));
    expect(payload).toBeGreaterThan(300);
    // The message around it: its type and id.
    expect(bytes - payload).toBeGreaterThanOrEqual('{"type":"next","id":"1","payload":}'.length);
    expect(bytes - payload).toBeLessThan(60);
  });

  test('is the one thing that a query is told, after it was sent, and is a sign of life', async () => {
    const { connection, told } = await open(answering({ data: {} }));
    const asked = ask(connection, '{ a }');
    expect([...asked.types]).toEqual([]);
    await expect.poll(() => asked.types).toEqual(['sending', 'next']);
    await turns();
    expect(asked.types).toEqual(['sending', 'next']);
    expect(told).toEqual(['heard']);
  });

  test('in parts arrives part by part, and ends with the last one', async () => {
    const source = new ScriptedSource();
    const { connection } = await open(source.executor);
    const asked = ask(connection, '{ a ... @defer { b } }');
    await expect.poll(() => source.pulls).toBe(1);
    const parts: Result[] = [
      { data: { a: 1 }, hasNext: true },
      { incremental: [{ path: [], data: { b: 2 } }], hasNext: true } as Result,
      { hasNext: false },
    ];
    for (const [index, part] of parts.entries()) {
      source.give(part);
      await expect.poll(() => asked.results).toEqual(parts.slice(0, index + 1));
    }
    expect(asked.types).toEqual(['sending', 'next', 'next', 'next']);
    await expect.poll(() => source.returns).toBe(1);
    expect(source.pulls).toBe(3);
    // It was answered to the end: nobody told the executor to stop.
    expect(source.executor.contexts[0]?.signal.aborted).toBe(false);
  });

  test('to what was asked as a subscription is one event and its end', async () => {
    const { connection } = await open(answering({ data: { a: 1 } }));
    const asked = ask(connection, 'subscription { a }', { kind: 'subscription' });
    await expect.poll(() => asked.types).toEqual(['sending', 'next', 'complete']);
  });

  test('that JSON cannot be made of becomes one GraphQL error, with the original as its cause', async () => {
    const { connection } = await open(answering({ data: { n: 10n } }));
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.types).toEqual(['sending', 'error']);
    expect(asked.failure).toMatchObject({
      code: 'graphql-errors',
      phase: 'operation',
      delivery: 'answered',
      errors: [{ message: 'The answer could not be serialised as JSON.' }],
      cause: expect.any(TypeError),
    });
  });

  test('of errors that JSON cannot be made of is the same GraphQL error', async () => {
    const errors = [{ message: 'bad', extensions: { n: 10n as never } }] as const;
    const { connection } = await open(executorOf(() => ({ kind: 'refused', errors })));
    const asked = ask(connection, '{ a }');
    await expect
      .poll(() => asked.failure?.errors)
      .toEqual([{ message: 'The answer could not be serialised as JSON.' }]);
    expect(asked.failure?.cause).toBeInstanceOf(TypeError);
  });

  test('that was refused is a failure with its errors as plain data', async () => {
    const error = Object.assign(new Error('No such field'), {
      toJSON: () => ({ message: 'No such field', path: ['a'] }),
    });
    const { connection } = await open(executorOf(() => ({ kind: 'refused', errors: [error] })));
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.types).toEqual(['sending', 'error']);
    expect(asked.failure).toMatchObject({ code: 'graphql-errors', delivery: 'answered', message: 'No such field' });
    expect(asked.failure?.errors).toEqual([{ message: 'No such field', path: ['a'] }]);
    expect(asked.failure?.errors?.[0]).not.toBeInstanceOf(Error);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', [1]],
    ['an object without data', {}],
    ['data that is no object', { data: 1 }],
  ])('that is %s in place of a result fails alone', async (_what, result) => {
    const { connection } = await open(answering(result));
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.types).toEqual(['sending', 'error']);
    expect(asked.failure).toMatchObject({ code: 'protocol-error', phase: 'operation', delivery: 'answered' });
    expect(asked.failure?.message).toContain('no GraphQL result');
  });

  test.each<[string, Execution]>([
    ['a result', { kind: 'result', result: { data: { text: '€'.repeat(40) } } }],
    ['errors', { kind: 'refused', errors: [{ message: '€'.repeat(40) }] }],
  ])('beyond the limit of a message fails alone, counted in bytes: %s', async (_what, execution) => {
    const { connection } = await open(
      executorOf(({ query }) => (query === '{ large }' ? execution : { kind: 'result', result: { data: {} } })),
      { limits: { maxMessageBytes: 120 } },
    );
    const large = ask(connection, '{ large }');
    const small = ask(connection, '{ small }');
    await expect.poll(() => [...large.types, ...small.types]).toEqual(['sending', 'error', 'sending', 'next']);
    expect(large.failure).toMatchObject({ code: 'too-large', phase: 'operation', delivery: 'answered' });
    expect(large.failure?.message).toMatch(/has 1\d\d bytes; limits.maxMessageBytes allows 120/);
  });
});

describe('an executor that breaks its word', () => {
  const boom = new Error('Boom');
  const executors: [string, Executor][] = [
    [
      'throws',
      executorOf(() => {
        throw boom;
      }),
    ],
    ['rejects', executorOf(() => Promise.reject(boom))],
  ];

  test.each(executors)('and %s fails that operation alone, later and not in the call', async (_what, executor) => {
    const { connection } = await open(executor);
    const asked = ask(connection, '{ a }');
    expect(asked.types).toEqual([]);
    await expect.poll(() => asked.types).toEqual(['sending', 'error']);
    expect(asked.failure).toMatchObject({ code: 'no-answer', phase: 'operation', delivery: 'unknown' });
    expect(asked.failure?.cause).toBe(boom);
    expect(asked.failure?.message).toContain('Boom');
    const another = ask(connection, '{ a }');
    await expect.poll(() => another.types).toEqual(['sending', 'error']);
  });

  test.each(executors)('and %s after the operation was cancelled is not heard', async (_what, executor) => {
    let go = (): void => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { connection } = await open(executorOf((...asked) => held.then(() => executor.execute(...asked))));
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.types).toEqual(['sending']);
    asked.handle.cancel();
    go();
    await turns();
    expect(asked.types).toEqual(['sending']);
  });
});

test('operations that have ended leave nothing in memory', async () => {
  const result = { data: { text: 'x'.repeat(100) } };
  // Nothing of it is written down, here or in the executor.
  const { connection } = await open({ execute: () => Promise.resolve({ kind: 'result', result }) });
  const call = (): Promise<void> =>
    new Promise((resolve) => {
      ask(connection, '{ a }', { listen: ({ type }) => type === 'next' && resolve() });
    });
  const heapAfter = async (calls: number): Promise<number> => {
    for (let left = calls; left > 0; left -= 1) await call();
    for (let collections = 0; collections < 3; collections++) {
      await turns();
      collectGarbage();
    }
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(2_000);
  const grown = (await heapAfter(20_000)) - before;
  expect(grown).toBeLessThan(800_000);
});

describe('cancelling', () => {
  test('before the executor was asked means that it is never asked', async () => {
    const executor = answering({ data: {} });
    const { connection } = await open(executor);
    const asked = ask(connection, '{ a }');
    asked.handle.cancel();
    await turns();
    expect(asked.types).toEqual([]);
    expect(executor.payloads).toEqual([]);
  });

  test.each<[string, Execution]>([
    ['a result', { kind: 'result', result: { data: {} } }],
    ['errors', { kind: 'refused', errors: [{ message: 'Too late' }] }],
  ])('aborts the signal once, and lets nothing through any more: %s', async (_what, late) => {
    let answer = (_execution: Execution): void => {};
    const executor = executorOf(() => new Promise((resolve) => (answer = resolve)));
    const { connection, told } = await open(executor);
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.types).toEqual(['sending']);
    const [context] = executor.contexts;
    let aborts = 0;
    context?.signal.addEventListener('abort', () => aborts++);
    asked.handle.cancel();
    asked.handle.cancel();
    expect(context?.signal.reason).toMatchObject({ name: 'AbortError' });
    answer(late);
    await turns();
    expect([asked.types, told, aborts]).toEqual([['sending'], [], 1]);
  });

  test('does nothing once the operation has ended', async () => {
    const executor = answering({ data: {} });
    const { connection } = await open(executor);
    const asked = ask(connection, '{ a }');
    await expect.poll(() => asked.types).toEqual(['sending', 'next']);
    asked.handle.cancel();
    expect(executor.contexts[0]?.signal.aborted).toBe(false);
  });

  test('out of a resolver that runs at once finds the operation in order', async () => {
    const asked: { handle?: { cancel(): void } } = {};
    const executor = executorOf(() => {
      asked.handle?.cancel();
      return { kind: 'result', result: { data: {} } };
    });
    const { connection } = await open(executor);
    const cancelled = ask(connection, '{ a }');
    asked.handle = cancelled.handle;
    await turns();
    expect(executor.contexts[0]?.signal.aborted).toBe(true);
    expect(cancelled.types).toEqual(['sending']);
  });
});
