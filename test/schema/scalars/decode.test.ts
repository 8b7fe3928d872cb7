// Answers, and what a program finds in them.
import { describe, expect, test } from 'vitest';
import type { ResultPatch } from '../../../src/protocol/incremental/part.js';
import type { ScalarCodecs } from '../../../src/schema/scalars/codec.js';
import { type Decoder, decoderFor } from '../../../src/schema/scalars/decode.js';
import { model, scalarErrorOf, shapeOf } from './library.js';

const codecs: ScalarCodecs = {
  DateTime: { encode: (value: Date) => value.getTime(), decode: (wire: number) => new Date(wire) },
  Genre: { encode: (value: string) => value.toUpperCase(), decode: (wire: string) => wire.toLowerCase() },
};

type ShapeText = Parameters<typeof shapeOf>[0];

function decoder(shape: ShapeText): Decoder {
  const made = decoderFor(model, codecs, shapeOf(shape));
  if (made === undefined) throw new Error('There is nothing to decode');
  return made;
}

const decode = (shape: ShapeText, data: unknown): unknown => decoder(shape).decode(data);

describe('a document that selects no codec', () => {
  test('has no decoder, so that its answers are not even walked', () => {
    const shape: ShapeText = { books: ['[Book!]!', { title: 'String!', tags: '[String]', any: 'JSON' }] };
    expect(decoderFor(model, codecs, shapeOf(shape))).toBeUndefined();
    expect(decoderFor(model, {}, shapeOf({ published: 'DateTime' }))).toBeUndefined();
    expect(decoderFor(model, {}, shapeOf({ text: 'toString' }))).toBeUndefined();
    expect(decoderFor(model, { Book: codecs.Genre ?? never() }, shapeOf({ book: 'Book' }))).toBeUndefined();
  });

  test('nor are the parts of an answer that hold none', () => {
    const untouchable = new Proxy([], {
      get: () => never(),
      ownKeys: () => never(),
    });
    const shape: ShapeText = { published: 'DateTime', others: ['[Book!]!', { title: 'String!' }] };
    expect(decode(shape, { published: 5, others: untouchable })).toMatchObject({ published: new Date(5) });
  });
});

describe('scalars and enums with a codec', () => {
  test('are decoded alone, in lists and in nested objects, whatever they are called', () => {
    const shape: ShapeText = {
      latest: 'DateTime',
      books: ['[Book!]!', { written: 'DateTime!', genre: 'Genre', related: ['[Book!]!', { genre: 'Genre' }] }],
    };
    const data = {
      latest: 1,
      books: [
        { title: 'A', written: 2, genre: 'POEM', related: [{ genre: 'NOVEL' }, { genre: null }] },
        { title: 'B', written: 3, genre: null, related: [] },
      ],
    };
    expect(decode(shape, data)).toEqual({
      latest: new Date(1),
      books: [
        { title: 'A', written: new Date(2), genre: 'poem', related: [{ genre: 'novel' }, { genre: null }] },
        { title: 'B', written: new Date(3), genre: null, related: [] },
      ],
    });
  });

  test('enums in lists of lists of lists are decoded at every level', () => {
    expect(decode({ genres: '[[[Genre]]]' }, { genres: [[['POEM', null], []], null, [['NOVEL']]] })).toEqual({
      genres: [[['poem', null], []], null, [['novel']]],
    });
    const shape: ShapeText = { shelves: ['[[Book]]', { genre: 'Genre' }] };
    expect(decode(shape, { shelves: [[{ genre: 'POEM' }, null], null] })).toEqual({
      shelves: [[{ genre: 'poem' }, null], null],
    });
  });

  test('missing keys are tolerated, and null parents stay null', () => {
    const shape: ShapeText = { book: ['Book', { written: 'DateTime' }], books: ['[Book]', { written: 'DateTime' }] };
    for (const data of [null, undefined, {}, { book: null }, { book: {}, books: null }, { books: [null, {}] }]) {
      expect(decode(shape, data)).toBe(data);
    }
    // What every object inherits is no field of it.
    expect(decode({ toString: 'DateTime', written: 'DateTime' }, { written: 1 })).toEqual({ written: new Date(1) });
  });

  test('a field may be called like the prototype of objects', () => {
    const decoded = decode({ ['__proto__']: 'DateTime' }, JSON.parse('{ "__proto__": 5, "a": 1 }'));
    expect(Object.entries(decoded as object)).toEqual([
      ['__proto__', new Date(5)],
      ['a', 1],
    ]);
  });

  test('the answer itself is not changed, and only the way to what was decoded is copied', () => {
    const data = Object.freeze({
      dates: Object.freeze([null, 1]),
      book: Object.freeze({ written: 1, author: Object.freeze({ name: 'A' }), reviews: Object.freeze([1]) }),
      other: Object.freeze({ genre: null }),
    });
    const shape: ShapeText = {
      dates: '[DateTime]',
      book: ['Book', { written: 'DateTime' }],
      other: ['Book', { genre: 'Genre' }],
    };
    const decoded = decode(shape, data) as typeof data;
    expect(decoded).toEqual({
      ...data,
      dates: [null, new Date(1)],
      book: { ...data.book, written: new Date(1) },
    });
    expect(decoded.book.author).toBe(data.book.author);
    expect(decoded.book.reviews).toBe(data.book.reviews);
    expect(decoded.other).toBe(data.other);
    expect(data.book.written).toBe(1);
  });
});

describe('an answer that is not as it should be', () => {
  test.each([
    ['an object where a list is due', { books: {} }, ['books'], 'a list is due, and it is an object.'],
    ['a text where a list is due', { books: 'x' }, ['books'], 'a list is due, and it is "x".'],
    ['a list where an object is due', { books: [[]] }, ['books', 0], 'an object is due, and it is an array.'],
    ['a number where an object is due', { books: [5] }, ['books', 0], 'an object is due, and it is 5.'],
    ['a list too little', { genres: ['POEM'] }, ['genres', 0], 'a list is due, and it is "POEM".'],
    ['a list in the place of the data', [], [], 'an object is due, and it is an array.'],
  ])('names the path: %s', (_, data, path, reason) => {
    const shape: ShapeText = { books: ['[Book!]', { genre: 'Genre' }], genres: '[[Genre]]' };
    const error = scalarErrorOf(() => decode(shape, data));
    expect(error).toMatchObject({
      code: 'cannot-decode',
      phase: 'operation',
      delivery: 'answered',
      scalar: undefined,
      path,
    });
    expect(error.message).toContain(`${path.length === 0 ? 'The data' : path[0]}`);
    expect(error.message).toContain(`cannot be read: ${reason}`);
  });

  test('names path and scalar where a codec throws, and keeps what it threw', () => {
    const data = { books: [{ genre: 'POEM' }, { genre: 'NOVEL', written: 5 }, { genre: 7 }] };
    const shape: ShapeText = { books: ['[Book!]', { written: 'DateTime', genre: 'Genre' }] };
    const error = scalarErrorOf(() => decode(shape, data));
    expect(error).toMatchObject({ scalar: 'Genre', path: ['books', 2, 'genre'], cause: expect.any(TypeError) });
    expect(error.message).toMatch(/^books\[2\]\.genre cannot be read as Genre: .*toLowerCase/);
    // One answer that failed is forgotten with the next.
    expect(scalarErrorOf(() => decode(shape, data)).path).toEqual(['books', 2, 'genre']);
  });
});

describe('what is added to an answer in parts', () => {
  const books = decoder({
    book: ['Book', { written: 'DateTime', author: ['Author', { born: 'DateTime' }] }],
    books: ['[Book]', { genre: 'Genre' }],
    shelves: '[[Genre]]',
    title: 'String',
  });
  const patch = (given: Partial<ResultPatch>): ResultPatch => ({
    path: [],
    label: 'more',
    data: undefined,
    items: undefined,
    index: undefined,
    errors: undefined,
    extensions: undefined,
    ...given,
  });

  test('fields are decoded where they belong', () => {
    const given = patch({ path: ['book'], data: { written: 5, author: { born: 6, name: 'A' }, isbn: 'x' } });
    expect(books.decodePatch(given)).toEqual({
      ...given,
      data: { written: new Date(5), author: { born: new Date(6), name: 'A' }, isbn: 'x' },
    });
    expect(books.decodePatch(patch({ data: { title: 'A', book: { written: 5 } } })).data).toEqual({
      title: 'A',
      book: { written: new Date(5) },
    });
  });

  test('so are items of lists, and of lists in lists', () => {
    expect(books.decodePatch(patch({ path: ['books'], items: [{ genre: 'POEM' }, null], index: 3 })).items).toEqual([
      { genre: 'poem' },
      null,
    ]);
    expect(books.decodePatch(patch({ path: ['shelves'], items: [['POEM'], []] })).items).toEqual([['poem'], []]);
    expect(books.decodePatch(patch({ path: ['shelves', 1], items: ['NOVEL'], index: 0 })).items).toEqual(['novel']);
    expect(books.decodePatch(patch({ path: ['books', 5], data: { genre: 'POEM' } })).data).toEqual({ genre: 'poem' });
  });

  test('a patch with nothing to decode is the same object', () => {
    const others = [
      patch({ path: ['title', 'deep', 0], data: { written: 5 } }),
      patch({ path: ['other'], items: [5] }),
      patch({ path: ['book'] }),
    ];
    for (const one of others) expect(books.decodePatch(one)).toBe(one);
  });

  test('errors say where in the whole answer', () => {
    const items = [{ genre: 'POEM' }, { genre: 5 }] as const;
    expect(scalarErrorOf(() => books.decodePatch(patch({ path: ['books'], items, index: 3 })))).toMatchObject({
      scalar: 'Genre',
      path: ['books', 4, 'genre'],
    });
  });

  test.each([
    [{ path: ['books'], data: {} }, ['books'], 'a list is due, and it is an object.'],
    [{ path: ['book'], items: [] }, ['book'], 'an object is due, and it is an array.'],
    [{ path: ['book', 0], data: {} }, ['book'], 'an object is due, and it is an array.'],
    [{ path: ['books', 'genre'], data: {} }, ['books'], 'a list is due, and it is an object.'],
    [{ path: ['book', 'written', 'deep'], data: {} }, ['book', 'written'], 'a scalar is due, and it is an object.'],
    [{ path: ['book', 'written'], data: {} }, ['book', 'written'], 'a scalar is due, and it is an object.'],
  ])('a patch that belongs nowhere is an error: %o', (given, path, reason) => {
    const error = scalarErrorOf(() => books.decodePatch(patch(given)));
    expect(error).toMatchObject({ scalar: undefined, path });
    expect(error.message).toContain(reason);
  });
});

function never(): never {
  throw new Error('It was touched');
}
