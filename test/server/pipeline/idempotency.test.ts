// Mutations with an idempotency key, through the pipeline.

import { describe, expect, test } from 'vitest';
import { until } from '../support/serving.js';
import { ask, secret } from './support.js';

const write = 'mutation ($value: Int!) { write(value: $value) }';
const keyed = (idempotencyKey: unknown, value = 1): object => ({
  variables: { value },
  extensions: { idempotencyKey },
});

describe('a mutation with a key', () => {
  test('runs once, however often it is sent, and answers the same', async () => {
    const { run, written } = ask();
    const first = await run(write, keyed('a'));
    expect(first).toEqual({ kind: 'result', result: { data: { write: 1 } } });
    expect(await run(write, keyed('a'))).toMatchObject({ kind: 'result', result: { data: { write: 1 } } });
    expect(await run(write, keyed('b'))).toEqual(first);
    expect(written).toEqual([1, 1]);
  });

  test('that is sent again while it runs waits for the one run', async () => {
    const { run, written, release } = ask();
    const slow = 'mutation { slowWrite(value: 7) }';
    const both = [
      run(slow, { extensions: { idempotencyKey: 'k' } }),
      run(slow, { extensions: { idempotencyKey: 'k' } }),
    ];
    await until(() => written.length === 1);
    release();
    for (const execution of await Promise.all(both))
      expect(execution).toMatchObject({ result: { data: { slowWrite: 7 } } });
    expect(written).toEqual([7]);
  });

  test('that failed is answered with the same failure, masked', async () => {
    const { run, written, failures } = ask();
    const fail = { extensions: { idempotencyKey: 'k' } };
    for (let i = 0; i < 2; i += 1) {
      expect(await run('mutation { fail }', fail)).toMatchObject({
        result: { data: { fail: null }, errors: [{ message: 'Internal server error' }] },
      });
    }
    expect(written).toEqual([-1]);
    expect(failures.map(({ error }) => error)).toEqual([secret]);
  });

  test('that was refused before anything ran leaves its key free', async () => {
    const { run, written } = ask();
    expect(await run(write, keyed('k', 2 ** 40))).toMatchObject({ kind: 'refused' });
    expect(await run(write, keyed('k', 5))).toMatchObject({ result: { data: { write: 5 } } });
    expect(written).toEqual([5]);
  });

  test('is a refusal where the key was used for something else', async () => {
    const { run, written } = ask();
    await run(write, keyed('k', 1));
    expect(await run(write, keyed('k', 2))).toMatchObject({
      kind: 'refused',
      errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }],
    });
    expect(written).toEqual([1]);
  });

  test('that ran out of time is answered so, and its run is remembered to its end', async () => {
    const { run, written, timers, release } = ask({ executionTimeoutMs: 100 });
    const slow = { extensions: { idempotencyKey: 'k' } };
    const late = run('mutation { slowWrite(value: 3) }', slow);
    await until(() => written.length === 1);
    timers.advance(100);
    expect(await late).toMatchObject({ result: { errors: [{ extensions: { code: 'EXECUTION_TIMEOUT' } }] } });
    release();
    expect(await run('mutation { slowWrite(value: 3) }', slow)).toMatchObject({ result: { data: { slowWrite: 3 } } });
    expect(written).toEqual([3]);
  });

  test('has its key from beside the operation where its carrier has a place for it', async () => {
    const { run, written } = ask();
    for (let i = 0; i < 2; i += 1) await run(write, { variables: { value: 1 } }, {}, { idempotencyKey: 'header' });
    expect(written).toEqual([1]);
  });
});

describe('whose key it is', () => {
  test('that of the principal, whatever token it shows', async () => {
    const { run, written } = ask({ principal: ({ headers }) => headers['x-user'] });
    const as = (user: string, authorization: string) => ({ headers: { 'x-user': user, authorization } });
    await run(write, keyed('k'), as('ada', 'old'));
    expect(await run(write, keyed('k'), as('ada', 'new'))).toMatchObject({ result: { data: { write: 1 } } });
    expect(await run(write, keyed('k'), as('bob', 'his'))).toMatchObject({ result: { data: { write: 1 } } });
    expect(written).toEqual([1, 1]);
  });

  test('without a hook, of the credentials it came with first: nobody else gets its answer, and nothing runs twice', async () => {
    const { run, written } = ask();
    await run(write, keyed('k'), { headers: { authorization: 'ada' } });
    expect(await run(write, keyed('k'), { headers: { authorization: 'bob' } })).toMatchObject({
      kind: 'refused',
      errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }],
    });
    expect(written).toEqual([1]);
  });

  test('a hook that fails refuses the mutation', async () => {
    const { run, written, failures } = ask({ principal: () => Promise.reject(secret) });
    expect(await run(write, keyed('k'))).toMatchObject({
      kind: 'refused',
      errors: [{ message: 'Internal server error' }],
    });
    expect(written).toEqual([]);
    expect(failures).toMatchObject([{ source: 'principal', error: secret }]);
  });
});

test('queries and subscriptions have no use for a key, and a server without a store does not look at it', async () => {
  const { run } = ask();
  expect(await run('{ hello }', { extensions: { idempotencyKey: 5 } })).toMatchObject({ kind: 'result' });
  const without = ask({ idempotency: false });
  await without.run(write, keyed('k'));
  await without.run(write, keyed('k'));
  expect(without.written).toEqual([1, 1]);
});
