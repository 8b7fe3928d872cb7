// What a GraphQL server answers: the ExecutionResult of the GraphQL specification, section 7.1 (response format), as plain data.

import type { JsonObject } from './json.js';

/** One entry of `errors` in an answer. GraphQL specification, section 7.1.6. */
export interface GraphQLError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
  /** Where in `data` the error happened: field names and list indexes from the root. */
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: JsonObject | undefined;
}

/** The answer to a query or mutation, or one event of a subscription. */
export interface Result<T = unknown> {
  readonly data?: T | null | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
  readonly extensions?: JsonObject | undefined;
  /** More parts of the same answer follow (`@defer`, `@stream`). */
  readonly hasNext?: boolean | undefined;
}

export type OperationKind = 'query' | 'mutation' | 'subscription';
