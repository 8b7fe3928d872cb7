// Raw documents against a schema: in every form that a document has, checked or not, read once.

import { buildSchema, getIntrospectionQuery, graphqlSync, parse } from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { documentById } from '../../../src/protocol/document.js';
import { DocumentError } from '../../../src/protocol/errors/document-error.js';
import type { DocumentPlan } from '../../../src/schema/documents/plan.js';
import { planDocument } from '../../../src/schema/documents/plan-document.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import { printTypeRef } from '../../../src/schema/model/type-ref.js';
import { introspectionOf } from '../../../src/schema/sources/introspection/write.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import { rejection } from '../../session/support/harness.js';
import { librarySchema } from './library.js';

const schema = librarySchema();
const check = { check: true };

async function planned(text: string, operationName?: string): Promise<DocumentPlan> {
  const plan = await planDocument(schema, text, { operationName, check: true });
  if (plan === undefined) throw new Error('There is no plan.');
  return plan;
}

async function refused(text: string): Promise<ValidationError> {
  return rejection((async () => planDocument(schema, text, check))(), ValidationError);
}

describe('a plan', () => {
  test('says what the operation is and which variables it declares', async () => {
    const plan = await planned(`query Books($filter: Filter, $id: ID! = 1, $text: String!) {
      books(filter: $filter) { id } book(id: $id) { id } search(text: $text) { __typename }
    }`);
    expect(plan).toMatchObject({ kind: 'query', operationName: 'Books' });
    const variables = Array.from(plan.variables, ([name, { type, hasDefault }]) => [
      name,
      printTypeRef(type),
      hasDefault,
    ]);
    expect(variables).toEqual([
      ['filter', 'Filter', false],
      ['id', 'ID!', true],
      ['text', 'String!', false],
    ]);
  });

  test('is there of every operation of a document', async () => {
    const text = 'query A { me { id } } mutation B { addBook(title: "x", cover: "y") { id } }';
    expect((await planned(text, 'A')).kind).toBe('query');
    expect((await planned(text, 'B')).kind).toBe('mutation');
  });

  test('of several operations without a name, or of an unknown name, is an error', async () => {
    const text = 'query A { me { id } } query B { me { id } }';
    await expect(planned(text)).rejects.toThrow(DocumentError);
    await expect(planned(text, 'C')).rejects.toThrow('"C", but must name one operation of: query A, query B');
  });

  test('is the same for a text, a syntax tree and a text that carries types, and there is none for an id', async () => {
    const text = 'query Mine($id: ID!) { book(id: $id) { title } }';
    const plan = await planned(text);
    const tree = parse(text);
    const typed = new String(text);
    expect(await planDocument(schema, tree, check)).toEqual(plan);
    expect(await planDocument(schema, typed, check)).toEqual(plan);
    expect(planDocument(schema, documentById('mine'), check)).toBeUndefined();
  });

  test('is made once: the next time it is there at once', async () => {
    const text = '{ me { id name } }';
    const first = planDocument(schema, text, check);
    const second = planDocument(schema, text, check);
    expect(first).toBeInstanceOf(Promise);
    const plan = await first;
    expect(await second).toBe(plan);
    expect(planDocument(schema, text, check)).toBe(plan);
    const tree = parse(text);
    const planOfTree = await planDocument(schema, tree, check);
    expect(planDocument(schema, tree, check)).toBe(planOfTree);
  });

  test('of a syntax tree that is not checked is there at once, and needs nothing of graphql', () => {
    const tree = parse('{ me { nothing born } }');
    const plan = planDocument(schema, tree, { check: false }) as DocumentPlan;
    expect(Array.from(plan.shape.get('me')?.shape?.keys() ?? [])).toEqual(['born']);
  });

  test('is made again where making it failed for a reason that is not the document', async () => {
    const broken = librarySchema();
    const graphql = vi.spyOn(broken, 'graphql').mockRejectedValueOnce(new Error('not now'));
    const plan = async (): Promise<unknown> => planDocument(broken, '{ me { id } }', check);
    await expect(plan()).rejects.toThrow('not now');
    expect(await plan()).toMatchObject({ kind: 'query' });
    expect(graphql).toHaveBeenCalledTimes(2);
  });
});

describe('a document that does not parse', () => {
  test('is a DocumentError with its place, each time a new one', async () => {
    const text = '{\n  me { id(: 1) }\n}';
    const plan = async (): Promise<unknown> => planDocument(schema, text, check);
    const first = await rejection(plan(), DocumentError);
    const second = await rejection(plan(), DocumentError);
    expect(first).toMatchObject({ line: 2, column: 11 });
    expect(first.message).toBe('Correct the document in line 2, column 11: Expected Name, found ":".');
    expect(second).toMatchObject({ message: first.message });
    expect(second).not.toBe(first);
  });
});

describe('a document that is checked', () => {
  test.each([
    ['a field', '{ me { nmae } }', 'Cannot query field "nmae" on type "Author".', ['name'], [1, 8]],
    ['a type', 'query ($a: Gener) { books(filter: $a) { id } }', 'Unknown type "Gener".', ['Genre'], [1, 12]],
    [
      'an argument',
      '{ search(txt: "a", text: "b") { __typename } }',
      'Unknown argument "txt" on field "Query.search".',
      ['text'],
      [1, 10],
    ],
    [
      'an input field',
      '{ books(filter: { tag: "a" }) { id } }',
      /^(Field "tag" is not defined by type "Filter"|Expected .* "Filter" not to include unknown field "tag")\./,
      ['tags'],
      [1, 19],
    ],
    [
      'an enum value',
      '{ search(text: "a", genre: NOVELS) { __typename } }',
      'Value "NOVELS" does not exist in "Genre" enum.',
      ['NOVEL'],
      [1, 28],
    ],
  ])(
    'says where %s is that there is not, and what may have been meant',
    async (_, text, message, suggestions, place) => {
      const { problems } = await refused(text);
      const [line, column] = place;
      const said = message instanceof RegExp ? expect.stringMatching(message) : message;
      expect(problems[0]).toEqual({ message: said, suggestions, path: [], places: [{ line, column }] });
    },
  );

  test('says everything that is wrong with it in one error', async () => {
    const error = await refused('{ me { nmae } books { titel } search { id } }');
    expect(error.problems.length).toBe(4);
    expect(error.message).toBe(
      'Cannot query field "nmae" on type "Author". (line 1, column 8) Did you mean "name"? (and 3 more)',
    );
    expect(error).toMatchObject({ delivery: 'not-sent', code: 'invalid-operation', suggestions: ['name'] });
  });

  test('keeps the words of a suggestion that is no name', async () => {
    const { problems } = await refused('{ me works { director { id } } }');
    expect(problems).toMatchObject([
      {
        message: 'Field "me" of type "Author" must have a selection of subfields. Did you mean "me { ... }"?',
        suggestions: [],
      },
      {
        message: 'Cannot query field "director" on type "Work". Did you mean to use an inline fragment on "Film"?',
        suggestions: [],
      },
    ]);
  });

  test('is refused for a field of a leaf, a field that only one type of an interface has, and inside nested fragments', async () => {
    expect((await refused('{ me { name { first } } }')).message).toContain('must not have a selection');
    expect((await refused('{ works { genres } }')).message).toContain('"genres" on type "Work"');
    const nested = '{ works { ...A } } fragment A on Work { ...B } fragment B on Book { author { nmae } }';
    expect((await refused(nested)).suggestions).toEqual(['name']);
    expect((await refused('{ me { ...A } }')).message).toContain('Unknown fragment "A"');
  });

  test('is taken with fields on interfaces, unions, fragments and nested fragments that are right', async () => {
    const text = `
      { works { title ...A } search(text: "x") { __typename ... on Author { name } } }
      fragment A on Work { ...B } fragment B on Book { author { name } }`;
    expect((await planned(text)).kind).toBe('query');
  });

  test('is refused each time with an error of its own', async () => {
    const text = '{ me { nmae } }';
    const first = await refused(text);
    const second = await refused(text);
    expect(second.problems).toBe(first.problems);
    expect(second).not.toBe(first);
  });

  test('has problems without places where its tree has none', async () => {
    const tree = parse('{ me { nmae } }', { noLocation: true });
    const error = await rejection((async () => planDocument(schema, tree, check))(), ValidationError);
    expect(error.problems).toEqual([
      { message: 'Cannot query field "nmae" on type "Author".', suggestions: ['name'], path: [], places: undefined },
    ]);
  });

  test('may use @defer and @stream whatever its schema says of them, and only where they belong', async () => {
    const text = '{ me { ... @defer(label: "a", if: true) { name } } works @stream(initialCount: 1) { title } }';
    expect((await planned(text)).kind).toBe('query');
    expect((await refused('{ me { name @defer } }')).message).toContain('"@defer" may not be used on FIELD');
    expect((await refused('{ me { ... @defer(lable: "a") { name } } }')).suggestions).toEqual(['label']);
    const own = readSchema(buildSchema('directive @defer(after: Int) on FIELD type Query { a: Int }'));
    expect(await planDocument(own, '{ a @defer(after: 5) }', check)).toBeDefined();
    await expect(planDocument(own, '{ ... @defer { a } }', check)).rejects.toThrow(
      'may not be used on INLINE_FRAGMENT',
    );
  });

  test('may use @skip and @include also where introspection did not tell of them', async () => {
    const { data } = graphqlSync({ schema: buildSchema('type Query { a: Int }'), source: getIntrospectionQuery() });
    const told = structuredClone(data) as { __schema: { directives: unknown[] } };
    told.__schema.directives = [];
    const plan = await planDocument(
      readSchema(told),
      'query ($b: Boolean!) { a @skip(if: $b) b: a @include(if: $b) }',
      check,
    );
    expect(Array.from(plan?.shape.keys() ?? [])).toEqual(['a', 'b']);
  });

  test('is checked also against a schema that graphql-js itself would refuse', async () => {
    const odd = buildSchema(
      'type Query { a: Int } interface Named { name: String } type Book implements Named { id: ID }',
      { assumeValid: true },
    );
    const told = readSchema(introspectionOf(readSchema(odd).model));
    expect(await planDocument(told, '{ a }', check)).toMatchObject({ kind: 'query' });
    await expect((async () => planDocument(told, '{ b }', check))()).rejects.toThrow(ValidationError);
  });
});
