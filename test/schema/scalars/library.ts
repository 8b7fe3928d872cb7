// A schema with every kind of input, and what the tests ask of it.
import { buildSchema, type GraphQLSchema } from 'graphql';
import type { BoundValue } from '../../../src/schema/build/bound-operation.js';
import { ScalarError } from '../../../src/schema/errors/scalar-error.js';
import { ValidationError } from '../../../src/schema/errors/validation-error.js';
import type { SchemaModel } from '../../../src/schema/model/model.js';
import { readTypeRef } from '../../../src/schema/model/type-ref.js';
import type { ScalarCodecs } from '../../../src/schema/scalars/codec.js';
import { encodeVariables } from '../../../src/schema/scalars/encode.js';
import type { ResultShape } from '../../../src/schema/scalars/result-shape.js';
import { readSchema } from '../../../src/schema/sources/read-schema.js';
import { thrownBy } from '../../testing/thrown-by.js';

export const schema: GraphQLSchema = buildSchema(`
  scalar DateTime
  scalar BigInt
  scalar JSON
  scalar Upload
  scalar toString
  enum Genre { NOVEL SHORT_STORY POEM }
  input Page { first: Int! = 10, after: ID }
  input Filter {
    title: String
    tags: [String!]
    genre: Genre
    since: DateTime
    any: [Filter!]
    page: Page
    extra: JSON
    constructor: Int
  }
  input NewBook { title: String!, author: NewAuthor!, pages: Int, cover: Upload }
  input NewAuthor { name: String!, born: DateTime }
  input By @oneOf { id: ID, isbn: String, filter: Filter }
  type Book { title: String!, price: Float, genre: Genre, published: DateTime, related: [Book!]! }
  type Query { books(filter: Filter): [Book!]!, by(by: By): Book, add(book: NewBook): Book, string: toString, any: JSON, big: BigInt }
`);

export const model: SchemaModel = readSchema(schema).model;

/** A value of a type, at a place. */
export function bound(type: string, value: unknown, name = 'value'): BoundValue {
  return { name, type: readTypeRef(type), value, path: ['query', 'books', name] };
}

/** What one value is sent as. */
export function encode(type: string, value: unknown, codecs: ScalarCodecs = {}): unknown {
  return encodeVariables(model, codecs, [bound(type, value)]).value;
}

/** What is wrong with one value, as a person reads it, without the place that all have. */
export function problemsOf(type: string, value: unknown, codecs: ScalarCodecs = {}): readonly string[] {
  const error = thrownBy(() => encode(type, value, codecs));
  if (!(error instanceof ValidationError)) throw error;
  return error.problems.map(({ message, path, suggestions }) => {
    const where = path.slice(2).join('.');
    const meant = suggestions.length === 0 ? '' : ` (${suggestions.join(', ')})`;
    return `${where}: ${message}${meant}`;
  });
}

export function scalarErrorOf(run: () => unknown): ScalarError {
  const error = thrownBy(run);
  if (!(error instanceof ScalarError)) throw error;
  return error;
}

type ShapeText = { readonly [name: string]: string | readonly [type: string, fields: ShapeText] };

/** `{ published: 'DateTime', related: ['[Book!]!', { title: 'String!' }] }` as the shape of an object. */
export function shapeOf(fields: ShapeText): ResultShape {
  return new Map(
    Object.entries(fields).map(([name, field]) => {
      const [type, shape] = typeof field === 'string' ? [field] : field;
      return [name, { type: readTypeRef(type), shape: shape && shapeOf(shape) }] as const;
    }),
  );
}
