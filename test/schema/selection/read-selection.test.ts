// Selections as programs write them, read into their one normal form: what is none, where it is none, and why.

import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { fields } from '../../../src/schema/selection/fields.js';
import { fragment } from '../../../src/schema/selection/fragment.js';
import type { FieldNode, SelectionNode } from '../../../src/schema/selection/nodes.js';
import { readOperation, readSelection } from '../../../src/schema/selection/read-selection.js';
import { variable } from '../../../src/schema/selection/variable.js';

const field = (name: string, over: Partial<FieldNode> = {}): FieldNode => ({
  name,
  alias: undefined,
  args: undefined,
  directives: [],
  selection: undefined,
  ...over,
});
const node = (...names: (string | FieldNode)[]): SelectionNode => ({
  fields: names.map((name) => (typeof name === 'string' ? field(name) : name)),
  spreads: [],
});

function refusalOf(value: unknown): ValidationError {
  try {
    readSelection(value, ['query']);
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('every form', () => {
  test.each<[string, unknown, SelectionNode]>([
    ['a text', 'id', node('id')],
    ['a text with dots', 'author.name', node(field('author', { selection: node('name') }))],
    ['an alias', 'headline: title', node(field('title', { alias: 'headline' }))],
    ['an alias without a space', 'headline:title', node(field('title', { alias: 'headline' }))],
    ['a list', ['id', 'title'], node('id', 'title')],
    ['an object', { id: true, title: true }, node('id', 'title')],
    ['an object without a prototype', Object.assign(Object.create(null), { id: true }), node('id')],
    [
      'an object of another realm',
      runInNewContext('({ author: { id: true } })'),
      node(field('author', { selection: node('id') })),
    ],
    ['a list of another realm', runInNewContext('["id", ["title"]]'), node('id', 'title')],
    ['frozen ones', Object.freeze({ author: Object.freeze(['id']) }), node(field('author', { selection: node('id') }))],
    ['fields()', fields('id', { author: true }), node('id', 'author')],
    ['true', true, { defaults: true, fields: [], spreads: [] }],
    [
      'names that objects have',
      { constructor: true, toString: ['valueOf'] },
      node('constructor', field('toString', { selection: node('valueOf') })),
    ],
    ['__proto__ as a key of its own', JSON.parse('{ "__proto__": true }'), node('__proto__')],
  ])('%s', (_what, value, expected) => {
    expect(readSelection(value)).toEqual(expected);
  });

  test('what is false or undefined is left out, wherever it stands', () => {
    const value = {
      id: true,
      title: false,
      author: undefined,
      books: ['id', false, undefined],
      $on: { Book: false, Author: undefined },
      $spread: [false, undefined],
      pages: { $directives: { include: undefined, skip: false }, $args: undefined },
    };
    expect(readSelection(value)).toEqual(node('id', field('books', { selection: node('id') }), 'pages'));
  });

  test('arguments and directives alone leave what is selected to the default', () => {
    expect(readSelection({ books: { $args: { first: 1 } } })).toEqual(node(field('books', { args: { first: 1 } })));
    expect(readSelection({ id: { $directives: { a: true, b: {}, c: [{ x: 1 }, { x: 2 }] } } })).toEqual(
      node(
        field('id', {
          directives: [
            { name: 'a', args: {} },
            { name: 'b', args: {} },
            { name: 'c', args: { x: 1 } },
            { name: 'c', args: { x: 2 } },
          ],
        }),
      ),
    );
    expect(readSelection({ $on: { Book: { $directives: { a: true } } } }).spreads[0]?.selection.defaults).toBe(true);
  });

  test('a named fragment inside of one without condition is spread with its directives', () => {
    const parts = fragment('Parts', 'Book', 'id');
    const spread = { on: 'Book', fragmentName: 'Parts', selection: node('id') };
    for (const value of [parts, [parts], { $spread: [parts] }, { $spread: [[parts]] }, fields(parts)]) {
      expect(readSelection(value)).toEqual({ fields: [], spreads: [{ ...spread, directives: [] }] });
    }
    expect(readSelection({ $spread: [{ $directives: { a: true }, $spread: [parts] }] }).spreads).toEqual([
      { ...spread, directives: [{ name: 'a', args: {} }] },
    ]);
  });
});

test('what is read as an operation has the directives of the operation', () => {
  expect(readOperation('query', 'Name', { $directives: { a: { x: 1 } }, id: true })).toEqual({
    kind: 'query',
    name: 'Name',
    selection: node('id'),
    directives: [{ name: 'a', args: { x: 1 } }],
  });
  for (const value of ['id', ['id'], fields('id')])
    expect(readOperation('query', undefined, value).directives).toEqual([]);
  for (const value of [
    {},
    { $directives: {} },
    { $directives: {}, id: false },
    { $args: {}, id: true },
    { $directives: 5 },
  ]) {
    expect(() => readOperation('query', undefined, value)).toThrow(ValidationError);
  }
});

describe('what is selected twice', () => {
  test('is united, where it is the same', () => {
    const args = () => ({ filter: { tags: ['a', { b: null }], v: variable('v', 1), left: undefined } });
    const twice = [{ books: { $args: args(), id: true } }, { books: { $args: args(), id: true, title: true } }];
    expect(readSelection(twice).fields).toHaveLength(1);
    expect(readSelection(twice).fields[0]?.selection).toEqual(node('id', 'title'));
  });

  test('is found among many with other directives, without comparing it with each', () => {
    let reads = 0;
    const counted = (text: string) => ({
      get text() {
        reads += 1;
        return text;
      },
    });
    const many = Array.from({ length: 1_000 }, (_, index) => ({
      author: { $directives: { tag: { name: counted(`t${index % 500}`) } }, [`f${index}`]: true },
    }));
    const read = readSelection(many).fields;
    expect(read.map(({ selection }) => selection)).toEqual(
      Array.from({ length: 500 }, (_, index) => node(`f${index}`, `f${index + 500}`)),
    );
    expect(reads).toBeLessThan(10_000);
  });

  test.each([
    ['a member that is undefined, and the order', { a: 1, b: undefined, c: 2 }, { c: 2, a: 1 }],
    ['variables', variable('v', [1], { default: [2] }), variable('v', [1], { default: [2] })],
    ['lists of lists', [[], [null]], [[], [null]]],
    ['one function', readSelection, readSelection],
    ['more than is looked at', new Array(2_000).fill([1]), new Array(2_000).fill([1])],
  ])('under the same directives is one field: %s', (_what, one, other) => {
    const twice = [one, other].map((value) => ({ a: { $directives: { tag: { value } } } }));
    expect(readSelection(twice).fields).toHaveLength(1);
  });

  test.each([
    ['another type', 1, '1'],
    ['text and null', null, 'null'],
    ['zeros', 0, -0],
    ['a list and a text of it', ['a', 'b'], '["a","b"]'],
    ['members and a name like them', { a: 1, b: 2 }, { 'a:1,b': 2 }],
    ['a variable of another name', variable('v', 1), variable('w', 1)],
    ['functions', () => 1, () => 1],
    ['objects of a class', new URL('http://a/'), new URL('http://a/')],
    ['behind what is looked at', [...new Array(2_000).fill(1), 1], [...new Array(2_000).fill(1), 2]],
  ])('under other directives stands beside it: %s', (_what, one, other) => {
    const twice = [one, other].map((value) => ({ a: { $directives: { tag: { value } } } }));
    expect(readSelection(twice).fields).toHaveLength(2);
    expect(readSelection([...twice, ...twice]).fields).toHaveLength(2);
  });

  test.each([
    ['another field under the same alias', ['x: id', 'x: title'], 1],
    ['an alias that is the name of another', { id: true, 'id: title': true }, 'id: title'],
    ['a value more', [{ a: { $args: { x: 1 } } }, { a: { $args: { x: 1, y: 2 } } }], 1],
    ['another value', [{ a: { $args: { x: [1] } } }, { a: { $args: { x: [2] } } }], 1],
    ['another object of a class', [{ a: { $args: { x: new Date(0) } } }, { a: { $args: { x: new Date(1) } } }], 1],
    ['a list and an object', [{ a: { $args: { x: [] } } }, { a: { $args: { x: {} } } }], 1],
    ['a variable and its value', [{ a: { $args: { x: variable('x', 1) } } }, { a: { $args: { x: 1 } } }], 1],
    ['none and one', ['a', { a: { $args: { x: 1 } } }], 1],
  ])('and is not the same is refused: %s', (_what, value, where) => {
    const { message, path } = refusalOf(value);
    expect(message).toContain('Alias clash');
    expect(message).toContain('Give one of them an alias of its own');
    expect(path.slice(0, 2)).toEqual(['query', where]);
  });
});

describe('what is no selection is refused where it stands', () => {
  const cycle: Record<string, unknown> = { id: true };
  cycle.author = { books: cycle };
  const list: unknown[] = ['id'];
  list.push({ books: list });
  const deep = Array.from({ length: 300 }).reduce<unknown>((inner) => ({ a: inner }), true);
  class Book {
    id = true;
  }

  test.each<[string, unknown, string, (string | number)[]]>([
    ['a number', 5, 'This is 5.', []],
    ['a number under a field', { author: { name: 5 } }, 'This is 5.', ['author', 'name']],
    ['null', { author: null }, 'This is null.', ['author']],
    ['null in a list', ['id', null], 'This is null.', [1]],
    ['true in a list', ['id', true], 'This is true.', [1]],
    ['a function', { author: () => true }, 'This is a function.', ['author']],
    ['a symbol', Symbol('x'), 'This is Symbol(x).', []],
    ['an instance', { author: new Book() }, 'This is an object of some class.', ['author']],
    ['a set', { author: new Set(['id']) }, 'This is an object of some class.', ['author']],
    ['a promise', Promise.resolve('id'), 'This is an object of some class.', []],
    ['an empty name', ['id', ''], '"" is no name of a field', [1]],
    ['an empty name after a dot', 'author.', '"author." is no name of a field', []],
    ['an empty alias', ': title', '": title" is no name of a field', []],
    ['two aliases', 'a: b: c', '"a: b: c" is no name of a field', []],
    ['two names', { 'id title': true }, '"id title" is no name of a field', ['id title']],
    ['dots in a key', { 'author.name': true }, 'Nest objects instead of names with dots', ['author.name']],
    ['an empty object', {}, 'Nothing is selected here', []],
    ['an empty object under a field', { author: {} }, 'Nothing is selected here', ['author']],
    ['an empty list', { author: [] }, 'Nothing is selected here', ['author']],
    ['only what is left out', { author: { name: false } }, 'Nothing is selected here', ['author']],
    [
      'arguments and only what is left out',
      { author: { $args: {}, name: false } },
      'Nothing is selected here',
      ['author'],
    ],
    ['an object inside of itself', cycle, 'inside of itself', ['author', 'books']],
    ['a list inside of itself', list, 'inside of itself', [1, 'books']],
    [
      'arguments of nothing',
      { $args: { first: 1 }, id: true },
      '"$args" belongs into the object of a field',
      ['$args'],
    ],
    [
      'arguments in a list',
      { books: ['id', { $args: { first: 1 } }] },
      '"$args" belongs into the object of a field',
      ['books', 1, '$args'],
    ],
    [
      'arguments of a fragment',
      { $on: { Book: { $args: { first: 1 }, id: true } } },
      'A fragment takes no "$args"',
      ['$on', 'Book'],
    ],
    [
      'arguments that are a list',
      { books: { $args: [1], id: true } },
      'Arguments are an object of values by name, not an array.',
      ['books', '$args'],
    ],
    [
      'an empty name of an argument',
      { books: { $args: { '': 1 } } },
      '"" is no name of an argument.',
      ['books', '$args', ''],
    ],
    [
      'directives that are a text',
      { id: { $directives: 'skip' } },
      'Directives are an object of arguments by name, not "skip".',
      ['id', '$directives'],
    ],
    [
      'arguments of a directive that are a number',
      { id: { $directives: { skip: 1 } } },
      'Arguments are an object of values by name, not 1.',
      ['id', '$directives', 'skip'],
    ],
    [
      'conditions that are a list',
      { $on: ['Book'] },
      '"$on" is an object of selections by type, not an array.',
      ['$on'],
    ],
    ['a condition with an empty name', { $on: { '': 'id' } }, '"" is no name of a type.', ['$on', '']],
    ['a condition that selects nothing', { $on: { Book: {} } }, 'Nothing is selected here', ['$on', 'Book']],
    [
      'fragments that are an object',
      { $spread: { id: true } },
      '"$spread" is a list of selections, not an object.',
      ['$spread'],
    ],
    ['a fragment that is null', { $spread: [null] }, 'This is null.', ['$spread', 0]],
  ])('%s', (_what, value, message, path) => {
    const refusal = refusalOf(value);
    expect(refusal.message).toContain(message);
    expect(refusal.path).toEqual(['query', ...path]);
  });

  test('a key with a dollar that means nothing, with what may have been meant', () => {
    expect(refusalOf({ books: { $arg: { first: 1 }, id: true } })).toMatchObject({ suggestions: ['$args'] });
  });

  test('what has no end in sight', () => {
    expect(refusalOf(deep).message).toContain('nested at most 200 deep');
    expect(refusalOf(Array.from({ length: 300 }, () => 'a').join('.')).message).toContain('nested at most 200 deep');
  });
});
