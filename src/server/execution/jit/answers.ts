// Which answers of graphql-jit are those of graphql-js: all without errors, and those whose errors resolvers threw, because then
// there is nothing to word. GraphQL specification, section 6.4.4.

import type { ExecutionResult, GraphQLError } from 'graphql';
import type { GraphQLModule } from '../graphql-module.js';
import { Doubt } from './guards.js';

/** Whether graphql-js would say the same. */
export function isTrusted(graphql: GraphQLModule, { data, errors = [] }: ExecutionResult): boolean {
  if (!errors.every((error) => isThrown(graphql, error))) return false;
  // Where an error takes its parents away, graphql-js tells of one only.
  return errors.length < 2 || errors.every(({ path = [] }) => isThere(data, path));
}

/** Thrown by a resolver, and nothing but the path is to be added to it. */
function isThrown(graphql: GraphQLModule, { originalError }: GraphQLError): boolean {
  if (!(originalError instanceof Error) || originalError instanceof Doubt) return false;
  return (
    !(originalError instanceof graphql.GraphQLError) ||
    (originalError.path === undefined && originalError.locations === undefined)
  );
}

function isThere(data: unknown, path: readonly (string | number)[]): boolean {
  let value = data;
  for (const key of path) {
    if (value === null || value === undefined) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return true;
}
