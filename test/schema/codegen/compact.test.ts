// The definitions that a generated module holds, and what is read out of them.

import { expect, test } from 'vitest';
import { definitionsOf } from '../../../src/schema/codegen/definitions.js';
import { generatedSchema, readDefinitions } from '../../../src/schema/model/compact.js';
import { thrownBy } from '../../testing/thrown-by.js';

const definitions = [
  'schema{query:Query mutation:Mutation}',
  'directive @cost(weight:Int!=1)repeatable on QUERY|FIELD',
  'directive @defer(if:Boolean label:String)on FRAGMENT_SPREAD|INLINE_FRAGMENT',
  'directive @live on FIELD',
  'type Author implements Entity&Node{id:ID! name:String!}',
  'type Book implements Node{id:ID! old:String @deprecated reviews(by:Filter={names:["a b" "c\\"d"]max:-1.5e+3} first:Int=10 @deprecated):[[Review!]!]!}',
  'interface Entity implements Node{id:ID!}',
  'input Filter{max:Float names:[String!]=[]}',
  'enum Genre{FANTASY OLD @deprecated}',
  'input Key @oneOf{id:ID name:String}',
  'type Mutation{on:Boolean}',
  'interface Node{id:ID!}',
  'scalar Odd',
  'type Query{books:[Book!]! implements:Result}',
  'union Result=Author|Book',
  'type Review{type:Genre}',
];

test('What is read out of the definitions is written as the same definitions again', () => {
  expect(definitionsOf(readDefinitions(definitions, 'x'))).toEqual(definitions);
});

test('Roots, built-in scalars and directives, and the implementers of an interface are there', () => {
  const { roots, types, directives } = generatedSchema({ source: 'x', definitions }).model;
  expect(roots).toEqual({ query: 'Query', mutation: 'Mutation', subscription: undefined });
  expect(['Boolean', 'Float', 'ID', 'Int', 'String'].map((name) => types.get(name)?.kind)).toEqual(
    Array(5).fill('scalar'),
  );
  expect([...directives.keys()]).toEqual(['deprecated', 'include', 'skip', 'cost', 'defer', 'live']);
  expect(types.get('Node')).toMatchObject({ possible: ['Author', 'Book'] });
  expect(types.get('Entity')).toMatchObject({ possible: ['Author'], interfaces: ['Node'] });
  expect(types.get('Nothing')).toBeUndefined();
});

test('A default keeps its text, and a deprecation is known without its reason', () => {
  const book = readDefinitions(definitions, 'x').types.get('Book');
  const fields = book?.kind === 'object' ? book.fields : new Map();
  expect(fields.get('old').deprecated).toBe('No longer supported');
  expect(fields.get('reviews').args.get('by').defaultValue).toBe('{names:["a b" "c\\"d"]max:-1.5e+3}');
  expect(fields.get('reviews').args.get('first')).toMatchObject({
    defaultValue: '10',
    deprecated: 'No longer supported',
  });
});

test("A type is read when it is asked for, once, and a definition that is cut off is no other type's fault", () => {
  const { types } = readDefinitions(['schema{query:Query}', 'type Query{a:Int}', 'type Broken{a:'], 'x');
  expect(types.size).toBe(7);
  expect(types.get('Query')).toBe(types.get('Query'));
  expect(() => types.get('Broken')).toThrow('ends too early');
});

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  ['schema.graphql', '"schema.graphql"'],
  [{ source: 'x', definitions: [1] }, 'an object'],
  [Promise.resolve(), 'a promise: await it first'],
])('What no module holds is refused at once: %#', (value, what) => {
  const error = thrownBy(() => generatedSchema(value as never));
  expect(error).toMatchObject({ name: 'OptionError', option: 'schema' });
  expect(String(error)).toContain(`it is ${what}. For other schemas there are readSchema() and loadSchema().`);
});
