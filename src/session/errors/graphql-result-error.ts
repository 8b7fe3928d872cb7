// The server answered with GraphQL errors: thrown by `execute` and `.data()`; `result` returns them instead.

import type { JsonObject } from '../../protocol/json.js';
import type { GraphQLError, Result } from '../../protocol/result.js';
import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/** All errors of the answer, in order and untouched, with whatever data came with them. */
export class GraphQLResultError extends SessionError {
  override readonly name: string = 'GraphQLResultError';
  readonly errors: readonly GraphQLError[];
  /** Partial data, where the server sent some. */
  readonly data: unknown;
  readonly extensions: JsonObject | undefined;

  constructor(what: string, errors: readonly GraphQLError[], result: Result, attempts: number, failure?: Failure) {
    const [first] = errors;
    const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    const path = first?.path === undefined ? '' : ` at ${first.path.join('.')}`;
    super(`${what} was answered with an error${path}: ${first?.message ?? 'no message'}${others}`, {
      code: 'graphql-errors',
      phase: 'operation',
      delivery: 'answered',
      attempts,
      failure,
    });
    this.errors = errors;
    this.data = result.data;
    this.extensions = result.extensions;
  }
}
