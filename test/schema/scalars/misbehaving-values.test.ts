// Values that throw, have no end or are not to be touched, and names that mean something to objects.
import { describe, expect, test } from 'vitest';
import type { ScalarCodecs } from '../../../src/schema/scalars/codec.js';
import { encodeVariables } from '../../../src/schema/scalars/encode.js';
import { thrownBy } from '../../testing/thrown-by.js';
import { bound, encode, model, problemsOf } from './library.js';

/** Dates as their milliseconds. */
const codecs: ScalarCodecs = {
  DateTime: { encode: (value: Date) => value.getTime(), decode: (wire: number) => new Date(wire) },
  Genre: { encode: (value: string) => value.toUpperCase(), decode: (wire: string) => wire.toLowerCase() },
};
const date = new Date(1_000);

describe('values that misbehave', () => {
  const hostile = {
    get title(): string {
      throw new Error('not today');
    },
  };

  test('getters and proxies that throw are an error at their place', () => {
    expect(problemsOf('[Filter]', [{}, hostile])).toEqual(['value.1.title: It cannot be read: not today']);
    expect(problemsOf('JSON', { a: hostile })).toEqual(['value: It cannot be read: not today']);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const type of ['Filter', '[Int]', 'Int', 'JSON']) {
      expect(problemsOf('Filter', { title: 5, any: [proxy] })).toEqual([
        'value.title: 5 is no String: a text is needed.',
        expect.stringMatching(/^value\.any\.0: It cannot be read: .*revoked/),
      ]);
      expect(problemsOf(type, proxy)).toEqual([expect.stringMatching(/^value: It cannot be read: .*revoked/)]);
    }
  });

  test('what they threw is the cause', () => {
    expect(thrownBy(() => encode('Filter', hostile))).toMatchObject({ cause: new Error('not today') });
  });

  test('a value that contains itself is an error, one that stands in two places is not', () => {
    const filter: Record<string, unknown> = { title: 'a' };
    filter.any = [filter];
    expect(problemsOf('Filter', filter)).toEqual(['value.any.0: It contains itself, so that it has no end.']);
    const json: unknown[] = [];
    json.push({ json });
    expect(problemsOf('JSON', json)).toEqual([
      'value.0.json: It is an array that contains itself, which JSON cannot hold.',
    ]);
    const twice = { title: 'b' };
    expect(encode('Filter', { any: [twice, twice], extra: [twice, twice] })).toEqual({
      any: [twice, twice],
      extra: [twice, twice],
    });
  });

  test('depth has a bound', () => {
    const deep = (levels: number): unknown =>
      Array.from({ length: levels }).reduce<unknown>((inside) => ({ any: [inside] }), {});
    expect(encode('Filter', deep(200))).toEqual(deep(200));
    expect(problemsOf('Filter', deep(100_000))).toEqual([expect.stringMatching(/It is more than 500 levels deep\.$/)]);
    expect(problemsOf('JSON', deep(100_000))).toEqual([expect.stringMatching(/It is a value of more than 500 levels/)]);
  });

  test('nothing that was given is changed', () => {
    const freeze = (value: unknown): unknown => {
      if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) freeze(inner);
      return Object.freeze(value);
    };
    const value = freeze({ tags: 'a', any: { genre: 'poem', since: date }, extra: { a: [1] }, page: {} });
    expect(encode('[Filter]', value, codecs)).toEqual([
      { tags: ['a'], any: [{ genre: 'POEM', since: 1_000 }], extra: { a: [1] }, page: {} },
    ]);
  });

  test('a variable may have the name of what objects inherit', () => {
    const variables = encodeVariables(model, {}, [bound('Int', 5, '__proto__'), bound('Int', 6, 'toString')]);
    expect(Object.entries(variables)).toEqual([
      ['__proto__', 5],
      ['toString', 6],
    ]);
  });
});
