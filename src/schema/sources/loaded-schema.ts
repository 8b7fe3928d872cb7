// A schema out of any source: its model, where it came from, and graphql-js's form of it, made once.

import type { GraphQLSchema } from 'graphql';
import { SchemaError, type SourcePlace } from '../errors/schema-error.js';
import type { SchemaModel } from '../model/model.js';
import type { Schema } from '../schema.js';
import { loadGraphQL } from './graphql-js/load.js';
import { introspectionOf } from './introspection/write.js';

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

/**
 * graphql-js's form of a model.
 *
 * @throws MissingDependencyError where `graphql` is not installed; SchemaError for what graphql-js does not take.
 */
async function graphqlSchemaOf(model: SchemaModel, source: string): Promise<GraphQLSchema> {
  const { buildClientSchema } = await loadGraphQL('A GraphQLSchema');
  try {
    const introspection = introspectionOf(model) as unknown as Parameters<typeof buildClientSchema>[0];
    // What a server tells is taken as it is: that it breaks a rule of newer versions of graphql-js is no fault of its client.
    return buildClientSchema(introspection, { assumeValid: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaError('unreadable', `graphql-js cannot use this schema: ${why}`, { source, cause });
  }
}
