// What raw documents select, as decoding has to know it.

import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { plansOf } from '../../../src/schema/documents/plan.js';
import type { DocumentTree } from '../../../src/schema/documents/tree.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { printTypeRef } from '../../../src/schema/model/type-ref.js';
import { decoderFor } from '../../../src/schema/scalars/decode.js';
import type { ResultShape } from '../../../src/schema/scalars/result-shape.js';
import { librarySchema } from './library.js';

const { model } = librarySchema();

function shapeOf(text: string): ResultShape {
  const [plan] = plansOf(parse(text) as unknown as DocumentTree, model).values();
  if (plan === undefined) throw new Error('The document has no operation.');
  return plan.shape;
}

type Drawn = { readonly [name: string]: string | readonly [type: string, inside: Drawn] };

/** A shape as plain data. */
function drawn(shape: ResultShape): Drawn {
  return Object.fromEntries(
    Array.from(shape, ([name, { type, shape: inside }]) => [
      name,
      inside === undefined ? printTypeRef(type) : [printTypeRef(type), drawn(inside)],
    ]),
  );
}

const dates = { Date: { encode: (date: Date) => date.toISOString(), decode: (wire: string) => new Date(wire) } };

function decoded(text: string, data: unknown): unknown {
  return decoderFor(model, dates, shapeOf(text))?.decode(data) ?? data;
}

describe('the shape of a document', () => {
  test('has fields under their response names, with lists and lists of lists', () => {
    expect(drawn(shapeOf('{ works { id } first: book(id: 1) { __typename when: published genres grid } }'))).toEqual({
      works: ['[Work!]!', { id: 'ID!' }],
      first: ['Book', { __typename: 'String!', when: 'Date', genres: '[Genre!]!', grid: '[[Date]]' }],
    });
  });

  test('has the fields of inline and named fragments, with type conditions and without, however deep they are', () => {
    const text = `
      { search(text: "x") { ... on Book { ...Parts ... { title } } ... on Author { born } __typename } }
      fragment Parts on Book { author { ...Name } }
      fragment Name on Author { name }`;
    expect(drawn(shapeOf(text))).toEqual({
      search: [
        '[Found!]!',
        { author: ['Author', { name: 'String!' }], title: 'String!', born: 'Date', __typename: 'String!' },
      ],
    });
  });

  test('has everything that overlapping selections of one response name select', () => {
    const text = `
      { me { best { title } ...Best best { author { id } } } me { best { published } } }
      fragment Best on Author { best { published author { born } } }`;
    expect(drawn(shapeOf(text))).toEqual({
      me: [
        'Author',
        { best: ['Book', { title: 'String!', published: 'Date', author: ['Author', { born: 'Date', id: 'ID!' }] }] },
      ],
    });
  });

  test('merges the selections of fields that are of different types', () => {
    const text = `
      { search(text: "x") { ... on Book { one: author { name } } ... on Author { one: best { published } } } }`;
    expect(drawn(shapeOf(text))).toEqual({
      search: ['[Found!]!', { one: ['Author', { name: 'String!', published: 'Date' }] }],
    });
  });

  test('takes a fragment again wherever it is spread again', () => {
    const text = '{ me { ...Name friends { ...Name friends { ...Name } } } } fragment Name on Author { name }';
    expect(drawn(shapeOf(text))).toEqual({
      me: [
        'Author',
        { name: 'String!', friends: ['[Author!]!', { name: 'String!', friends: ['[Author!]!', { name: 'String!' }] }] },
      ],
    });
  });

  test('leaves out what the schema does not know, and the fields of introspection', () => {
    expect(drawn(shapeOf('{ __schema { types { name } } nothing me { nothing { id } name } }'))).toEqual({
      me: ['Author', { name: 'String!' }],
    });
  });

  test('of mutations and subscriptions begins at their own roots', () => {
    expect(drawn(shapeOf('mutation { addBook(title: "x", cover: null) { id } }'))).toEqual({
      addBook: ['Book', { id: 'ID!' }],
    });
    expect(drawn(shapeOf('subscription { bookAdded { id } }'))).toEqual({ bookAdded: ['Book', { id: 'ID!' }] });
  });

  test('is read once where fragments are spread twice at each of many levels', () => {
    const levels = Array.from({ length: 60 }, (_, level) => {
      const inside = `{ ...F${level + 1} }`;
      return `fragment F${level} on Author { one: friends ${inside} other: friends ${inside} }`;
    });
    const shape = shapeOf(`{ me { ...F0 } } ${levels.join(' ')} fragment F60 on Author { born }`);
    let deepest = shape.get('me')?.shape;
    for (let level = 0; level < 60; level += 1) deepest = deepest?.get(level % 2 === 0 ? 'one' : 'other')?.shape;
    expect(Array.from(deepest?.keys() ?? [])).toEqual(['born']);
    const side = Array.from(
      { length: 60 },
      (_, level) => `fragment F${level} on Author { ...F${level + 1} ...F${level + 1} }`,
    );
    expect(drawn(shapeOf(`{ me { ...F0 } } ${side.join(' ')} fragment F60 on Author { born }`))).toEqual({
      me: ['Author', { born: 'Date' }],
    });
  });
});

describe('a fragment that', () => {
  test('is not in the document is an error with its place and the name that may have been meant', () => {
    const read = (): unknown => shapeOf('{\n  me { ...Nmae }\n}\nfragment Name on Author { name }');
    expect(read).toThrow(ValidationError);
    expect(read).toThrow(
      'The document spreads the fragment "Nmae", which it does not define. (line 2, column 8) Did you mean "Name"?',
    );
  });

  test.each([
    ['itself', '{ me { ...A } } fragment A on Author { name friends { ...A } }'],
    [
      'itself through another',
      '{ me { ...A } } fragment A on Author { best { ...B } } fragment B on Book { author { ...A } }',
    ],
    ['itself, and stands beside others', '{ me { ...A } } fragment A on Author { friends { id } friends { ...A } }'],
  ])('contains %s is an error', (_, text) => {
    expect(() => shapeOf(text)).toThrow('contains itself');
  });
});

describe('answers are decoded', () => {
  test('through aliases, lists of lists, fragments and merged selections, nothing lost', () => {
    const text = `
      { works { ...When ... on Book { grid author { name } author { born } } } }
      fragment When on Work { when: published }`;
    const data = {
      works: [
        { when: '2020-01-01', grid: [['2021-01-01', null], null], author: { name: 'Ada', born: '1815-12-10' } },
        { when: null },
      ],
    };
    expect(decoded(text, data)).toEqual({
      works: [
        {
          when: new Date('2020-01-01'),
          grid: [[new Date('2021-01-01'), null], null],
          author: { name: 'Ada', born: new Date('1815-12-10') },
        },
        { when: null },
      ],
    });
  });

  test('where keys are missing and parents are null, and what is of another form than selected is an error', () => {
    expect(decoded('{ me { born best { published } } }', { me: { best: null } })).toEqual({ me: { best: null } });
    expect(() => decoded('{ me { best { published } } }', { me: { best: [] } })).toThrow('me.best');
  });
});
