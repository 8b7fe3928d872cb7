// Any input types, and any values for them: right ones as a program has them, and some that are wrong here and there.
import fc from 'fast-check';
import { buildSchema, type GraphQLInputType, type GraphQLSchema, parseType, typeFromAST } from 'graphql';
import { bigInt, bytes, dateTime, enumValues, json, type ScalarCodecs } from '../../../src/schema/index.js';
import type { InputObjectModel, SchemaModel } from '../../../src/schema/model/model.js';
import { readTypeRef, type TypeRef } from '../../../src/schema/model/type-ref.js';
import type { ResultShape } from '../../../src/schema/scalars/result-shape.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';

export interface Case {
  readonly schema: GraphQLSchema;
  readonly model: SchemaModel;
  readonly type: string;
  readonly value: unknown;
}

const colors = { RED: 0xff0000, GREEN: { green: true }, BLUE: 'blue' };

export const codecs: ScalarCodecs = {
  Moment: dateTime,
  Big: bigInt,
  Bytes: bytes,
  Any: json,
  Color: enumValues(colors),
};

const leaves = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Color', 'Moment', 'Big', 'Bytes', 'Any'];
const most = 4;

/** Types refer to later ones only, so that what they hold has an end. */
const types: fc.Arbitrary<string> = fc
  .tuple(...Array.from({ length: most }, (_, index) => inputType(index)))
  .map((inputs) => inputs.join('\n'));

function inputType(index: number): fc.Arbitrary<string> {
  const inside = [...leaves, ...Array.from({ length: most - index - 1 }, (_, later) => `Input${index + later + 1}`)];
  const field = fc.record({
    // Not "constructor": graphql-js reads that of plain objects.
    name: fc.constantFrom('a', 'b', 'c', 'd', 'then'),
    type: typeRef(inside),
    hasDefault: fc.boolean(),
  });
  const fields = fc.uniqueArray(field, { selector: ({ name }) => name, minLength: 1, maxLength: 4 });
  return fc.tuple(fields, fc.boolean()).map(([given, oneOf]) => {
    const lines = given.map(({ name, type, hasDefault }) => {
      if (oneOf) return `${name}: ${type.replace(/!$/, '')}`;
      return `${name}: ${type}${hasDefault && type.startsWith('Int') && !type.startsWith('Input') ? ' = 5' : ''}`;
    });
    return `input Input${index}${oneOf ? ' @oneOf' : ''} { ${lines.join(', ')} }`;
  });
}

function typeRef(names: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...names), fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }))
    .map(([name, [nonNull, ...lists]]) =>
      lists.reduce((inside, required) => `[${inside}]${required ? '!' : ''}`, `${name}${nonNull ? '!' : ''}`),
    );
}

/** A schema of any input types, one of them, and a value for it. */
export function anyCase(values: (model: SchemaModel, type: TypeRef) => fc.Arbitrary<unknown>): fc.Arbitrary<Case> {
  const names = [...leaves, ...Array.from({ length: most }, (_, index) => `Input${index}`)];
  return fc.tuple(types, typeRef(names)).chain(([inputs, type]) => {
    const schema = buildSchema(`
      enum Color { RED GREEN BLUE }
      scalar Moment
      scalar Big
      scalar Bytes
      scalar Any
      ${inputs}
      type Query { field(${names.map((name, index) => `a${index}: ${name}`).join(', ')}): Int }
    `);
    const { model } = readSchema(schema);
    return values(model, readTypeRef(type)).map((value) => ({
      schema,
      model,
      type,
      value,
      [fc.toStringMethod]: () => `${fc.stringify(value)} for ${type} with ${inputs}`,
    }));
  });
}

/** As a program has it, with codecs. */
export function rightValue(model: SchemaModel, type: TypeRef): fc.Arbitrary<unknown> {
  return build(model, type, ownLeaves, (of) => rightValue(model, of));
}

/** As it travels, and sometimes not as it should. */
export function someValue(model: SchemaModel, type: TypeRef): fc.Arbitrary<unknown> {
  const right = build(model, type, wireLeaves, (of) => someValue(model, of));
  const single = type.list ? [{ weight: 2, arbitrary: fc.constant(type.of).chain((of) => someValue(model, of)) }] : [];
  const wrong = fc.oneof(fc.constant(null), anyJson, ...Object.values(wireLeaves)).filter(isExact);
  return fc.oneof({ weight: 20, arbitrary: right }, ...single, { weight: 1, arbitrary: wrong });
}

/** Larger numbers are no IDs for us. */
function isExact(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER || !Number.isInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}

type Leaves = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const builtIns: Leaves = {
  Int: fc.integer(),
  Float: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => isExact(value) && !Object.is(value, -0)),
  String: fc.string(),
  Boolean: fc.boolean(),
  ID: fc.oneof(fc.string(), fc.maxSafeInteger()),
};

/** As JSON has it, without its negative zeros. */
const anyJson = fc
  .jsonValue()
  .filter((value) => value !== null)
  .map((value) => JSON.parse(JSON.stringify(value)));

const ownLeaves: Leaves = {
  ...builtIns,
  Color: fc.constantFrom(...Object.values(colors)),
  Moment: fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
  Big: fc.bigInt(),
  Bytes: fc.uint8Array(),
  Any: anyJson,
};

const wireLeaves: Leaves = {
  ...builtIns,
  Color: fc.constantFrom('RED', 'GREEN', 'BLUE', 'red'),
  Moment: fc.string(),
  Big: fc.string(),
  Bytes: fc.string(),
  Any: anyJson,
};

function build(
  model: SchemaModel,
  type: TypeRef,
  leavesOf: Leaves,
  inside: (type: TypeRef) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (!type.nonNull) {
    const given = build(model, { ...type, nonNull: true }, leavesOf, inside);
    return fc.oneof({ weight: 5, arbitrary: given }, { weight: 1, arbitrary: fc.constant(null) });
  }
  if (type.list) return fc.array(inside(type.of), { maxLength: 3 });
  const named = model.types.get(type.name);
  if (named?.kind === 'input') return inputObject(named, inside);
  return leavesOf[type.name] ?? fc.constant(undefined);
}

function inputObject(type: InputObjectModel, inside: (type: TypeRef) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const fields = [...type.fields.values()];
  if (type.oneOf) {
    return fc
      .constantFrom(...fields)
      .chain(({ name, type: of }) => fc.record({ [name]: inside({ ...of, nonNull: true }) }));
  }
  const required = fields.filter((field) => field.type.nonNull && field.defaultValue === undefined);
  const members = fields.map((field) => [field.name, inside(field.type)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: required.map(({ name }) => name) });
}

/** graphql-js's form of a type. */
export function graphqlType({ schema, type }: Case): GraphQLInputType {
  return typeFromAST(schema, parseType(type)) as GraphQLInputType;
}

/** An answer of the same form as the input type: what was sent comes back. */
export function shapeOfInput(model: SchemaModel, type: TypeRef): ResultShape {
  return new Map([['value', { type, shape: fieldsOf(model, type) }]]);
}

function fieldsOf(model: SchemaModel, type: TypeRef): ResultShape | undefined {
  if (type.list) return fieldsOf(model, type.of);
  const named = model.types.get(type.name);
  if (named?.kind !== 'input') return undefined;
  return new Map(
    [...named.fields].map(([name, field]) => [name, { type: field.type, shape: fieldsOf(model, field.type) }]),
  );
}
