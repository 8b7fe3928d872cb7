// What a program gives for variables, and what is sent for it.
import { describe, expect, test } from 'vitest';
import { upload } from '../../../src/index.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import type { ScalarCodecs } from '../../../src/schema/scalars/codec.js';
import { encodeVariables } from '../../../src/schema/scalars/encode.js';
import { thrownBy } from '../../testing/thrown-by.js';
import { bound, encode, model, problemsOf, scalarErrorOf } from './library.js';

/** Dates as their milliseconds. */
const codecs: ScalarCodecs = {
  DateTime: { encode: (value: Date) => value.getTime(), decode: (wire: number) => new Date(wire) },
  Genre: { encode: (value: string) => value.toUpperCase(), decode: (wire: string) => wire.toLowerCase() },
};
const date = new Date(1_000);

describe('built-in scalars', () => {
  test.each([
    ['Int', [0, -5, 2 ** 31 - 1, -(2 ** 31)]],
    ['Float', [0, 1.5, -1e300]],
    ['String', ['', 'text', '5']],
    ['Boolean', [true, false]],
    ['ID', ['', 'a', 5, -5, Number.MAX_SAFE_INTEGER]],
  ])('%s takes what the specification says, as it is', (type, values) => {
    for (const value of values) expect(encode(type, value)).toBe(value);
  });

  test.each([
    ['Int', '5', '"5" is no Int: a whole number from -2147483648 to 2147483647 is needed.'],
    ['Int', 1.5, '1.5 is no Int: a whole number from -2147483648 to 2147483647 is needed.'],
    ['Int', 2 ** 31, '2147483648 is no Int: a whole number from -2147483648 to 2147483647 is needed.'],
    ['Int', -(2 ** 31) - 1, '-2147483649 is no Int: a whole number from -2147483648 to 2147483647 is needed.'],
    ['Int', 5n, '5n is no Int: a whole number from -2147483648 to 2147483647 is needed.'],
    ['Int', true, 'true is no Int: a whole number from -2147483648 to 2147483647 is needed.'],
    ['Float', Number.NaN, 'NaN is no Float: a finite number is needed.'],
    ['Float', Number.POSITIVE_INFINITY, 'Infinity is no Float: a finite number is needed.'],
    ['String', 5, '5 is no String: a text is needed.'],
    ['String', new Date(0), 'an object is no String: a text is needed.'],
    ['Boolean', 'true', '"true" is no Boolean: true or false is needed.'],
    ['Boolean', 0, '0 is no Boolean: true or false is needed.'],
    ['ID', 1.5, '1.5 is no ID: a text, or a whole number up to 2^53 - 1, is needed.'],
    ['ID', 2 ** 53, '9007199254740992 is no ID: a text, or a whole number up to 2^53 - 1, is needed.'],
    ['ID', () => 5, 'a function is no ID: a text, or a whole number up to 2^53 - 1, is needed.'],
  ])('%s does not take %o', (type, value, message) => {
    expect(problemsOf(type, value)).toEqual([`value: ${message}`]);
  });
});

describe('null and undefined', () => {
  test('null is sent where the type allows it, and an error where it does not', () => {
    for (const type of ['Int', '[Int!]', 'Genre', 'Filter', 'JSON', 'DateTime']) {
      expect(encode(type, null, codecs)).toBeNull();
      expect(problemsOf(`${type}!`, null, codecs)).toEqual([`value: It is null, and its type is ${type}!.`]);
    }
    expect(encode('[Int]', [1, null])).toEqual([1, null]);
    expect(problemsOf('[Int!]', [1, null])).toEqual(['value.1: It is null, and its type is Int!.']);
  });

  test('a variable without a value is left out, and so is a field of an input object', () => {
    expect(encodeVariables(model, {}, [bound('Int', undefined, 'a'), bound('Int', 5, 'b')])).toEqual({ b: 5 });
    expect(Object.keys(encode('Filter', { title: undefined, tags: [] }) as object)).toEqual(['tags']);
  });

  test('an item that is undefined, or a hole in a list, is an error', () => {
    const message = 'It is undefined, which a list cannot hold: give null, or leave it out.';
    expect(problemsOf('[Int]', [1, undefined])).toEqual([`value.1: ${message}`]);
    const sparse: number[] = [];
    sparse[2] = 5;
    expect(problemsOf('[Int]', sparse)).toEqual([`value.0: ${message}`, `value.1: ${message}`]);
  });
});

describe('lists', () => {
  test('a scalar for a list variable becomes a list of one', () => {
    expect(encode('[String!]!', 'abc')).toEqual(['abc']);
    expect(encode('[[Int]]', 5)).toEqual([[5]]);
    expect(encode('[Filter!]', { title: 'a' })).toEqual([{ title: 'a' }]);
    expect(encode('Filter', { tags: 'one', any: { title: 'a' } })).toEqual({ tags: ['one'], any: [{ title: 'a' }] });
  });

  test('single values among the items of a list of lists become lists of one', () => {
    expect(encode('[[Int]]', [1, [2, 3], null])).toEqual([[1], [2, 3], null]);
  });

  test('a wrong single value is where it stands, without an index', () => {
    expect(problemsOf('[[Int]]', 'abc')).toEqual([expect.stringMatching(/^value: "abc" is no Int/)]);
    expect(problemsOf('[[Int]]', [[1], 'abc'])).toEqual([expect.stringMatching(/^value\.1: "abc" is no Int/)]);
  });

  test('another collection is no list', () => {
    expect(problemsOf('[Int]', new Set([1]))).toEqual([expect.stringMatching(/^value: an object is no Int/)]);
  });
});

describe('enums', () => {
  test('the exact name of a value is sent', () => {
    expect(encode('Genre', 'POEM')).toBe('POEM');
    expect(encode('[[[Genre]]]', [[['POEM'], null]])).toEqual([[['POEM'], null]]);
  });

  test('a wrong name suggests the right one', () => {
    expect(problemsOf('Genre', 'SHORTSTORY')).toEqual(['value: Genre has no value "SHORTSTORY". (SHORT_STORY)']);
    expect(problemsOf('Genre', 'poem')).toEqual(['value: Genre has no value "poem". (POEM)']);
    expect(problemsOf('Genre', 1)).toEqual(['value: 1 is no Genre: the name of one of its values is needed.']);
  });
});

describe('input objects', () => {
  test('are sent field by field, however deep', () => {
    const book = { title: 'A', author: { name: 'B', born: date }, pages: 5 };
    expect(encode('NewBook', book, codecs)).toEqual({ title: 'A', author: { name: 'B', born: 1_000 }, pages: 5 });
    expect(encode('Filter', { constructor: 5 })).toEqual({ constructor: 5 });
    expect(encode('Filter', Object.assign(Object.create({ title: 'inherited' }), { tags: [] }))).toEqual({ tags: [] });
  });

  test('unknown input keys are an error that suggests the right one', () => {
    expect(problemsOf('Filter', { titel: 'A', any: [{ gene: 'POEM' }], toString: 1 })).toEqual([
      'value.titel: Filter has no field "titel". (title)',
      'value.any.0.gene: Filter has no field "gene". (genre)',
      'value.toString: Filter has no field "toString".',
    ]);
    expect(problemsOf('Filter', JSON.parse('{ "__proto__": 5 }'))).toEqual([
      'value.__proto__: Filter has no field "__proto__".',
    ]);
  });

  test('what is required and missing is an error, and a default makes up for it', () => {
    expect(problemsOf('NewBook', { author: { born: null, name: undefined } })).toEqual([
      'value.author.name: It is required, and NewAuthor was given without it.',
      'value.title: It is required, and NewBook was given without it.',
    ]);
    expect(encode('Page', {})).toEqual({});
    expect(problemsOf('Page', { first: null })).toEqual(['value.first: It is null, and its type is Int!.']);
  });

  test('one of several: exactly one field, and not null', () => {
    expect(encode('By', { id: 5, isbn: undefined })).toEqual({ id: 5 });
    expect(problemsOf('By', {})).toEqual(['value: By takes exactly one of its fields, and was given none.']);
    expect(problemsOf('By', { id: 5, isbn: null })).toEqual([
      'value: By takes exactly one of its fields, and was given 2.',
    ]);
    expect(problemsOf('By', { id: null })).toEqual([
      'value.id: It is null, and By takes exactly one of its fields with a value.',
    ]);
    expect(problemsOf('By', { idd: 5 })).toEqual(['value.idd: By has no field "idd". (id)']);
    expect(problemsOf('By', { filter: { title: 5 } })).toEqual([
      'value.filter.title: 5 is no String: a text is needed.',
    ]);
  });

  test.each([
    ['a text', 'title'],
    ['a Map', new Map([['title', 'A']])],
    ['a Date', new Date(0)],
    ['a promise', Promise.resolve({ title: 'A' })],
    ['a list', []],
    ['a function', () => ({})],
  ])('%s is none', (_, value) => {
    const [problem, ...others] = problemsOf('Filter', value);
    expect(problem).toMatch(/^value: .+ is no Filter: an object with its fields is needed\.$/);
    expect(others).toEqual([]);
  });
});

describe('custom scalars', () => {
  const fail = (): never => {
    throw new Error('not today');
  };

  test('are written by their codec: alone, in lists, in input objects', () => {
    expect(encode('DateTime!', date, codecs)).toBe(1_000);
    expect(encode('[[DateTime]]', [date, [null, date]], codecs)).toEqual([[1_000], [null, 1_000]]);
    expect(encode('Filter', { any: [{ since: date }], since: date }, codecs)).toEqual({
      any: [{ since: 1_000 }],
      since: 1_000,
    });
  });

  test('enums and built-in scalars are too, where they have one', () => {
    expect(encode('[Genre]', ['poem', 'novel'], codecs)).toEqual(['POEM', 'NOVEL']);
    const id = { encode: (value: { id: number }) => value.id, decode: (wire: number) => ({ id: wire }) };
    expect(encode('[ID!]', [{ id: 5 }], { ID: id })).toEqual([5]);
  });

  test('are sent as they are where they have none', () => {
    const value = { deep: [{ date, missing: undefined, big: 5n }], text: 'a' };
    expect(encode('JSON', value)).toBe(value);
    expect(encode('[JSON]', value)).toEqual([value]);
    expect(encode('toString', 'plain')).toBe('plain');
    expect(encode('DateTime', date)).toBe(date);
  });

  test.each([
    ['undefined in a list', { a: [1, undefined] }, 'a.1: It is undefined'],
    ['a hole in a list', { a: Object.assign([], { 1: 5 }) }, 'a.0: It is undefined'],
    ['a function', { a: () => 5 }, 'a: It is a function'],
    ['a symbol', [Symbol('x')], '0: It is Symbol(x)'],
    ['NaN', { a: { b: Number.NaN } }, 'a.b: It is NaN'],
    ['an infinite number', Number.NEGATIVE_INFINITY, ': It is -Infinity'],
    ['an invalid Date', [new Date(Number.NaN)], '0: It is an invalid Date'],
    ['a Map', { a: new Map() }, 'a: It is an object whose contents are not in its members'],
    ['a promise', Promise.resolve(5), ': It is an object whose contents are not in its members'],
    [
      'what cannot say how it is written',
      { a: [{ toJSON: fail }] },
      'a.0: It is an object whose toJSON() failed (not today)',
    ],
  ])('cannot be %s, which JSON would lose', (_, value, message) => {
    const place = `value${message.startsWith(':') ? '' : '.'}${message}, which JSON cannot hold.`;
    expect(problemsOf('JSON!', value)).toEqual([place]);
  });

  test('files pass untouched', () => {
    const file = upload(new Blob(['a']));
    const blob = new Blob(['b']);
    const encoded = encode('NewBook', { title: 'A', author: { name: 'B' }, cover: file }) as { cover: unknown };
    expect(encoded.cover).toBe(file);
    expect(encode('Upload!', blob)).toBe(blob);
    const followed = upload(async function* () {}, { onProgress() {} });
    const nested = { pages: [file, followed, new File(['c'], 'c.txt')] };
    expect(encode('JSON', nested)).toBe(nested);
  });

  test('so does what writes itself, and what the session has a better answer to', () => {
    const decimal = { toJSON: () => '1.50', plus: () => decimal };
    const self = { toJSON: () => self };
    expect(encode('JSON', self)).toBe(self);
    for (const value of [decimal, Buffer.from('a'), new ReadableStream()]) expect(encode('JSON', value)).toBe(value);
  });
});

describe('a codec that fails', () => {
  test('is an error that names the path and the scalar, with what it threw', () => {
    const cause = new RangeError('too late');
    const throwing: ScalarCodecs = {
      DateTime: {
        encode() {
          throw cause;
        },
        decode: (wire) => wire,
      },
    };
    const error = scalarErrorOf(() => encode('Filter', { any: [{ since: date }] }, throwing));
    expect(error).toMatchObject({
      message: 'query.books.value.any[0].since cannot be written as DateTime: too late',
      code: 'cannot-encode',
      phase: 'prepare',
      delivery: 'not-sent',
      scalar: 'DateTime',
      path: ['query', 'books', 'value', 'any', 0, 'since'],
      cause,
    });
  });

  test.each([
    ['nothing', 'DateTime', () => undefined, 'its codec gave undefined for "a".'],
    ['null', 'DateTime', () => null, 'its codec gave null for "a".'],
    ['a promise', 'DateTime', async () => 5, /^what its codec gave is wrong\. It is an object whose contents/],
    ['what JSON cannot hold', 'DateTime', () => [Number.NaN], /^what its codec gave is wrong\. It is NaN/],
    ['no value of the enum', 'Genre', () => 'PROSE', 'what its codec gave is wrong. Genre has no value "PROSE".'],
    ['no Int', 'Int', () => 'five', /^what its codec gave is wrong\. "five" is no Int/],
  ])('also by giving %s', (_, scalar, write, reason) => {
    const error = scalarErrorOf(() => encode(scalar, 'a', { [scalar]: { encode: write, decode: (wire) => wire } }));
    const message = error.message.replace(`query.books.value cannot be written as ${scalar}: `, '');
    if (typeof reason === 'string') expect(message).toBe(reason);
    else expect(message).toMatch(reason);
  });
});

test('of several codecs that fail the first is told', () => {
  const failing: ScalarCodecs = { DateTime: { encode: () => null, decode: (wire) => wire } };
  expect(scalarErrorOf(() => encode('[DateTime]', [date, date], failing)).path).toEqual(['query', 'books', 'value', 0]);
});

describe('all that is wrong', () => {
  test('is in one error, with the path of each value', () => {
    const values = [
      bound('Int', 'x', 'first'),
      bound('Filter', { tags: ['a', 5], genre: 'POEMS', since: date }, 'filter'),
      bound('JSON', { a: () => 5 }, 'extra'),
    ];
    const throwing = { DateTime: { encode: () => undefined, decode: () => undefined } };
    const error = thrownBy(() => encodeVariables(model, throwing, values));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({
      code: 'invalid-operation',
      phase: 'prepare',
      delivery: 'not-sent',
      message:
        'query.books.first: "x" is no Int: a whole number from -2147483648 to 2147483647 is needed. (and 3 more)',
      problems: [
        { path: ['query', 'books', 'first'] },
        { path: ['query', 'books', 'filter', 'tags', 1] },
        { path: ['query', 'books', 'filter', 'genre'], suggestions: ['POEM'] },
        { path: ['query', 'books', 'extra', 'a'] },
      ],
    });
  });

  test('is not looked for without end', () => {
    const ones = new Array<string>(1_000_000).fill('x');
    expect(problemsOf('[Int]', ones)).toHaveLength(100);
    const typos = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`typo${index}`, 1]));
    expect(problemsOf('[Filter]', [typos, typos])).toHaveLength(100);
  });

  test('types that no value can have are named', () => {
    expect(problemsOf('Book', {})).toEqual(['value: Its type is Book, which is for answers, not for values.']);
    expect(problemsOf('Filtr', {})).toEqual(['value: The schema has no type "Filtr" for it. (Filter)']);
  });
});
