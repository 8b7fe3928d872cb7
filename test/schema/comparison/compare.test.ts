// What one schema no longer allows of what another did.

import { expect, test } from 'vitest';
import { checkUses } from '../../../src/schema/comparison/check-uses.js';
import { compareSchemas } from '../../../src/schema/comparison/compare.js';
import { generatedSchema } from '../../../src/schema/model/compact.js';
import type { Schema } from '../../../src/schema/schema.js';
import { thrownBy } from '../../testing/thrown-by.js';

/** With a place for each coordinate that holds its length, so that tests see which one was asked for. */
function schemaOf(...definitions: string[]): Schema {
  const schema = generatedSchema({ source: 'new.graphql', definitions: ['schema{query:Query}', ...definitions] });
  return {
    source: schema.source,
    model: schema.model,
    graphql: schema.graphql,
    placeOf: ({ length }) => ({ line: length, column: 1 }),
  };
}

const lost = (before: string, after: string): string[] =>
  compareSchemas(schemaOf(before), schemaOf(after)).map(({ coordinate, message }) => `${coordinate}: ${message}`);

test.each<[string, string, string, string[]]>([
  ['a type', 'scalar Date', 'scalar Time', ['Date: Type Date is gone.']],
  ['its kind', 'scalar Date', 'enum Date{A}', ['Date: Date was a scalar and is an enum.']],
  ['a field', 'type Book{id:ID! title:String}', 'type Book{id:ID!}', ['Book.title: Field Book.title is gone.']],
  ['the type of a field', 'type Book{id:ID!}', 'type Book{id:ID}', ['Book.id: Book.id was ID! and is ID.']],
  [
    'the list of a field',
    'type Book{tags:[ID!]!}',
    'type Book{tags:ID!}',
    ['Book.tags: Book.tags was [ID!]! and is ID!.'],
  ],
  [
    'an argument',
    'type Query{books(first:Int):Int}',
    'type Query{books:Int}',
    ['Query.books(first:): Query.books(first:) is gone.'],
  ],
  [
    'what may be left out',
    'type Query{books(first:Int):Int}',
    'type Query{books(first:Int!):Int}',
    ['Query.books(first:): Query.books(first:) is now required.'],
  ],
  [
    'a default',
    'type Query{books(first:Int!=1):Int}',
    'type Query{books(first:Int!):Int}',
    ['Query.books(first:): Query.books(first:) is now required.'],
  ],
  [
    'a call without a new argument',
    'type Query{books:Int}',
    'type Query{books(first:Int!):Int}',
    ['Query.books(first:): Query.books(first:) is new and required.'],
  ],
  [
    'the type of an argument',
    'type Query{books(first:Int):Int}',
    'type Query{books(first:ID):Int}',
    ['Query.books(first:): Query.books(first:) was Int and is ID.'],
  ],
  ['an enum value', 'enum Genre{A B}', 'enum Genre{B C}', ['Genre.A: Value A of Genre is gone.']],
  [
    'a member of a union',
    'union Result=Query|Mutation',
    'union Result=Query',
    ['Result: Mutation is no longer one of Result.'],
  ],
  ['an input field', 'input Filter{a:Int b:Int}', 'input Filter{a:Int}', ['Filter.b: Filter.b is gone.']],
  [
    'the right to give several fields',
    'input Key{a:Int b:Int}',
    'input Key @oneOf{a:Int b:Int}',
    ['Key: Key takes exactly one field.'],
  ],
  ['a directive', 'directive @defer on FIELD', 'scalar A', ['@defer: Directive @defer is gone.']],
  [
    'a place of a directive',
    'directive @cost on FIELD|QUERY',
    'directive @cost on FIELD',
    ['@cost: @cost is no longer allowed on QUERY.'],
  ],
  [
    'the repetition of a directive',
    'directive @cost repeatable on FIELD',
    'directive @cost on FIELD',
    ['@cost: @cost can no longer be repeated.'],
  ],
])('Lost: %s', (_name, before, after, messages) => {
  expect(lost(before, after)).toEqual(messages);
});

test('An implementer that left its interface is lost', () => {
  const before = schemaOf('interface Node{id:ID}', 'type Book implements Node{id:ID}');
  const after = schemaOf('interface Node{id:ID}', 'type Book{id:ID}');
  expect(compareSchemas(before, after).map(({ message }) => message)).toEqual(['Book is no longer one of Node.']);
});

test('A root that is gone or another type is lost', () => {
  const before = generatedSchema({ source: 'old', definitions: ['schema{query:Query mutation:Write}'] });
  const losses = compareSchemas(before, generatedSchema({ source: 'new', definitions: ['schema{query:Root}'] }));
  expect(losses.map(({ message }) => message)).toEqual([
    'The query type was Query and is Root.',
    'There is no mutation type.',
  ]);
});

test.each<[string, string, string]>([
  ['what was added', 'enum Genre{A}', 'enum Genre{A B}'],
  ['an optional argument', 'type Query{books:Int}', 'type Query{books(first:Int second:Int!=2):Int}'],
  ['a result that can no longer be null', 'type Book{tags:[ID]}', 'type Book{tags:[ID!]!}'],
  ['an argument that may now be null', 'type Query{books(ids:[ID!]!):Int}', 'type Query{books(ids:[ID]):Int}'],
  ['a directive that only schemas can use', 'directive @key on OBJECT', 'scalar A'],
])('Not lost: %s', (_name, before, after) => {
  expect(lost(before, after)).toEqual([]);
});

test('A loss is placed where the thing is, or what it was part of', () => {
  const losses = compareSchemas(
    schemaOf('type Query{books(first:Int):Int other:Int}'),
    schemaOf('type Query{books:Int}'),
  );
  expect(losses.map(({ place }) => place?.line)).toEqual(['Query.books'.length, 'Query'.length]);
});

test('checkUses names what the live schema lacks, with its place, and counts what is too much to tell', () => {
  const fields = (count: number): string =>
    `type Query{${Array.from({ length: count }, (_, n) => `f${n}:Int`).join(' ')}}`;
  const generated = generatedSchema({ source: 'api.graphql', definitions: ['schema{query:Query}', fields(13)] });
  expect(() => checkUses(generated, schemaOf(fields(13)))).not.toThrow();
  expect(() => checkUses(generated, schemaOf(fields(12)))).toThrow(
    expect.objectContaining({
      code: 'lost',
      source: 'new.graphql',
      place: { line: 5, column: 1 },
      message: expect.stringMatching(
        /^new\.graphql, line 5, column 1: .* api\.graphql uses\. Field Query\.f12 is gone\. Generate/,
      ),
    }),
  );
  expect(() => checkUses(generated, schemaOf(fields(1)))).toThrow(/f10 is gone\. And 2 more\./);
});

const one = schemaOf('type Query{a:Int}');

test.each<[string, unknown, string, () => void]>([
  ['a forgotten await', 'live', 'a promise: await it first', () => checkUses(one, Promise.resolve(one) as never)],
  ['a text', 'live', '"schema.graphql"', () => checkUses(one, 'schema.graphql' as never)],
  ['nothing', 'generated', 'undefined', () => checkUses(undefined as never, one)],
  ['nothing', 'before', 'undefined', () => compareSchemas(undefined as never, one)],
  ['half a schema', 'after', 'an object', () => compareSchemas(one, { ...one, model: {} } as never)],
])('%s in the place of a schema is refused: %s', (_, option, what, compare) => {
  const who = option === 'before' || option === 'after' ? 'compareSchemas' : 'checkUses';
  expect(thrownBy(compare)).toMatchObject({
    name: 'OptionError',
    option,
    message: `${who}() takes a Schema as "${option}", as readSchema() and await loadSchema() give it; it is ${what}.`,
  });
});
