// Documents, compared with those that a person would write for the same.

import { describe, expect, test } from 'vitest';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { fields } from '../../../src/schema/selection/fields.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import { schemaOf } from '../support/schema-of.js';
import { build, buildWith, documentOf, valuesOf, written } from './library.js';

describe('fields', () => {
  test('nested fields are nested braces', async () => {
    expect(await documentOf({ books: { id: true, author: { name: true, books: { title: true } } } })).toBe(
      written('query books { books { id author { name books { title } } } }'),
    );
  });

  test('text, list, object, fields() and mixtures of them are the same document', async () => {
    const expected = written('query books { books { id title author { id name } } }');
    for (const selection of [
      { books: { id: true, title: true, author: { id: true, name: true } } },
      { books: ['id', 'title', 'author.id', 'author.name'] },
      { books: ['id', ['title', { author: 'id' }], 'author.name'] },
      ['books.id', 'books.title', { books: { author: ['id', 'name'] } }],
      ['books.id', 'books.title', 'books.author.id', 'books.author.name'],
      fields('books.id', { books: fields('title', { author: fields('id', 'name') }) }),
      {
        books: fields('id')
          .union('title')
          .union({ author: ['id'] })
          .union('author.name'),
      },
      {
        books: fields('id', 'title', 'pages', { author: ['id', 'name', 'born'] }).difference(['pages', 'author.born']),
      },
      { books: ['id', 'title', { author: ['id', 'name'], pages: false, genre: undefined }] },
    ]) {
      expect(await documentOf(selection)).toBe(expected);
    }
  });

  test('a single text is a list of one', async () => {
    expect(await documentOf('version')).toBe(written('query version { version }'));
    expect(await documentOf({ books: 'author.name' })).toBe(written('query books { books { author { name } } }'));
  });

  test('an alias stands before the field, in objects, lists and texts with dots', async () => {
    expect(
      await documentOf({
        'recent: books': { 'headline: title': true },
        'old: books': ['name: title', 'writer: author.called: name'],
      }),
    ).toBe(
      written(
        'query books { recent: books { headline: title } old: books { name: title writer: author { called: name } } }',
      ),
    );
  });

  test('an alias that is the name of the field is none', async () => {
    expect(await documentOf('version: version')).toBe(written('query version { version }'));
  });

  test('what is selected twice is selected once, with everything that is selected of it', async () => {
    expect(await documentOf(['books.id', { books: ['id', 'title'] }, 'books.author.name', 'books.author.id'])).toBe(
      written('query books { books { id title author { name id } } }'),
    );
  });

  test('true takes the default selection, and more can be taken beside it', async () => {
    expect(await documentOf({ books: { author: true } })).toBe(
      written('query books { books { author { id name born books { id title genre pages } } } }'),
    );
    expect(await documentOf({ books: ['author', 'author.books.author.name'] })).toBe(
      written('query books { books { author { books { author { name } id title genre pages } id name born } } }'),
    );
  });

  test('__typename can be selected everywhere, __schema and __type among the root fields of a query', async () => {
    expect(
      await documentOf({
        __typename: true,
        __schema: { queryType: { name: true }, directives: ['name', 'locations'] },
        __type: {
          $args: { name: 'Book' },
          fields: { $args: { includeDeprecated: true }, name: true, type: 'ofType.kind' },
        },
        search: { $args: { text: 'sea' }, __typename: true },
      }),
    ).toBe(
      written(`query __typename_and_3_more($name: String!, $includeDeprecated: Boolean!, $text: String!) {
        __typename
        __schema { queryType { name } directives { name locations } }
        __type(name: $name) { fields(includeDeprecated: $includeDeprecated) { name type { ofType { kind } } } }
        search(text: $text) { __typename }
      }`),
    );
  });

  test('the default selection of introspection is valid too', async () => {
    await documentOf({ __schema: true, __type: { $args: { name: 'Book' } } });
  });
});

describe('arguments', () => {
  test('each value is a variable of its own, named after its argument, also on nested fields and in directives', async () => {
    const selection = {
      books: {
        $args: { author: 'Le Guin', first: 3 },
        title: { $args: { language: 'en' } },
        related: {
          $args: { first: 5 },
          $directives: { include: { if: true } },
          id: { $directives: { skip: { if: false } } },
        },
      },
    };
    expect(await documentOf(selection)).toBe(
      written(`query books($author: String, $first: Int, $language: String, $first_2: Int, $if: Boolean!, $if_2: Boolean!) {
        books(author: $author, first: $first) {
          title(language: $language)
          related(first: $first_2) @include(if: $if) { id @skip(if: $if_2) }
        }
      }`),
    );
    expect(valuesOf(build(selection))).toEqual({
      author: 'Le Guin',
      first: 3,
      language: 'en',
      first_2: 5,
      if: true,
      if_2: false,
    });
  });

  test('what is undefined is left out, and null is not', async () => {
    const selection = { books: { $args: { author: null, first: undefined }, id: true } };
    expect(await documentOf(selection)).toBe(written('query books($author: String) { books(author: $author) { id } }'));
    expect(valuesOf(build(selection))).toEqual({ author: null });
  });

  test('lists, enums and input objects are values like any other', async () => {
    const selection = { books: { $args: { filter: { genre: 'NOVEL', not: null }, genres: ['POETRY'] }, id: true } };
    expect(await documentOf(selection)).toBe(
      written('query books($filter: BookFilter, $genres: [Genre!]) { books(filter: $filter, genres: $genres) { id } }'),
    );
    expect(valuesOf(build(selection))).toEqual({ filter: { genre: 'NOVEL', not: null }, genres: ['POETRY'] });
  });

  test('arguments that make a long line stand on lines of their own', async () => {
    for (let length = 55; length < 62; length += 1) {
      await documentOf({ [`${'a'.repeat(length)}: books`]: { $args: { first: 1 }, id: true } });
    }
    const args = { author: 'a', first: 1, after: 'b', filter: {}, genres: [] };
    const document = await documentOf({ 'aRatherLongNameForThese: books': { $args: args, id: true } });
    expect(document).toContain('  aRatherLongNameForThese: books(\n    author: $author\n    first: $first\n');
  });

  test('a value says where it stood', () => {
    const selection = {
      books: { id: { $directives: { skip: { if: true } } }, related: { $args: { first: 1 }, id: true } },
    };
    expect(build(selection).values.map(({ path }) => path)).toEqual([
      ['query', 'books', 'id', '@skip', 'if'],
      ['query', 'books', 'related', 'first'],
    ]);
  });
});

describe('fragments', () => {
  test('conditions on types are inline fragments', async () => {
    expect(
      await documentOf({
        search: {
          $args: { text: 'sea' },
          __typename: true,
          $on: { Book: { title: true, author: 'name' }, Author: ['name'] },
        },
      }),
    ).toBe(
      written(`query search($text: String!) {
        search(text: $text) { __typename ... on Book { title author { name } } ... on Author { name } }
      }`),
    );
  });

  test('fragments without a condition carry directives', async () => {
    expect(
      await documentOf({
        books: { id: true, $spread: [{ $directives: { include: { if: true } }, title: true, pages: true }] },
      }),
    ).toBe(written('query books($if: Boolean!) { books { id ... @include(if: $if) { title pages } } }'));
  });

  test('a condition on the type itself can always be met, also where no value is of it yet', () => {
    const builder = new OperationBuilder(schemaOf('type Query { a: Someday } interface Someday { b: Int }'));
    expect(buildWith(builder, { a: { $on: { Someday: 'b' } } }).built.document).toBe(
      written('query a { a { ... on Someday { b } } }'),
    );
  });

  test('a condition carries directives', async () => {
    expect(
      await documentOf({
        node: { $args: { id: '1' }, $on: { Book: { $directives: { skip: { if: true } }, id: true } } },
      }),
    ).toBe(written('query node($id: ID!, $if: Boolean!) { node(id: $id) { ... on Book @skip(if: $if) { id } } }'));
  });

  test('a named fragment is in the document once, at its end, however often it is spread, wherever it stands', async () => {
    const name = fragment('Name', 'Author', { name: true });
    const parts = fragment('Parts', 'Book', { title: true, author: { id: true, $spread: [name] } });
    expect(
      await documentOf({
        books: parts,
        authors: { $args: { first: 1 }, books: ['id', parts], $spread: [name] },
        search: { $args: { text: 'a' }, $spread: [parts, { $directives: { include: { if: true } }, $spread: [name] }] },
      }),
    ).toBe(
      written(`query books_authors_search($first: Int!, $text: String!, $if: Boolean!) {
        books { ...Parts }
        authors(first: $first) { books { id ...Parts } ...Name }
        search(text: $text) { ...Parts ...Name @include(if: $if) }
      }
      fragment Parts on Book { title author { id ...Name } }
      fragment Name on Author { name }`),
    );
  });

  test('a fragment that was made twice in the same way is one', async () => {
    const make = () => fragment('Parts', 'Book', { related: { $args: { filter: { authors: ['a'] } }, id: true } });
    expect(await documentOf({ books: make(), 'more: books': make() })).toBe(
      written(`query books($filter: BookFilter) { books { ...Parts } more: books { ...Parts } }
      fragment Parts on Book { related(filter: $filter) { id } }`),
    );
  });

  test('two conditions on one type are one fragment, and two with directives are two', async () => {
    const one = fields({ $on: { Book: 'id' } });
    const node = { $args: { id: 1 }, $spread: [one.union({ $on: { Book: 'title' } }), { $on: { Magazine: 'issue' } }] };
    expect(await documentOf({ node })).toBe(
      written('query node($id: ID!) { node(id: $id) { ... on Book { id title } ... on Magazine { issue } } }'),
    );
    const twice = { $directives: { include: { if: true } }, title: true };
    expect(await documentOf({ books: { $spread: [twice, twice] } })).toBe(
      written(`query books($if: Boolean!, $if_2: Boolean!) {
        books { ... @include(if: $if) { title } ... @include(if: $if_2) { title } }
      }`),
    );
  });

  test('a fragment without condition, name and directives is what is in it', async () => {
    expect(await documentOf({ books: { id: true, $spread: ['title', { id: true, genre: true }] } })).toBe(
      written('query books { books { id title genre } }'),
    );
  });
});

describe('directives', () => {
  test('those of the schema stand where it lets them, repeatable ones more than once', async () => {
    const directives = { tag: [{ name: 'a' }, { name: 'b' }], cached: true };
    expect(await documentOf({ $directives: { cached: { seconds: 5 } }, version: { $directives: directives } })).toBe(
      written(
        'query version($seconds: Int!, $name: String!, $name_2: String!) @cached(seconds: $seconds) { version @tag(name: $name) @tag(name: $name_2) @cached }',
      ),
    );
  });

  test('one that is undefined or false is left out', async () => {
    expect(await documentOf({ version: { $directives: { cached: undefined, skip: false } } })).toBe(
      written('query version { version }'),
    );
  });

  test('the same field with and without a directive is two', async () => {
    expect(await documentOf(['version', { version: { $directives: { cached: true } } }])).toBe(
      written('query version { version version @cached }'),
    );
  });
});

describe('operations', () => {
  test('several root fields are one request, named after them', async () => {
    expect(await documentOf(['version', 'books.id'])).toBe(written('query version_books { version books { id } }'));
    expect(await documentOf(['version', 'a: books.id', 'b: books.id'])).toContain('query version_books {');
    expect(
      await documentOf(['version', '__typename', 'books.id', { authors: { $args: { first: 1 }, id: true } }]),
    ).toContain('query version_and_3_more(');
  });

  test('a chosen name is used', async () => {
    expect(await documentOf('version', { name: 'Which' })).toBe(written('query Which { version }'));
    expect(build('version', { name: 'Which' }).built.operationName).toBe('Which');
  });

  test('mutations and subscriptions are built like queries', async () => {
    expect(await documentOf({ addBook: { $args: { input: { title: 'Sea' } }, id: true } }, { kind: 'mutation' })).toBe(
      written('mutation addBook($input: NewBook!) { addBook(input: $input) { id } }'),
    );
    expect(await documentOf({ bookAdded: { $args: { genre: 'NOVEL' }, title: true } }, { kind: 'subscription' })).toBe(
      written('subscription bookAdded($genre: Genre) { bookAdded(genre: $genre) { title } }'),
    );
  });
});
