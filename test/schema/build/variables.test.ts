// Variables that programs name themselves, and those that share a place in the answer.

import { describe, expect, test } from 'vitest';
import { fragment } from '../../../src/schema/selection/fragment.js';
import { variable } from '../../../src/schema/selection/variable.js';
import { build, documentOf, problemsOf, valuesOf, written } from './library.js';

describe('a variable that the program has named', () => {
  test('is one in the document, of a type that fits wherever it stands', async () => {
    const first = variable('count', 10);
    const selection = {
      books: { $args: { first }, related: { $args: { first }, id: true } },
      authors: { $args: { first }, name: true },
    };
    expect(await documentOf(selection)).toBe(
      written(`query books_authors($count: Int!) {
        books(first: $count) { related(first: $count) { id } }
        authors(first: $count) { name }
      }`),
    );
    expect(valuesOf(build(selection))).toEqual({ count: 10 });
  });

  test('keeps its name; others get out of its way', async () => {
    const selection = {
      books: { $args: { first: 1 }, related: { $args: { first: 2 }, id: true } },
      authors: { $args: { first: variable('first', 3) }, name: true },
      'more: authors': { $args: { first: variable('first_2', 4) }, name: true },
    };
    expect(await documentOf(selection)).toContain(
      'query books_authors($first_3: Int, $first_4: Int, $first: Int!, $first_2: Int!) {',
    );
    expect(valuesOf(build(selection))).toEqual({ first_3: 1, first_4: 2, first: 3, first_2: 4 });
  });

  test('can stand in directives and fields alike', async () => {
    const on = variable('on', true);
    expect(
      await documentOf({
        version: { $directives: { include: { if: on } } },
        'v: version': { $directives: { skip: { if: on } } },
      }),
    ).toBe(written('query version($on: Boolean!) { version @include(if: $on) v: version @skip(if: $on) }'));
  });

  test('without a value is left out', async () => {
    expect(await documentOf({ books: { $args: { first: variable('n', undefined) }, id: true } })).toBe(
      written('query books { books { id } }'),
    );
  });

  test('inside of a value gives the value what it has', async () => {
    const genre = variable('genre', 'NOVEL');
    const selection = {
      books: { $args: { filter: { genre, authors: [variable('a', 'Le Guin')], not: { genre } } }, id: true },
    };
    expect(await documentOf(selection)).toBe(
      written('query books($filter: BookFilter) { books(filter: $filter) { id } }'),
    );
    expect(valuesOf(build(selection))).toEqual({
      filter: { genre: 'NOVEL', authors: ['Le Guin'], not: { genre: 'NOVEL' } },
    });
  });

  test('leaves values without variables as they are, whatever they are', () => {
    const holder: Record<string, unknown> = { date: new Date(0), list: [1] };
    holder.self = holder;
    const hostile = Object.defineProperty({}, 'x', { enumerable: true, get: () => expect.fail('read') });
    for (const value of [holder, hostile]) {
      expect(build({ books: { $args: { filter: value }, id: true } }).values[0]?.value).toBe(value);
    }
  });

  test('cannot have two values', () => {
    const selection = () => ({
      books: { $args: { first: variable('n', 1) }, id: true },
      authors: { $args: { first: variable('n', 2) }, id: true },
    });
    expect(problemsOf(selection)).toEqual([
      {
        message: 'The variable "$n" has two values: give each a name of its own.',
        path: ['query', 'authors', 'first'],
        suggestions: [],
      },
    ]);
  });

  test('cannot stand for values of types that have nothing in common', () => {
    const both = variable('both', 'x');
    const [problem] = problemsOf(() => ({ books: { $args: { first: both, author: both }, id: true } }));
    expect(problem?.message).toContain('"$both" cannot stand for both Int and String');
    expect(problem?.path).toEqual(['query', 'books', 'author']);
  });
});

test('values find their variables, in whatever order the default selection beside them has its fields', () => {
  const on = (value: boolean) => ({ $directives: { include: { if: value } } });
  const author = {
    born: on(true),
    name: on(false),
    books: { $directives: { skip: { if: false } }, 'x: title': { $args: { language: 'en' } } },
  };
  const { built, values } = build(['books.author', { books: { author } }]);
  expect(built.document.match(/\w+ @.*|x: title.*/g)).toEqual([
    'born @include(if: $if)',
    'name @include(if: $if_2)',
    'books @skip(if: $if_3) {',
    'x: title(language: $language)',
  ]);
  expect(values.map(({ value }) => value)).toEqual([true, false, false, 'en']);
});

describe('fields that share a place in the answer', () => {
  const related = (first: unknown) => ({ $on: { Book: { related: { $args: { first }, id: true } } } });
  const selection = (one: unknown, other: unknown) => ({
    node: { $args: { id: 1 }, $on: { Book: { related: { $args: { first: one }, id: true } }, Titled: related(other) } },
  });

  test('share their variables, where they are given the same', async () => {
    const expected = `query node($id: ID!, $first: Int) {
      node(id: $id) {
        ... on Book { related(first: $first) { id } }
        ... on Titled { ... on Book { related(first: $first) { id } } }
      }
    }`;
    expect(await documentOf(selection(5, 5))).toBe(written(expected));
    expect(valuesOf(build(selection(5, 5)))).toEqual({ id: 1, first: 5 });
    expect(await documentOf(selection(variable('n', 5), 5))).toBe(written(expected.replaceAll('$first', '$n')));
    expect(await documentOf(selection(5, variable('n', 5)))).toBe(written(expected.replaceAll('$first', '$n')));
  });

  test('must be given the same', () => {
    for (const [one, other] of [
      [5, 6],
      [5, undefined],
      [variable('a', 5), variable('b', 5)],
    ]) {
      const [problem, ...others] = problemsOf(() => selection(one, other));
      expect(others).toEqual([]);
      expect(problem?.message).toMatch(/^Alias clash: "related" is selected twice, with different arguments\. .*alias/);
      expect(problem?.path).toContain('related');
    }
  });

  test('are left in peace where they are never of one object', async () => {
    expect(
      await documentOf({
        search: {
          $args: { text: 'a' },
          $on: {
            Author: { 'n: books': { $args: { first: 1 }, id: true } },
            Book: { 'n: related': { $args: { first: 2 }, id: true } },
          },
        },
      }),
    ).toContain('n: related(first: $first_2)');
  });

  test('must have one form even there', () => {
    const selection = { search: { $args: { text: 'a' }, $on: { Book: 'pages', Magazine: 'pages' } } };
    expect(problemsOf(() => selection)[0]).toMatchObject({
      message: expect.stringContaining('"pages" is selected twice, for fields of the types Int and [Int!]'),
      path: ['query', 'search', '$on', 'Magazine', 'pages'],
    });
  });

  test('must be null or not in the same way even there', () => {
    const selection = { search: { $args: { text: 'a' }, $on: { Magazine: 'x: issue', Book: 'x: pages' } } };
    expect(problemsOf(() => selection)[0]?.message).toContain('for fields of the types Int! and Int.');
  });

  test('are compared again where they may meet, after they were somewhere where they never do', () => {
    const titleIn = (name: string, language: string) =>
      fragment(name, 'Book', { author: { books: { title: { $args: { language } } } } });
    const [english, german] = [titleIn('English', 'en'), titleIn('German', 'de')];
    const apart = { $args: { text: 'a' }, $on: { Book: { 'x: related': english }, Author: { 'x: books': german } } };
    expect(build({ search: apart }).values).toHaveLength(3);
    expect(problemsOf(() => ({ search: apart, books: [english, german] }))[0]?.message).toContain(
      '"title" is selected twice, with different arguments',
    );
  });

  test('must be the same field, where they may be of one object', () => {
    const selection = { node: { $args: { id: 1 }, 'x: id': true, $on: { Book: { 'x: genre': true } } } };
    expect(problemsOf(() => selection)[0]?.message).toContain('"x" is selected twice, for the fields "id" and "genre"');
  });

  test('are compared in what is selected of them too', () => {
    const owner = { owner: { $on: { Author: { 'x: id': true } } } };
    const other = { owner: { $on: { Author: { 'x: name': true } } } };
    const selection = { node: { $args: { id: 1 }, $on: { Book: owner, Titled: { $on: { Book: other } } } } };
    expect(problemsOf(() => selection)[0]?.message).toContain('for the fields "id" and "name"');
  });
});
