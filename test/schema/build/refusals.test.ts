// What the schema does not allow: each is refused before anything is sent, where it stands, with what may have been meant.

import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { SchemaError } from '../../../src/schema/errors/schema-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import type { SelectionNode } from '../../../src/schema/selection/nodes.js';
import { readSelection } from '../../../src/schema/selection/read-selection.js';
import { variable } from '../../../src/schema/selection/variable.js';
import { schemaOf } from '../support/schema-of.js';
import { build, library, problemsOf } from './library.js';

const search = { $args: { text: 'a' } };

describe('names that the schema does not know', () => {
  test.each([
    ['a field', { books: ['titel'] }, 'Book has no field "titel".', ['books', 'titel'], ['title']],
    ['a root field', 'book_s', 'Query has no field "book_s".', ['book_s'], ['books', 'book']],
    [
      'an argument',
      { books: { $args: { genrez: 'x' }, id: true } },
      'Query.books has no argument "genrez".',
      ['books', 'genrez'],
      ['genres'],
    ],
    [
      'an argument of a field without any',
      { version: { $args: { of: 1 } } },
      'Query.version has no argument "of". It takes none.',
      ['version', 'of'],
      [],
    ],
    [
      'a directive',
      { version: { $directives: { includ: { if: true } } } },
      'The schema has no directive "@includ".',
      ['version', '@includ'],
      ['include'],
    ],
    [
      'an argument of a directive',
      { version: { $directives: { cached: { second: 1 } } } },
      '"@cached" has no argument "second".',
      ['version', '@cached', 'second'],
      ['seconds'],
    ],
    [
      'a type in a condition',
      { search: { ...search, $on: { Bok: 'id' } } },
      'The schema has no type "Bok".',
      ['search', '$on', 'Bok'],
      ['Book'],
    ],
    [
      'a field of one possible type',
      { node: { $args: { id: 1 }, title: true } },
      'Node has no field "title"; it is one of Book, Magazine: select it in "$on".',
      ['node', 'title'],
      [],
    ],
    [
      'a field of a union',
      { search: { ...search, nme: true } },
      'Found has no field "nme". A union has none: select those of its types in "$on".',
      ['search', 'nme'],
      [],
    ],
    [
      '__typename misspelt',
      { search: { ...search, __typname: true } },
      'Found has no field "__typname". A union has none: select those of its types in "$on".',
      ['search', '__typname'],
      ['__typename'],
    ],
    [
      '__schema below the root',
      { books: '__schema.types.name' },
      'Book has no field "__schema".',
      ['books', '__schema'],
      [],
    ],
  ])('%s', (_what, selection, message, path, suggestions) => {
    expect(problemsOf(() => selection)).toEqual([{ message, path: ['query', ...path], suggestions }]);
  });

  test('in fragments have the fragment as their place', () => {
    const parts = fragment('Parts', 'Book', { author: 'nam' });
    expect(problemsOf(() => ({ books: parts }))[0]).toMatchObject({
      path: ['fragment', 'Parts', 'author', 'nam'],
      suggestions: ['name'],
    });
  });
});

describe('what cannot stand where it stands', () => {
  test.each([
    [
      'fields of a leaf',
      { books: { title: ['x'] } },
      'Book.title is of type String, which has no fields to select.',
      ['books', 'title'],
    ],
    [
      'fields of an enum',
      { books: { genre: { x: true } } },
      'Book.genre is of type Genre, which has no fields to select.',
      ['books', 'genre'],
    ],
    [
      'a condition that is never met',
      { books: { $on: { Author: 'id' } } },
      'Book is never of type Author: nothing could be selected of it.',
      ['books', '$on', 'Author'],
    ],
    [
      'a condition on a type without fields',
      { search: { ...search, $on: { Genre: 'id' } } },
      'Genre has no fields to select.',
      ['search', '$on', 'Genre'],
    ],
    [
      'a directive for another place',
      { search: { ...search, $on: { Book: { id: true, $directives: { cached: true } } } } },
      '"@cached" cannot stand on inline fragment, only on: field, query.',
      ['search', '$on', 'Book', '@cached'],
    ],
    [
      'a directive twice',
      { version: { $directives: { cached: [{}, { seconds: 1 }] } } },
      '"@cached" may stand only once in one place.',
      ['version', '@cached'],
    ],
    [
      'a required argument left out',
      { authors: { name: true } },
      'The argument "first" of Query.authors is required: Int!.',
      ['authors', 'first'],
    ],
    [
      'a required argument given as undefined',
      { authors: { $args: { first: undefined }, name: true } },
      'The argument "first" of Query.authors is required: Int!.',
      ['authors', 'first'],
    ],
    [
      'a required argument of a directive left out',
      { version: { $directives: { tag: true } } },
      'The argument "name" of "@tag" is required: String!.',
      ['version', '@tag', 'name'],
    ],
  ])('%s', (_what, selection, message, path) => {
    expect(problemsOf(() => selection)).toEqual([expect.objectContaining({ message, path: ['query', ...path] })]);
  });

  test('a directive of operations on an operation that is none of its', () => {
    const selection = { $directives: { cached: true }, bookAdded: true };
    expect(problemsOf(() => selection, { kind: 'subscription' })[0]?.message).toBe(
      '"@cached" cannot stand on subscription, only on: field, query.',
    );
  });

  test('everything that is wrong is told at once', () => {
    const selection = { books: { $args: { genrez: 1 }, titel: true, author: ['nam'] }, authors: true };
    expect(problemsOf(() => selection).map(({ path }) => path.join('.'))).toEqual([
      'query.books.genrez',
      'query.books.titel',
      'query.books.author.nam',
      'query.authors.first',
    ]);
    expect(() => build(selection)).toThrow(
      'query.books.genrez: Query.books has no argument "genrez". Did you mean "genres"? (and 3 more)',
    );
  });

  test('two different fragments of one name', () => {
    const [one, other] = [fragment('Parts', 'Book', 'id'), fragment('Parts', 'Book', 'title')];
    expect(problemsOf(() => ({ books: { $spread: [one, other] } }))).toEqual([
      {
        message: 'Two different fragments are named "Parts": give one of them another name.',
        path: ['fragment', 'Parts'],
        suggestions: [],
      },
    ]);
    const inside = fragment('Parts', 'Book', { related: one });
    expect(problemsOf(() => ({ books: inside }))[0]?.message).toContain('Two different fragments');
  });

  test('an alias for two fields, or for one with different arguments', () => {
    expect(problemsOf(() => ({ books: ['x: id', 'x: title'] }))[0]).toMatchObject({
      message:
        'Alias clash: "x" is selected twice, for the fields "id" and "title". Give one of them an alias of its own, as in "other: title".',
      path: ['query', 'books', 1],
    });
    const titles = [{ title: { $args: { language: 'en' } } }, { title: { $args: { language: 'de' } } }];
    expect(problemsOf(() => ({ books: titles }))[0]?.message).toContain(
      '"title" is selected twice, with different arguments',
    );
    expect(problemsOf(() => ({ books: ['title', titles[0]] }))[0]?.message).toContain('with different arguments');
  });

  test('an alias that the default selection has for another field', () => {
    expect(problemsOf(() => ['books.author', { books: { author: { 'id: name': true } } }])[0]?.message).toContain(
      '"id" is selected twice, for the fields "name" and "id"',
    );
  });
});

describe('subscriptions', () => {
  const options = { kind: 'subscription' } as const;

  test('have one root field', () => {
    const [problem] = problemsOf(() => ['bookAdded.id', 'loanChanged.days'], options);
    expect(problem?.message).toBe('A subscription has one root field, and this has 2: bookAdded, loanChanged.');
  });

  test('have no root field of introspection', () => {
    expect(problemsOf(() => '__typename', options)[0]?.message).toContain('"__typename" cannot be the root field');
  });

  test('cannot leave their root field out', () => {
    const selection = { bookAdded: { $directives: { skip: { if: true } }, id: true } };
    expect(problemsOf(() => selection, options)[0]?.message).toContain('"@skip" cannot stand on the root field');
  });
});

describe('operations', () => {
  test('a root that the schema does not have', () => {
    const builder = new OperationBuilder(schemaOf('type Query { a: Int }'));
    const selection = readSelection('a');
    expect(() => builder.build({ kind: 'mutation', name: undefined, selection, directives: [] })).toThrow(SchemaError);
  });

  test('a name that is none', () => {
    expect(() => build('version', { name: 'a b' })).toThrow(OptionError);
    const builder = new OperationBuilder(library);
    const selection = readSelection('version');
    for (const name of [undefined, 'Version', '']) {
      const run = () => builder.build({ kind: 'query', name, selection, directives: [] });
      if (name === '') expect(run).toThrow("An operation's name must be a GraphQL name");
      else expect(run().built.document).toContain('version');
    }
  });
});

describe('text that would end up in a document through a name', () => {
  const evil = 'id } evil { x';

  test('is refused wherever a name stands', () => {
    for (const selection of [
      () => evil,
      () => ({ [evil]: true }),
      () => ({ [`${evil}: version`]: true }),
      () => `version: ${evil}`,
      () => ({ version: { $args: { [evil]: 1 } } }),
      () => ({ version: { $directives: { [evil]: true } } }),
      () => ({ version: { $directives: { include: { [evil]: true } } } }),
      () => ({ $on: { [evil]: 'version' } }),
      () => ['version', ''],
      () => 'version\n',
      () => 'vérsion',
    ]) {
      expect(problemsOf(selection)).toHaveLength(1);
    }
    expect(() => fragment(evil, 'Book', 'id')).toThrow(OptionError);
    expect(() => fragment('Parts', evil, 'id')).toThrow(OptionError);
    expect(() => fragment('on', 'Book', 'id')).toThrow(OptionError);
    expect(() => variable(evil, 1)).toThrow(OptionError);
    expect(() => build('version', { name: evil })).toThrow(OptionError);
  });

  test('is refused by the builder too, should somebody get it that far', () => {
    const node = (over: object): SelectionNode => ({
      fields: [{ name: 'version', alias: undefined, args: undefined, directives: [], selection: undefined, ...over }],
      spreads: [],
    });
    const spread = { on: 'Query', fragmentName: undefined, directives: [], selection: node({}) };
    const forged = Object.assign(Object.create(Object.getPrototypeOf(variable('a', 1))), { name: evil, value: 1 });
    const builder = new OperationBuilder(library);
    for (const selection of [
      node({ name: evil }),
      node({ alias: evil }),
      node({ args: { [evil]: 1 } }),
      node({ directives: [{ name: evil, args: {} }] }),
      node({ directives: [{ name: 'include', args: { if: forged } }] }),
      { fields: [], spreads: [{ ...spread, on: evil }] },
      { fields: [], spreads: [{ ...spread, fragmentName: evil }] },
    ]) {
      expect(() => builder.build({ kind: 'query', name: undefined, selection, directives: [] })).toThrow(
        ValidationError,
      );
    }
  });
});
