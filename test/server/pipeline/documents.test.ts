// Documents that are named instead of sent.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ask } from './support.js';

const query = '{ hello }';
const hash = createHash('sha256').update(query).digest('hex');
const persistedQuery = (sha256Hash: string): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const answered = { kind: 'result', result: { data: { hello: 'world' } } };
const refusedAs = (code: string): object => ({ kind: 'refused', errors: [{ extensions: { code } }] });

describe('documents that the server keeps', () => {
  const find = (id: string): string | undefined => (id === 'hello' || id === hash ? query : undefined);

  test('are run by their ids, also where they have to be fetched', async () => {
    expect(await ask({ documents: { find } }).run('', { documentId: 'hello' })).toEqual(answered);
    const fetched = ask({ documents: { find: async (id) => find(id) } });
    expect(await fetched.run('', { documentId: 'hello' })).toEqual(answered);
    expect(await fetched.run('', persistedQuery(hash))).toEqual(answered);
  });

  test('are found by ids of the application, as it has written them', async () => {
    const { run } = ask({ documents: { find: (id) => (id === 'Hello-1' ? query : undefined), only: true } });
    expect(await run('', persistedQuery('Hello-1'))).toEqual(answered);
    expect(await run('', { documentId: 'Hello-1' })).toEqual(answered);
  });

  test('are refused by ids that it does not know, by name', async () => {
    const { run } = ask({ documents: { find } });
    expect(await run('', { documentId: 'other' })).toMatchObject(refusedAs('PERSISTED_QUERY_NOT_FOUND'));
    expect(await ask().run('', { documentId: 'hello' })).toMatchObject(refusedAs('PERSISTED_QUERY_NOT_SUPPORTED'));
  });

  test('keep every other text out where the server says so', async () => {
    const { run } = ask({ documents: { find, only: true } });
    expect(await run('{ broken }')).toMatchObject(refusedAs('PERSISTED_QUERY_ONLY'));
    expect(await run(query)).toMatchObject(refusedAs('PERSISTED_QUERY_ONLY'));
    expect(await run('{ broken }', { documentId: 'hello' })).toEqual(answered);
    expect(await run('{ broken }', { documentId: 'other' })).toMatchObject(refusedAs('PERSISTED_QUERY_NOT_FOUND'));
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('store broke');
      },
    ],
    ['rejects', () => Promise.reject(new Error('store broke'))],
  ])('are refused, and the failure is reported, when the store %s', async (_, broken) => {
    const { run, failures } = ask({ documents: { find: broken } });
    expect(await run('', { documentId: 'hello' })).toMatchObject(refusedAs('DOCUMENTS_UNAVAILABLE'));
    expect(failures).toMatchObject([{ source: 'documents', error: { message: 'store broke' } }]);
  });

  test('are waited for within a bound', async () => {
    const { run, timers, failures } = ask({
      documents: { find: () => new Promise<string>(() => {}) },
      hookTimeoutMs: 50,
    });
    await run('{ hello }');
    const asked = run('', { documentId: 'hello' });
    await Promise.resolve();
    timers.advance(50);
    expect(await asked).toMatchObject(refusedAs('DOCUMENTS_UNAVAILABLE'));
    expect(failures).toMatchObject([{ source: 'documents', error: { name: 'HookTimeoutError' } }]);
  });
});

describe('automatic persisted queries', () => {
  test('are asked for once in full, and known by their hash from then on', async () => {
    const { run } = ask();
    expect(await run('', persistedQuery(hash))).toMatchObject({
      kind: 'refused',
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(await run(query, persistedQuery(hash))).toEqual(answered);
    expect(await run('', persistedQuery(hash))).toEqual(answered);
  });

  test('nobody can put another text under a hash', async () => {
    const { run } = ask();
    expect(await run('{ broken }', persistedQuery(hash))).toMatchObject(refusedAs('BAD_REQUEST'));
    expect(await run('', persistedQuery(hash))).toMatchObject(refusedAs('PERSISTED_QUERY_NOT_FOUND'));
  });

  test('are kept within a bound: those sent least recently go first', async () => {
    const { run } = ask();
    const textOf = (n: number): string => `{ hello } #${n}${' '.repeat(200_000)}`;
    const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
    for (let n = 0; n < 30; n += 1) expect(await run(textOf(n), persistedQuery(hashOf(textOf(n))))).toEqual(answered);
    expect(await run('', persistedQuery(hashOf(textOf(0))))).toMatchObject(refusedAs('PERSISTED_QUERY_NOT_FOUND'));
    expect(await run('', persistedQuery(hashOf(textOf(29))))).toEqual(answered);
  });
});

test('an empty document is refused by name', async () => {
  expect(await ask().run('')).toMatchObject(refusedAs('DOCUMENT_MISSING'));
});
