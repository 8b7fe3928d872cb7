// A schema as the program holds it: what it came from, what was read out of it, and graphql-js's form of it for those who
// need that.

import type { GraphQLSchema } from 'graphql';
import type { SourcePlace } from './errors/schema-error.js';
import type { SchemaModel } from './model/model.js';
import type { ScalarCodecs } from './scalars/codec.js';

declare const types: unique symbol;

/**
 * A schema, read. Made by `loadSchema`, `readSchema` and generated modules; never changed.
 *
 * @typeParam Types What a generated module knows of it for the compiler; `unknown` where it is known at run time only.
 */
export interface Schema<Types = unknown> {
  /** Never there at run time. */
  readonly [types]?: Types;
  readonly model: SchemaModel;
  /** Where it came from: a path, an address, `the SDL text`. */
  readonly source: string;
  /** By the names of scalars and enums: those of a generated module, used by every API that is made with it. */
  readonly codecs?: ScalarCodecs | undefined;
  /** Where a type or field is defined, as in `Book` and `Book.title`; undefined where the source has no lines, as introspection. */
  placeOf(coordinate: string): SourcePlace | undefined;
  /**
   * The same for graphql-js, made when first asked for.
   *
   * @throws MissingDependencyError where `graphql` is not installed.
   */
  graphql(): Promise<GraphQLSchema>;
}
