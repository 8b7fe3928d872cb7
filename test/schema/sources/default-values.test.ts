import { createRequire } from 'node:module';
import {
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  parseValue,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { readSchema } from '../../../src/schema/index.js';
import { printLiteral } from '../../../src/schema/sources/graphql-js/default-value.js';

const order = new GraphQLEnumType({ name: 'Order', values: { UP: { value: 1 }, DOWN: { value: -1 } } });
const day = new GraphQLScalarType<Date, string>({
  name: 'Day',
  serialize: (value) => (value as Date).toISOString().slice(0, 10),
});
const bytes = new GraphQLScalarType<Uint8Array, string>({
  name: 'Bytes',
  serialize: (value) => Buffer.from(value as Uint8Array).toString('hex'),
});
const anything = new GraphQLScalarType({ name: 'Anything' });
const filter: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: 'Filter',
  fields: () => ({
    order: { type: order },
    days: { type: new GraphQLList(day) },
    not: { type: filter },
    text: { type: GraphQLString },
  }),
});

/** The default of an argument, as the model has it. */
function read(type: GraphQLInputType, given: object): string | undefined {
  const query = new GraphQLObjectType({
    name: 'Query',
    fields: { a: { type: GraphQLInt, args: { value: { type, ...given } } } },
  });
  const { model } = readSchema(new GraphQLSchema({ query }));
  const found = model.types.get('Query');
  if (found?.kind !== 'object') throw new Error('It is an object type');
  return found.fields.get('a')?.args.get('value')?.defaultValue;
}

describe('A default value that a program gave', () => {
  it.each([
    ['nothing', GraphQLInt, undefined, undefined],
    ['null', GraphQLInt, null, 'null'],
    ['an integer', new GraphQLNonNull(GraphQLInt), 7, '7'],
    ['a float', GraphQLFloat, 1.5e300, '1.5e+300'],
    ['a text with everything that is escaped', GraphQLString, 'a "b"\n\\', String.raw`"a \"b\"\n\\"`],
    ['an id', GraphQLID, 'x', '"x"'],
    ['a value of an enum by its name', order, -1, 'DOWN'],
    ['a value of a custom scalar as it travels', day, new Date(0), '"1970-01-01"'],
    ['a list', new GraphQLList(order), [1, -1, null], '[UP, DOWN, null]'],
    ['one for a list', new GraphQLList(new GraphQLNonNull(order)), 1, 'UP'],
    [
      'an input object',
      filter,
      { order: 1, days: [new Date(0)], not: { text: 'x' } },
      '{ order: UP, days: ["1970-01-01"], not: { text: "x" } }',
    ],
    ['a list that is one value of a scalar', new GraphQLNonNull(bytes), new Uint8Array([1, 255]), '"01ff"'],
    ['an empty input object', filter, {}, '{}'],
    ['an object of a custom scalar', anything, { a: [1, true, null], 'not a name': 1 }, '{ a: [1, true, null] }'],
  ])('is read as GraphQL text: %s', (_, type, defaultValue, text) => {
    expect(read(type as GraphQLInputType, { defaultValue })).toBe(text);
    if (text !== undefined) expect(() => parseValue(text)).not.toThrow();
  });
});

describe('A default value as graphql 17 keeps it', () => {
  /** The shape of its schemas, as far as it is another. */
  function keptAs(given: object): string | undefined {
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({
        name: 'Query',
        fields: { a: { type: GraphQLInt, args: { filter: { type: filter } } } },
      }),
    });
    Object.assign(schema.getQueryType()!.getFields().a!.args[0]!, { default: given });
    const found = readSchema(schema).model.types.get('Query');
    return found?.kind === 'object' ? found.fields.get('a')?.args.get('filter')?.defaultValue : undefined;
  }

  it('is read out of a value that travels, in which an enum is a text', () => {
    expect(keptAs({ value: { order: 'DOWN', text: 'DOWN' } })).toBe('{ order: DOWN, text: "DOWN" }');
  });

  it('is read out of a syntax tree', () => {
    expect(keptAs({ literal: parseValue('{order:DOWN not:{days:["2020-01-01"]}}') })).toBe(
      '{ order: DOWN, not: { days: ["2020-01-01"] } }',
    );
  });
});

describe('A literal', () => {
  it.each([
    ['null', 'null'],
    ['[1,2.5,true,RED,null]', '[1, 2.5, true, RED, null]'],
    ['{}', '{}'],
    ['"""\n  a\n    "b"\n"""', String.raw`"a\n  \"b\""`],
  ])('%s is printed on one line', (text, printed) => {
    expect(printLiteral(parseValue(text))).toBe(printed);
  });
});

describe('A GraphQLSchema of another copy of graphql-js', () => {
  it('is read like our own', () => {
    const { buildSchema } = createRequire(import.meta.url)('graphql') as typeof import('graphql');
    const { model } = readSchema(buildSchema('type Query { a(first: Int = 10): [Kind!] } enum Kind { ONE }'));
    expect(model.types.get('Kind')).toMatchObject({ kind: 'enum' });
    const query = model.types.get('Query');
    expect(query?.kind === 'object' && query.fields.get('a')?.args.get('first')?.defaultValue).toBe('10');
  });
});
