// Variables whose default stands in the document.

import { describe, expect, test } from 'vitest';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { bigInt } from '../../../src/schema/scalars/big-int.js';
import { dateTime } from '../../../src/schema/scalars/date-time.js';
import { enumValues } from '../../../src/schema/scalars/enum-values.js';
import { json } from '../../../src/schema/scalars/json.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import { readOperation } from '../../../src/schema/selection/read-selection.js';
import { variable } from '../../../src/schema/selection/variable.js';
import { schemaOf } from '../support/schema-of.js';
import { build, buildWith, documentOf, library, problemsOf, valuesOf, written } from './library.js';

const anything = schemaOf(`
  scalar DateTime
  scalar BigInt
  scalar JSON
  enum Size { SMALL LARGE }
  input Box { size: Size = SMALL, tags: [String!], inner: Box, weight: Float, since: DateTime }
  input Either @oneOf { id: ID, name: String }
  type Query {
    a(
      text: String, count: Int, ratio: Float, yes: Boolean, id: ID!, size: Size, sizes: [Size!]!, grid: [[Int]]
      box: Box, either: Either, since: DateTime, big: BigInt, any: JSON
    ): Int
  }
`);

const codecs = { DateTime: dateTime, BigInt: bigInt, JSON: json, Size: enumValues({ SMALL: 1, LARGE: 2 }) };

/** The definitions of the variables with these defaults, by the name of the argument. */
function definitionsFor(defaults: Record<string, unknown>): string {
  const args = Object.fromEntries(
    Object.entries({ id: 'x', sizes: 1, ...defaults }).map(([name, value]) => [
      name,
      variable(name, undefined, { default: value }),
    ]),
  );
  const { document } = new OperationBuilder(anything, codecs).build(
    readOperation('query', undefined, { a: { $args: args } }),
  ).built;
  return document;
}

describe('a variable with a default', () => {
  test('is written as a person would write it, and is left out of what is sent where it has no value', async () => {
    const selection = {
      books: { $args: { first: variable('count', undefined, { default: 5 }) }, id: true },
      authors: { $args: { first: variable('most', 3, { default: 20 }) }, name: true },
    };
    expect(await documentOf(selection)).toBe(
      written(`query books_authors($count: Int = 5, $most: Int! = 20) {
        books(first: $count) { id }
        authors(first: $most) { name }
      }`),
    );
    expect(valuesOf(build(selection))).toEqual({ count: undefined, most: 3 });
  });

  test('stands for a required argument', async () => {
    expect(await documentOf({ node: { $args: { id: variable('id', undefined, { default: '1' }) }, id: true } })).toBe(
      written('query node($id: ID! = "1") { node(id: $id) { id } }'),
    );
  });

  test('has it in directives too', async () => {
    const on = variable('on', undefined, { default: true });
    expect(await documentOf({ version: { $directives: { include: { if: on } } } })).toBe(
      written('query version($on: Boolean! = true) { version @include(if: $on) }'),
    );
  });

  test('stands for several arguments, of the narrowest of their types', async () => {
    const first = variable('first', undefined, { default: 5 });
    const selection = { books: { $args: { first }, id: true }, authors: { $args: { first }, name: true } };
    expect(await documentOf(selection)).toContain('($first: Int! = 5)');
  });

  test('may be null where its type may', async () => {
    expect(
      await documentOf({ books: { $args: { first: variable('n', undefined, { default: null }) }, id: true } }),
    ).toContain('($n: Int = null)');
    const required = { authors: { $args: { first: variable('n', 1, { default: null }) }, name: true } };
    expect(problemsOf(() => required)).toMatchObject([{ path: ['variable', 'n', 'default'] }]);
  });

  test('inside of a value gives the value its default where it has none', () => {
    const genre = variable('genre', undefined, { default: 'NOVEL' });
    const other = variable('other', 'POETRY', { default: 'NOVEL' });
    const selection = { books: { $args: { filter: { genre, not: { genre: other } } }, id: true } };
    expect(valuesOf(build(selection))).toEqual({ filter: { genre: 'NOVEL', not: { genre: 'POETRY' } } });
  });

  test('is the same document again for the same default, and another for another', () => {
    const builder = new OperationBuilder(library);
    const built = (first: unknown, value?: number) =>
      buildWith(builder, {
        books: { $args: { first: variable('n', value, { default: first as number }) }, id: true },
      }).built;
    expect(built(5, 1)).toBe(built(5, 2));
    expect(built(5)).not.toBe(built(6));
    expect(built(6).document).toContain('= 6');
    expect(built(5)).not.toBe(built('5'.length));
    const filtered = (genre: string) =>
      buildWith(builder, {
        books: { $args: { filter: variable('f', undefined, { default: { genre } }) }, id: true },
      }).built;
    expect(filtered('NOVEL')).toBe(filtered('NOVEL'));
    expect(filtered('POETRY').document).toContain('POETRY');
  });

  test('does not change with what the program holds', () => {
    const since = new Date(0);
    const box = { tags: ['a'], since };
    const [dated, boxed] = [
      variable('since', undefined, { default: since }),
      variable('box', undefined, { default: box }),
    ];
    const builder = new OperationBuilder(anything, codecs);
    const document = () =>
      builder.build(readOperation('query', undefined, { a: { $args: { id: 1, sizes: 1, since: dated, box: boxed } } }))
        .built.document;
    const before = document();
    expect(before).toContain('"1970-01-01T00:00:00.000Z"');
    since.setUTCFullYear(2026);
    box.tags.push('b');
    expect(document()).toBe(before);
    const now = variable('since', undefined, { default: since });
    const other = builder.build(readOperation('query', undefined, { a: { $args: { id: 1, sizes: 1, since: now } } }));
    expect(other.built.document).toContain('"2026-01-01T00:00:00.000Z"');
  });

  test('of the same Date is the same document, however often it is made', () => {
    const builder = new OperationBuilder(anything, codecs);
    const built = (year: number) =>
      builder.build(
        readOperation('query', undefined, {
          a: { $args: { id: 1, sizes: 1, since: variable('s', undefined, { default: new Date(Date.UTC(year)) }) } },
        }),
      ).built;
    expect(built(2000)).toBe(built(2000));
    expect(built(2000)).not.toBe(built(2001));
  });

  test('may hold variables, which give it what they have', async () => {
    const genre = variable('genre', 'NOVEL');
    const filter = variable('f', undefined, { default: { genre, not: { genre } } });
    expect(build({ books: { $args: { filter }, id: true } }).built.document).toContain(
      '= { genre: NOVEL, not: { genre: NOVEL } }',
    );
  });

  test('that has no end, or throws, is refused also where it stands twice', () => {
    const endless = () => {
      const value: Record<string, unknown> = {};
      value.not = value;
      value.and = value;
      return value;
    };
    const hostile = () => Object.defineProperty({}, 'genre', { enumerable: true, get: () => expect.fail('no') });
    for (const make of [endless, hostile]) {
      const selection = {
        books: { $args: { filter: variable('f', undefined, { default: make() }) }, id: true },
        'more: books': { $args: { filter: variable('f', undefined, { default: make() }) }, id: true },
      };
      expect(problemsOf(() => selection)).not.toEqual([]);
    }
  });

  test('cannot have two', () => {
    for (const other of [variable('n', 1), variable('n', 1, { default: 3 })]) {
      const selection = {
        books: { $args: { first: variable('n', 1, { default: 2 }) }, id: true },
        authors: { $args: { first: other }, name: true },
      };
      expect(problemsOf(() => selection)).toEqual([
        {
          message: 'The variable "$n" has two defaults: give each a name of its own.',
          path: ['query', 'authors', 'first'],
          suggestions: [],
        },
      ]);
    }
  });

  test('makes two fragments of one name different', () => {
    const part = (most: number) =>
      fragment('Part', 'Author', { books: { $args: { first: variable('n', 1, { default: most }) }, id: true } });
    const selection = (one: number, other: number) => ({
      authors: { $args: { first: 1 }, $spread: [part(one)] },
      'more: authors': { $args: { first: 1 }, $spread: [part(other)] },
    });
    expect(build(selection(5, 5)).built.document).toContain('$n: Int = 5');
    expect(problemsOf(() => selection(5, 6))).toMatchObject([{ path: ['fragment', 'Part'] }]);
  });

  test('that does not fit is refused, with the place in it', () => {
    const filter = variable('f', undefined, { default: { genre: 'NOVELS', nots: {} } });
    expect(problemsOf(() => ({ books: { $args: { filter }, id: true } }))).toMatchObject([
      { path: ['variable', 'f', 'default', 'genre'], suggestions: ['NOVEL'] },
      { path: ['variable', 'f', 'default', 'nots'], suggestions: ['not'] },
    ]);
  });

  test('that cannot be read is refused', () => {
    const hostile = Object.defineProperty({}, 'genre', {
      enumerable: true,
      get: () => {
        throw new Error('not today');
      },
    });
    const endless: Record<string, unknown> = {};
    endless.not = endless;
    for (const value of [hostile, endless]) {
      const filter = variable('f', undefined, { default: value });
      const [problem] = problemsOf(() => ({ books: { $args: { filter }, id: true } }));
      expect(problem?.path.slice(0, 3)).toEqual(['variable', 'f', 'default']);
    }
  });

  test('must be called "default", and be something', () => {
    expect(() => variable('n', 1, { defualt: 2 } as never)).toThrow('Did you mean "default"');
    expect(() => variable('n', 1, 2 as never)).toThrow('An object is needed');
  });
});

describe('the text of a default', () => {
  test.each([
    [{ text: 'a "quoted" text\n\u0007 \\ \u007f é 😀' }, '"a \\"quoted\\" text\\n\\u0007 \\\\ \u007f é 😀"'],
    [{ text: '' }, '""'],
    [{ count: -5 }, '-5'],
    [{ ratio: 1e21 }, '1e+21'],
    [{ ratio: -0 }, '0'],
    [{ yes: false }, 'false'],
    [{ id: 7 }, '7'],
    [{ size: 2 }, 'LARGE'],
    [{ sizes: [1, 2] }, '[SMALL, LARGE]'],
    [{ sizes: 2 }, '[LARGE]'],
    [{ grid: [[1, null], [], null] }, '[[1, null], [], null]'],
    [{ box: {} }, '{}'],
    [
      { box: { size: 2, tags: ['a'], inner: { weight: 0.5 }, since: new Date(0) } },
      '{ size: LARGE, tags: ["a"], inner: { weight: 0.5 }, since: "1970-01-01T00:00:00.000Z" }',
    ],
    [{ either: { name: 'x' } }, '{ name: "x" }'],
    [{ since: new Date(0) }, '"1970-01-01T00:00:00.000Z"'],
    [{ big: 2n ** 70n }, '"1180591620717411303424"'],
    [
      { any: { toJSON: () => ({ a: undefined, b: Number.NaN, c: () => 1, d: [Symbol('x')] }) } },
      '{ b: null, d: [null] }',
    ],
    [{ any: { toJSON: () => new Date(0) } }, '{}'],
    [{ any: { a: [1, 'b', null, true, { c: 2.5 }] } }, '{ a: [1, "b", null, true, { c: 2.5 }] }'],
  ])('%o', (given, text) => {
    const [[name] = ['']] = Object.entries(given);
    const document = definitionsFor(given);
    const head = document.slice(0, document.indexOf(')'));
    expect(written(document)).toBe(written(document.replace(text, () => text)));
    expect(head).toContain(`$${name}: `);
    expect(head).toContain(` = ${text}`);
  });

  test('holds nothing that would end it', () => {
    for (const value of ['") { evil } #', '\u2028", x: "', '"""', '\\"']) {
      const document = definitionsFor({ text: value });
      expect(written(document).split('{')).toHaveLength(
        definitionsFor({ text: 'x' }).split('{').length + value.split('{').length - 1,
      );
    }
  });

  test.each([
    [{ text: 'half of \ud83d' }, ['text', 'default'], 'half of a character'],
    [{ any: { 'not a name': 1 } }, ['any', 'default', 'not a name'], 'not a name'],
    [{ any: { a: [new Blob(['x'])] } }, ['any', 'default'], 'a file is in it'],
    [{ any: Buffer.from('hi') }, ['any', 'default'], 'a file is in it'],
    [{ any: { toJSON: () => undefined } }, ['any', 'default'], 'nothing of it can be written'],
    [{ any: { toJSON: () => Symbol('a) { evil }') } }, ['any', 'default'], 'nothing of it can be written'],
    [{ any: { toJSON: () => () => 'evil' } }, ['any', 'default'], 'nothing of it can be written'],
    [{ any: [{ toJSON: () => 3n }] }, ['any', 'default'], 'BigInt'],
  ])('is refused where a document cannot hold it: %o', (given, path, message) => {
    try {
      definitionsFor(given);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: 'ValidationError', path: ['variable', ...path] });
      expect((error as Error).message).toContain(message);
    }
  });

  test('is refused where its codec refuses it', () => {
    expect(() => definitionsFor({ since: 'yesterday' })).toThrow(ScalarError);
    expect(() => definitionsFor({ since: 'yesterday' })).toThrow('variable.since.default');
  });
});
