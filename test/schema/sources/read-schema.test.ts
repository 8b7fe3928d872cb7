import { buildSchema, getIntrospectionQuery, graphqlSync, type IntrospectionQuery, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readSchema } from '../../../src/schema/index.js';
import type { SchemaModel } from '../../../src/schema/model/model.js';
import { printTypeRef } from '../../../src/schema/model/type-ref.js';
import { introspectionOf } from '../../../src/schema/sources/introspection/write.js';
import { thrownBy } from '../../testing/thrown-by.js';

const sdl = /* GraphQL */ `
  "A shop for books."
  schema { query: Shop, mutation: Till }
  directive @cost(weight: Int = 1, tags: [String!] = ["a", "b"]) repeatable on FIELD | QUERY
  "What has an id."
  interface Node { id: ID! }
  interface Named implements Node { id: ID!, name(short: Boolean = false): String }
  type Book implements Node { id: ID!, title: String!, isbn: String @deprecated(reason: "Use id"), tags: [[Tag!]!]! }
  type Author implements Named & Node { id: ID!, name(short: Boolean = false): String, books(filter: Filter = { by: TITLE, tags: [NEW] }): [Book!] }
  union Found = Book | Author
  enum Tag { NEW "Sold before" USED OLD @deprecated }
  enum Order { TITLE AUTHOR }
  input Filter { by: Order = TITLE, tags: [Tag!], first: Int @deprecated(reason: "Use limit") }
  input One @oneOf { id: ID, title: String }
  scalar Date @specifiedBy(url: "https://example.com/date")
  type Shop { find(one: One!, after: Date): Found, node(id: ID!): Node, constructor: String, toString: hasOwnProperty }
  type hasOwnProperty { isPrototypeOf: Int, valueOf: Float }
  type Till { buy(id: ID!, old: Int @deprecated): Boolean }
`;
const everything = getIntrospectionQuery({
  inputValueDeprecation: true,
  oneOf: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
});
const schema = buildSchema(sdl);
const introspection = JSON.parse(
  JSON.stringify(graphqlSync({ schema, source: everything }).data),
) as IntrospectionQuery;

/** The same default is written in several ways. */
function withoutSpaces(model: SchemaModel): { types: LooseType[] } {
  const { __schema: written } = JSON.parse(JSON.stringify(introspectionOf(model)), (key, value) =>
    key === 'defaultValue' && typeof value === 'string' ? value.replaceAll(' ', '') : value,
  );
  return written;
}

describe('Introspection', () => {
  it.each([
    ['as an answer, under data', { data: introspection }],
    ['under __schema', introspection],
    ['bare', introspection.__schema],
    ['beside extensions of the answer', { data: introspection, extensions: { tracing: {} } }],
  ])('is read %s', (_, value) => {
    const { model, source, placeOf } = readSchema(value);
    expect(model.roots).toEqual({ query: 'Shop', mutation: 'Till', subscription: undefined });
    expect(model.description).toBe('A shop for books.');
    expect([...model.types.keys()].filter((name) => name.startsWith('__'))).toEqual([]);
    expect(source).toBe('the introspection');
    expect(placeOf.call(readSchema(value), 'Book')).toBeUndefined();
  });

  it('says the same as the schema that it was asked of', () => {
    expect(withoutSpaces(readSchema(introspection).model)).toEqual(withoutSpaces(readSchema(schema).model));
  });
});

describe('A GraphQLSchema', () => {
  const { types, directives } = readSchema(schema).model;

  it('is read with its types of every kind', () => {
    expect(types.get('Found')).toMatchObject({ kind: 'union', possible: ['Book', 'Author'] });
    expect(types.get('Node')).toMatchObject({
      kind: 'interface',
      possible: ['Book', 'Author'],
      description: 'What has an id.',
    });
    expect(types.get('Author')).toMatchObject({ kind: 'object', interfaces: ['Named', 'Node'] });
    expect(types.get('One')).toMatchObject({ kind: 'input', oneOf: true });
    expect(types.get('Filter')).toMatchObject({ kind: 'input', oneOf: false });
    expect(types.get('Date')).toMatchObject({ kind: 'scalar', specifiedByURL: 'https://example.com/date' });
    const tags = types.get('Tag');
    expect(tags?.kind === 'enum' && [...tags.values.values()]).toEqual([
      { name: 'NEW', description: undefined, deprecated: undefined },
      { name: 'USED', description: 'Sold before', deprecated: undefined },
      { name: 'OLD', description: undefined, deprecated: 'No longer supported' },
    ]);
  });

  it('is read with arguments, defaults, references and deprecations', () => {
    const author = types.get('Author');
    const book = types.get('Book');
    if (author?.kind !== 'object' || book?.kind !== 'object') throw new Error('They are object types');
    expect(author.fields.get('books')?.args.get('filter')?.defaultValue).toBe('{ by: TITLE, tags: [NEW] }');
    expect(author.fields.get('name')?.args.get('short')?.defaultValue).toBe('false');
    expect(printTypeRef(book.fields.get('tags')!.type)).toBe('[[Tag!]!]!');
    expect(book.fields.get('isbn')?.deprecated).toBe('Use id');
    const till = types.get('Till');
    expect(till?.kind === 'object' && till.fields.get('buy')?.args.get('old')?.deprecated).toBe('No longer supported');
    const cost = directives.get('cost');
    expect(cost).toMatchObject({ repeatable: true, locations: ['FIELD', 'QUERY'] });
    expect(cost?.args.get('tags')?.defaultValue).toBe('["a", "b"]');
  });

  it('keeps types and fields whose names JavaScript uses itself', () => {
    const shop = types.get('Shop');
    if (shop?.kind !== 'object') throw new Error('It is an object type');
    expect([...shop.fields.keys()]).toEqual(['find', 'node', 'constructor', 'toString']);
    expect(types.get('hasOwnProperty')).toMatchObject({ kind: 'object' });
    expect(types.get('constructor')).toBeUndefined();
  });

  it('stays the GraphQLSchema that it was', async () => {
    expect(await readSchema(schema).graphql()).toBe(schema);
  });
});

describe('A model', () => {
  it('gives graphql-js the same schema back', async () => {
    expect(printSchema(await readSchema(introspection).graphql())).toBe(printSchema(schema));
  });
});

describe('readSchema', () => {
  it('gives a schema back as it is', () => {
    const read = readSchema(schema);
    expect(readSchema(read)).toBe(read);
  });

  it('refuses introspection without a query type by name', () => {
    const { queryType: _, ...rest } = introspection.__schema;
    expect(() => readSchema(rest, { source: 'old.json' })).toThrow(
      expect.objectContaining({
        code: 'no-query-type',
        source: 'old.json',
        message: expect.stringMatching(/^old\.json: The schema has no query type/),
      }),
    );
  });

  it.each([
    ['an object of something else', { hello: 'world' }, /no introspection/],
    ['a list', [], /readSchema\(\) takes/],
    [
      'an answer with errors',
      { data: null, errors: [{ message: 'Unauthorized' }, 5] },
      /answer with errors and without a schema: Unauthorized \(and 1 more\)\. Ask the server again/,
    ],
    ['a promise', Promise.resolve(introspection), /await it first/],
    ['SDL', sdl as unknown as object, /loadSchema/],
  ])('refuses %s', (_, value, message) => {
    expect(() => readSchema(value)).toThrow(message);
  });

  it('says where introspection is damaged', () => {
    const damaged = copyOfIntrospection();
    const [, title] = damaged.types.find(({ name }) => name === 'Book')!.fields!;
    title!.type = { kind: 'NON_NULL', ofType: null };
    expect(() => readSchema(damaged)).toThrow(/type "Book", field "title": its type is cut off/);
    const nameless = copyOfIntrospection();
    nameless.directives[0]!.args[0]!.name = 'a b';
    expect(() => readSchema(nameless)).toThrow(/damaged at directive "\w+", an argument: it has no name/);
    title!.type = { kind: 'NON_NULL', ofType: { kind: 'NON_NULL', ofType: { kind: 'SCALAR', name: 'String' } } };
    expect(() => readSchema(damaged)).toThrow(/type "Book", field "title": its type is non-null twice/);
    title!.type = { kind: 'OBJECT', name: 'Nowhere' };
    expect(() => readSchema(damaged)).toThrow(
      /Book\.title refers to the type "Nowhere", which the schema does not define/,
    );
  });

  it('lets no text in through a name', () => {
    for (const name of ['title } evil { a', '', 'a b', '1st', undefined, null, 7]) {
      const damaged = copyOfIntrospection();
      damaged.types.find((type) => type.name === 'Book')!.fields![1]!.name = name as string;
      expect(() => readSchema(damaged)).toThrow(/type "Book", a field: it has no name, or one that is not allowed/);
    }
  });

  it('takes introspection of servers that leave out what follows from the rest', () => {
    const { types, ...rest } = copyOfIntrospection();
    const scalars = ['Int', 'Float', 'ID', 'String', 'Boolean'];
    const fewer = types.filter(({ name }) => !scalars.includes(name));
    for (const type of fewer) if (type.kind === 'INTERFACE') type.possibleTypes = null;
    expect(withoutSpaces(readSchema({ ...rest, types: fewer }).model).types).toEqual(
      expect.arrayContaining(withoutSpaces(readSchema(schema).model).types.filter(isOwn)),
    );
    expect([...readSchema({ ...rest, types: fewer }).model.types.keys()]).toEqual(expect.arrayContaining(scalars));
  });

  it('takes a reason for a deprecation only where there is one', () => {
    const odd = copyOfIntrospection();
    const [id, title, isbn] = odd.types.find(({ name }) => name === 'Book')!.fields!;
    Object.assign(id!, { isDeprecated: false, deprecationReason: 'No longer supported' });
    Object.assign(title!, { isDeprecated: undefined, deprecationReason: 'Too long' });
    Object.assign(isbn!, { isDeprecated: true, deprecationReason: null });
    const book = readSchema(odd).model.types.get('Book');
    const fields = book?.kind === 'object' ? [...book.fields.values()].map(({ deprecated }) => deprecated) : [];
    expect(fields).toEqual([undefined, 'Too long', 'No longer supported', undefined]);
  });

  it('refuses roots that are no object types', () => {
    const odd = copyOfIntrospection();
    expect(() => readSchema({ ...odd, queryType: { name: 'Node' } })).toThrow(
      expect.objectContaining({ code: 'no-query-type', message: expect.stringContaining('"Node"') }),
    );
    expect(() => readSchema({ ...odd, mutationType: { name: 'Nowhere' } })).toThrow(
      expect.objectContaining({
        code: 'unreadable',
        message: expect.stringContaining('mutation type is said to be "Nowhere"'),
      }),
    );
  });
});

interface LooseType {
  name: string;
  kind: string;
  possibleTypes?: unknown;
  fields?: { name: string; type: unknown }[] | null;
}

interface LooseSchema {
  types: LooseType[];
  directives: { args: { name: string }[] }[];
}

function copyOfIntrospection(): LooseSchema {
  return structuredClone(introspection.__schema) as unknown as LooseSchema;
}

function isOwn({ kind, name }: LooseType): boolean {
  return kind !== 'SCALAR' || name === 'Date';
}

it.each<[unknown, string]>([
  [undefined, 'undefined'],
  [{}, 'an object'],
  [Promise.resolve(), 'a promise: await it first'],
  [readSchema(buildSchema(sdl)), 'a Schema, which has it as "model"'],
])('Introspection is made of a model and of nothing else: %#', (value, what) => {
  expect(thrownBy(() => introspectionOf(value as never))).toMatchObject({
    name: 'OptionError',
    option: 'model',
    message: `introspectionOf() takes the model of a schema, as in introspectionOf(schema.model); it is ${what}.`,
  });
});
