// A document is built once for each form of selection, and what is built tells what the answer looks like.

import { describe, expect, test } from 'vitest';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import type { ResultShape } from '../../../src/schema/scalars/result-shape.js';
import { fields } from '../../../src/schema/selection/fields.js';
import { type Fragment, fragment } from '../../../src/schema/selection/fragment.js';
import { variable } from '../../../src/schema/selection/variable.js';
import { build, buildWith, library, valuesOf } from './library.js';

describe('a builder', () => {
  test('builds once what differs only in its values', () => {
    const builder = new OperationBuilder(library);
    const books = (author: unknown, first: number) => ({
      books: {
        $args: { author, first },
        id: true,
        related: { $directives: { include: { if: first > 2 } }, title: true },
      },
    });
    const one = buildWith(builder, books('Le Guin', 1));
    const other = buildWith(builder, books(null, 3));
    expect(other.built).toBe(one.built);
    expect(valuesOf(one)).toEqual({ author: 'Le Guin', first: 1, if: false });
    expect(valuesOf(other)).toEqual({ author: null, first: 3, if: true });
    expect(buildWith(builder, { books: fields('id') }).built).toBe(buildWith(builder, { books: ['id'] }).built);
  });

  test('builds anew what differs in anything else', () => {
    const builder = new OperationBuilder(library);
    const parts = (on: string, name: string) => fragment('Parts', on, name);
    const selections: unknown[] = [
      { books: 'id' },
      { books: 'title' },
      { books: 'x: id' },
      { 'x: books': 'id' },
      { books: true },
      { books: ['id', 'author'] },
      { books: ['id', 'author.name'] },
      { books: { $args: { first: 1 }, id: true } },
      { books: { $args: { author: 'a' }, id: true } },
      { books: { $args: { first: variable('n', 1) }, id: true } },
      { books: { $directives: { include: { if: true } }, id: true } },
      { books: { id: { $directives: { include: { if: true } } } } },
      { books: { $on: { Book: 'id' } } },
      { books: { $on: { Node: 'id' } } },
      { books: { $spread: [{ $directives: { include: { if: true } }, id: true }] } },
      { books: parts('Book', 'id') },
      { books: parts('Node', 'id') },
      { books: parts('Book', 'title') },
      { books: fragment('Other', 'Book', 'id') },
    ];
    const built = selections.map((selection) => buildWith(builder, selection).built);
    expect(new Set(built).size).toBe(selections.length);
    expect(new Set(built.map(({ document }) => document)).size).toBe(selections.length);
    expect(selections.map((selection) => buildWith(builder, selection).built)).toEqual(built);
    expect(buildWith(builder, { books: 'id' }, { name: 'Other' }).built).not.toBe(built[0]);
  });

  test('keeps the thousand forms that were used last', () => {
    const builder = new OperationBuilder(library);
    const form = (index: number) => buildWith(builder, `v${index}: version`).built;
    const [first, second] = [form(0), form(1)];
    for (let index = 2; index < 1_000; index += 1) form(index);
    expect(form(0)).toBe(first);
    form(1_000);
    expect(form(0)).toBe(first);
    expect(form(1)).not.toBe(second);
  });

  test('asks of every call that values which must be the same are the same', () => {
    const builder = new OperationBuilder(library);
    const selection = (one: number, other: number) => ({
      authors: { $args: { first: variable('n', one) }, id: true },
      books: { $args: { first: variable('n', other) }, id: true },
    });
    buildWith(builder, selection(1, 1));
    expect(() => buildWith(builder, selection(1, 2))).toThrow('The variable "$n" has two values');
    expect(valuesOf(buildWith(builder, selection(2, 2)))).toEqual({ n: 2 });
  });

  test('refuses at every call what it refused once', () => {
    const builder = new OperationBuilder(library);
    for (const _time of [1, 2]) expect(() => buildWith(builder, 'nothing')).toThrow('Query has no field "nothing"');
  });
});

test('fragments within fragments are read once each, however often they are spread', () => {
  let parts: Fragment<unknown, 'Book'> = fragment('F0', 'Book', 'id');
  for (let level = 1; level < 40; level += 1) {
    const again = { $directives: { include: { if: true } }, $spread: [parts] };
    parts = fragment(`F${level}`, 'Book', { 'a: related': parts, 'b: related': parts, $spread: [parts, again] });
  }
  const { built } = build({ books: parts });
  expect(built.document.match(/^fragment /gm)).toHaveLength(40);
  expect([...(built.shape.get('books')?.shape?.keys() ?? [])]).toEqual(['a', 'b', 'id']);
});

test('so are those around the root field of a subscription', () => {
  let parts: Fragment<unknown, 'Subscription'> = fragment('F0', 'Subscription', 'bookAdded.id');
  for (let level = 1; level < 40; level += 1) {
    const again = { $directives: { tag: { name: 'again' } }, $spread: [parts] };
    parts = fragment(`F${level}`, 'Subscription', { $spread: [parts, again] });
  }
  expect(build(parts, { kind: 'subscription' }).built.document.match(/^fragment /gm)).toHaveLength(40);
});

describe('the shape of the answer', () => {
  const namesIn = (shape: ResultShape | undefined): unknown =>
    shape && Object.fromEntries([...shape].map(([name, field]) => [name, namesIn(field.shape) ?? field.type]));
  const named = (name: string, nonNull: boolean) => ({ list: false, name, nonNull });

  test('has the fields of all fragments, those that overlap together', () => {
    const parts = fragment('Parts', 'Book', { author: ['name'], 'n: genre': true });
    const { shape } = build({
      search: {
        $args: { text: 'a' },
        $on: { Book: { author: 'id', $spread: [parts] }, Author: 'born' },
        $spread: [parts],
      },
    }).built;
    expect(namesIn(shape)).toEqual({
      search: {
        author: { id: named('ID', true), name: named('String', true) },
        n: named('Genre', false),
        born: named('Int', false),
      },
    });
  });

  test('has the types of fields with their lists', () => {
    const { shape } = build({ books: { id: true } }).built;
    expect(shape.get('books')?.type).toEqual({ list: true, nonNull: true, of: named('Book', true) });
  });

  test('has what default selections take', () => {
    const { shape } = build({ books: { author: true, __typename: true } }).built;
    expect(Object.keys(namesIn(shape.get('books')?.shape) as object)).toEqual(['author', '__typename']);
    expect([...(shape.get('books')?.shape?.get('author')?.shape?.keys() ?? [])]).toEqual([
      'id',
      'name',
      'born',
      'books',
    ]);
  });
});
