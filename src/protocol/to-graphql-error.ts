// From anything thrown to the errors of an answer, as plain data: GraphQL specification, section 7.1.6.

import type { GraphQLError } from './result.js';

export type Errors = readonly [GraphQLError, ...GraphQLError[]];

/** What is answered instead of a result that is no JSON. */
export const unserialisable: GraphQLError = { message: 'The answer could not be serialised as JSON.' };

/** Never throws, whatever was thrown. A GraphQLError of graphql-js is turned into data by its own `toJSON`. */
export function toGraphQLError(thrown: unknown): GraphQLError {
  try {
    if (thrown instanceof Error && 'toJSON' in thrown && typeof thrown.toJSON === 'function') {
      const data: unknown = thrown.toJSON();
      if (isGraphQLError(data)) return data;
    }
    return { message: thrown instanceof Error ? String(thrown.message) : String(thrown) };
  } catch {
    return { message: 'An error that cannot be described was thrown.' };
  }
}

/** The errors of a list that should not be empty; one that says so if it is. */
export function toErrors(thrown: readonly unknown[]): Errors {
  const [first = new Error('The operation failed without an error.'), ...rest] = thrown;
  return [toGraphQLError(first), ...rest.map(toGraphQLError)];
}

function isGraphQLError(value: unknown): value is GraphQLError {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}
