// Reads schemas that are in memory already, at once: introspection, a GraphQLSchema, or one that was read before.

import type { GraphQLSchema } from 'graphql';
import { OptionError } from '../../protocol/errors/option-error.js';
import { isJsonObject } from '../../protocol/json.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { Schema } from '../schema.js';
import { isPromise, isSchema } from './check-schema.js';
import { isSchemaLike, type SchemaLike } from './graphql-js/like.js';
import { readGraphQLSchema } from './graphql-js/read.js';
import { readIntrospection } from './introspection/read.js';
import { LoadedSchema } from './loaded-schema.js';

export interface ReadSchemaOptions {
  /** What errors call the source. Default: what kind of value it is. */
  readonly source?: string | undefined;
}

/**
 * The schema in introspection JSON (with or without `data` and `__schema` around it), a GraphQLSchema or a Schema. For SDL,
 * files and addresses there is `loadSchema`.
 *
 * @throws SchemaError for what is no schema; OptionError.
 * @example `const schema = readSchema(JSON.parse(await readFile('schema.json', 'utf8')))`
 */
export function readSchema(value: object, options: ReadSchemaOptions = {}): Schema {
  refuseUnknownOptions('the options of readSchema()', options, ['source']);
  if (isSchema(value)) return value;
  if (isPromise(value)) {
    throw new OptionError('value', 'A schema is needed here, and this is a promise of one: await it first.');
  }
  if (isSchemaLike(value)) {
    const { source = 'the GraphQLSchema' } = options;
    const graphql = value as SchemaLike as GraphQLSchema;
    return new LoadedSchema({ model: readGraphQLSchema(value, source), source, graphql });
  }
  if (isJsonObject(value)) {
    const { source = 'the introspection' } = options;
    return new LoadedSchema({ model: readIntrospection(value, source), source });
  }
  throw new OptionError(
    'value',
    `readSchema() takes introspection JSON, a GraphQLSchema or a Schema, not ${describe(value)}. For SDL, paths and addresses there is loadSchema().`,
  );
}
