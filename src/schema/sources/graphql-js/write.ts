// A model in graphql-js's form, for those who need that: by way of introspection, as a server would tell it.

import type { GraphQLSchema } from 'graphql';
import { SchemaError } from '../../errors/schema-error.js';
import { shortestValue } from '../../model/default-text.js';
import type { InputModel, SchemaModel } from '../../model/model.js';
import { introspectionWith } from '../introspection/write.js';
import { loadGraphQL } from './load.js';

/** @throws MissingDependencyError where `graphql` is not installed; SchemaError for what graphql-js does not take. */
export async function graphqlSchemaOf(model: SchemaModel, source: string): Promise<GraphQLSchema> {
  const { buildClientSchema } = await loadGraphQL('A GraphQLSchema');
  try {
    const introspection = introspectionWith(model, readable) as unknown as Parameters<typeof buildClientSchema>[0];
    // What a server tells is taken as it is: that it breaks a rule of newer versions of graphql-js is no fault of its client.
    return buildClientSchema(introspection, { assumeValid: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaError('unreadable', `graphql-js cannot use this schema: ${why}`, { source, cause });
  }
}

/** A default that is no value of GraphQL says one thing at least: that it need not be given. */
function readable(input: InputModel): InputModel {
  if (input.defaultValue === undefined || shortestValue(input.defaultValue) !== undefined) return input;
  return { ...input, defaultValue: undefined, type: { ...input.type, nonNull: false } };
}
