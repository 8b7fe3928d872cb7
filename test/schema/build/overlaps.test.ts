// Fields of one name in the answer, in fragments of one selection: what fits together, what does not, and how much of it there
// may be.

import { describe, expect, test } from 'vitest';
import { OperationBuilder } from '../../../src/schema/build/operation-builder.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { type Fragment, fragment } from '../../../src/schema/selection/fragment.js';
import { schemaOf } from '../support/schema-of.js';
import { build, buildWith, documentOf, problemsOf, valuesOf } from './library.js';

/** Fragments side by side: two in one object of two would be one. */
const beside = (selections: readonly unknown[]): unknown => ({
  $spread: selections.map((selection, index) => fragment(`F${index}`, 'Book', selection)),
});

const clashesOf = (selection: unknown): readonly string[] =>
  problemsOf(() => selection).map(({ path, message }) => `${path.join('.')}: ${message.split('.')[0]}`);

describe('fields of one name', () => {
  test('that are the same in every fragment share their variables', async () => {
    const one = { related: { $args: { first: 3 }, author: { books: { $args: { first: 1 }, id: true } } } };
    const selection = { books: beside([one, one, one]) };
    expect(await documentOf(selection)).toContain('query books($first: Int, $first_2: Int)');
    expect(valuesOf(build(selection))).toEqual({ first: 3, first_2: 1 });
  });

  test('that clash are told where they stand, each once, however many they clash with', () => {
    const ids = [0, 1, 2].map(() => 'x: id');
    expect(clashesOf({ books: beside([...ids, 'x: title', ...ids, { 'x: pages': true }]) })).toEqual([
      'fragment.F3.x: Alias clash: "x" is selected twice, for the fields "id" and "title"',
      'fragment.F7.x: Alias clash: "x" is selected twice, for the fields "id" and "pages"',
    ]);
  });

  test('that clash do not hide what clashes within them, nor beside them', () => {
    const related = { 'x: related': { author: [{ $on: { Author: 'y: id' } }, { $on: { Node: 'y: __typename' } }] } };
    const author = (field: string) => ({ 'x: author': field });
    const found = clashesOf({ books: beside([author('z: id'), related, author('z: name')]) });
    expect(found).toEqual([
      'fragment.F1.x: Alias clash: "x" is selected twice, for the fields "author" and "related"',
      expect.stringContaining('"y" is selected twice, for the fields "id" and "__typename"'),
      expect.stringContaining('"z" is selected twice, for the fields "id" and "name"'),
    ]);
  });

  test('of types that never meet need the same form only, at any depth', async () => {
    const search = (book: unknown, magazine: unknown) => ({
      search: { $args: { text: 'a' }, $on: { Book: book, Magazine: magazine } },
    });
    const city = { owner: { $on: { Library: 'x: city' } } };
    await documentOf(search({ 'x: genre': true }, { id: true }));
    await documentOf(search({ 'x: id': true }, { 'x: id': true }));
    await documentOf(search({ 'x: owner': { $on: { Library: 'y: name' } } }, { 'x: owner': { __typename: true } }));
    expect(clashesOf(search({ 'x: pages': true }, { 'x: pages': true }))).toEqual([
      'query.search.$on.Magazine.x: Alias clash: "x" is selected twice, for fields of the types Int and [Int!]',
    ]);
    expect(clashesOf(search({ owner: { $on: { Author: 'x: born' } } }, city))).toEqual([
      'query.search.$on.Magazine.owner.$on.Library.x: Alias clash: "x" is selected twice, for fields of the types Int and String',
    ]);
  });

  test('of an interface clash with those of each type, though these never meet', async () => {
    const node = (...spread: unknown[]) => ({ node: { $args: { id: 1 }, $spread: spread } });
    const [book, author] = [fragment('B', 'Book', 'x: title'), fragment('A', 'Author', 'x: name')];
    const titled = fragment('T', 'Titled', 'x: title');
    await documentOf(node(book, author));
    await documentOf(node(book, titled));
    const clash = (name: string, one: string, other: string) => [
      `fragment.${name}.x: Alias clash: "x" is selected twice, for the fields "${one}" and "${other}"`,
    ];
    expect(clashesOf(node(book, author, titled))).toEqual(clash('T', 'name', 'title'));
    expect(clashesOf(node(author, titled, book))).toEqual(clash('T', 'name', 'title'));
    expect(clashesOf(node(titled, book, author))).toEqual(clash('A', 'title', 'name'));
    const both = fragment('Both', 'Titled', 'x: __typename');
    expect(clashesOf(node(book, author, both))).toEqual(clash('Both', 'title', '__typename'));
  });
});

test('two fragments that do not meet in one place may clash in another', async () => {
  const [one, other] = [
    fragment('F', 'Book', { author: 'x: name' }),
    fragment('G', 'Book', { author: 'x: __typename' }),
  ];
  const apart = { node: { $args: { id: 1 }, $on: { Book: { related: one }, Author: { 'related: books': other } } } };
  await documentOf(apart);
  expect(clashesOf({ ...apart, books: { $spread: [one, other] } })).toEqual([
    'fragment.G.author.x: Alias clash: "x" is selected twice, for the fields "name" and "__typename"',
  ]);
});

describe('many fragments', () => {
  const nested = { author: { name: true, books: { $args: { first: 3 }, id: true, author: { name: true } } } };

  test('beside one another, thousands of which select the same, are compared with the first and not with each other', () => {
    const { built, values } = build({ books: beside(Array.from({ length: 5_000 }, () => nested)) });
    expect(values.map(({ name, value }) => [name, value])).toEqual([['first', 3]]);
    expect(built.document.match(/^fragment /gm)).toHaveLength(5_000);
    const other = { author: { books: { $args: { first: 3 }, author: { 'name: born': true } } } };
    expect(clashesOf({ books: beside([...Array.from({ length: 5_000 }, () => nested), other]) })).toEqual([
      'fragment.F5000.author.books.author.name: Alias clash: "name" is selected twice, for the fields "name" and "born"',
    ]);
  });

  test('that are spread into each other in layers are compared layer by layer', () => {
    let below: readonly Fragment[] = [];
    for (let layer = 0; layer < 4; layer += 1) {
      const spread = (index: number) => [0, 1, 2].flatMap((step) => below[(index + step) % below.length] ?? []);
      const make = (_: unknown, index: number): Fragment => {
        const related = { id: true, related: { title: true, $spread: spread(index) } };
        return fragment(`L${layer}_${index}`, 'Book', { ...nested, ...related });
      };
      below = Array.from({ length: 1_000 }, make);
    }
    const { built } = build({ books: { $spread: below } });
    expect(built.document.match(/^fragment /gm)).toHaveLength(4_000);
  });

  test('that overlap in more ways than can be looked at are refused', () => {
    const levels = 40;
    const known = new Map<string, Fragment>();
    const remembered = (name: string, selection: () => unknown): Fragment => {
      const one = known.get(name) ?? fragment(name, 'Book', selection());
      known.set(name, one);
      return one;
    };
    // Which of these meet under a field depends on every alias on the way to it.
    const since = (level: number, start: number): Fragment =>
      remembered(`T${level}_${start}`, () => {
        if (level === levels) return `t${start}: title`;
        const inner = since(level + 1, start);
        return { 'a: related': inner, 'b: related': inner };
      });
    const from = (level: number): Fragment =>
      remembered(`S${level}`, () => {
        if (level === levels) return 'id';
        const inner = from(level + 1);
        return { 'a: related': { $spread: [inner, since(level + 1, level)] }, 'b: related': inner };
      });
    expect(problemsOf(() => ({ books: from(0) }))[0]?.message).toContain('Too many fragments overlap here');
  });
});

test('fields of a type that a later schema may add a meeting place for are held to be able to meet', () => {
  const builder = new OperationBuilder(
    schemaOf(
      'type Query { a: One } interface One { x: Int y: Int } interface Two { y: Int } type T implements One & Two { x: Int y: Int }',
    ),
  );
  const selection = { a: { $spread: [fragment('O', 'One', 'z: x'), fragment('W', 'Two', 'z: y')] } };
  expect(() => buildWith(builder, selection)).toThrow(ValidationError);
});
