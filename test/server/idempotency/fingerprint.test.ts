import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Fingerprinted, fingerprint } from '../../../src/server/idempotency/fingerprint.js';
import { idempotencyScope } from '../../../src/server/idempotency/scope.js';
import { sha256 } from '../../../src/server/sha256.js';

const addOrder: Fingerprinted = {
  document: 'mutation Add($of: Of) { add(of: $of) }',
  operationName: 'Add',
  variables: { of: { name: 'tea', count: 1 } },
  credentials: undefined,
};
const print = (changes: Partial<Fingerprinted> = {}) => fingerprint({ ...addOrder, ...changes });

describe('The fingerprint of a mutation', () => {
  test('is a SHA-256 in hexadecimal', () => {
    expect(print()).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is the same where only the order of members differs, or members are undefined', () => {
    expect(print({ variables: { no: undefined, of: { count: 1, no: undefined, name: 'tea' } } })).toBe(print());
  });

  test('is the same for no variables and for an empty object of them, for no name and for an empty one', () => {
    expect(print({ variables: undefined })).toBe(print({ variables: {} }));
    expect(print({ operationName: undefined })).toBe(print({ operationName: '' }));
  });

  test.each<Partial<Fingerprinted>>([
    { document: 'mutation Add($of: Of) { add(of: $of) } ' },
    { operationName: 'Remove' },
    { operationName: undefined },
    { variables: { of: { name: 'tea', count: 2 } } },
    { variables: { of: { name: 'tea', count: '1' } } },
    { variables: { of: { name: 'tea', count: 1, note: null } } },
    { variables: { of: [{ name: 'tea', count: 1 }] } },
    { variables: undefined },
    { credentials: '' },
    { credentials: 'a' },
  ])('is another one with %j', (changes) => {
    expect(print(changes)).not.toBe(print());
  });

  test('of lists the order counts', () => {
    expect(print({ variables: { ids: [1, 2] } })).not.toBe(print({ variables: { ids: [2, 1] } }));
  });

  test('of files and other things that are no JSON only the place counts, and a number too large for JSON is text', () => {
    const cyclic = new (class Upload {
      readonly self = this;
    })();
    expect(print({ variables: { file: cyclic } })).toBe(print({ variables: { file: Promise.resolve() } }));
    expect(print({ variables: { file: cyclic } })).not.toBe(print({ variables: { other: cyclic } }));
    expect(print({ variables: { id: 12345678901234567890n } })).toBe(
      print({ variables: { id: '12345678901234567890' } }),
    );
  });

  test('is taken of JSON that is the same for every order of members, and says all that JSON says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const reversed = JSON.parse(JSON.stringify(value), (_name, member: unknown) =>
          typeof member === 'object' && member !== null && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).reverse())
            : member,
        );
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('is the same without the modules of Node', async () => {
    const text = 'mutation { é }';
    const hash = createHash('sha256').update(text).digest('hex');
    expect(sha256(text)).toBe(hash);
    expect(await sha256(text, null)).toBe(hash);
  });
});

describe('The scope of a key', () => {
  const from = (headers: Record<string, string>, connectionParams?: { [name: string]: string }) =>
    idempotencyScope(undefined, { headers, connectionParams });

  test('is its principal, whatever credentials come with it', () => {
    const before = idempotencyScope('7', { headers: { authorization: 'old' }, connectionParams: { token: 'old' } });
    const after = idempotencyScope('7', { headers: { authorization: 'new' }, connectionParams: undefined });
    expect(after).toEqual(before);
    expect(after.credentials).toBeUndefined();
    expect(idempotencyScope('8', { headers: {}, connectionParams: undefined }).scope).not.toBe(after.scope);
  });

  test('without a principal is one for all, and no principal can have its name', () => {
    const { scope } = from({});
    expect(from({ authorization: 'a' }).scope).toBe(scope);
    expect(idempotencyScope(scope, { headers: {}, connectionParams: undefined }).scope).not.toBe(scope);
    expect(idempotencyScope('', { headers: {}, connectionParams: undefined }).scope).not.toBe(scope);
  });

  test('without a principal counts the credentials, wherever they came, and nothing else', () => {
    const all = [
      from({}),
      from({ authorization: 'a' }),
      from({ cookie: 'a' }),
      from({ authorization: 'a', cookie: 'a' }),
      from({}, { token: 'a' }),
      from({}, {}),
    ].map(({ credentials }) => credentials);
    expect(new Set(all).size).toBe(all.length);
    expect(from({ 'user-agent': 'x' })).toEqual(from({}));
    expect(from({}, { b: '1', a: '2' })).toEqual(from({}, { a: '2', b: '1' }));
  });
});
