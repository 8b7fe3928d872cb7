// A schema out of any source: its model, where it came from, and graphql-js's form of it, made once.

import type { GraphQLSchema } from 'graphql';
import type { SourcePlace } from '../errors/schema-error.js';
import type { SchemaModel } from '../model/model.js';
import type { Schema } from '../schema.js';
import { graphqlSchemaOf } from './graphql-js/write.js';

export interface LoadedSchemaOptions {
  readonly model: SchemaModel;
  readonly source: string;
  /** Where the source has lines: the place of a coordinate. */
  readonly placeOf?: ((coordinate: string) => SourcePlace | undefined) | undefined;
  /** Where the source was in graphql-js's form already. Undefined: it is made from the model. */
  readonly graphql?: GraphQLSchema | undefined;
}

export class LoadedSchema implements Schema {
  readonly model: SchemaModel;
  readonly source: string;
  readonly #placeOf: ((coordinate: string) => SourcePlace | undefined) | undefined;
  #graphql: Promise<GraphQLSchema> | undefined;

  constructor({ model, source, placeOf, graphql }: LoadedSchemaOptions) {
    this.model = model;
    this.source = source;
    this.#placeOf = placeOf;
    if (graphql !== undefined) this.#graphql = Promise.resolve(graphql);
  }

  placeOf(coordinate: string): SourcePlace | undefined {
    return this.#placeOf?.(coordinate);
  }

  graphql(): Promise<GraphQLSchema> {
    this.#graphql ??= graphqlSchemaOf(this.model, this.source);
    return this.#graphql;
  }
}
