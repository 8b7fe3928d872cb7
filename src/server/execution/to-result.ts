// From graphql-js' result to ours, which is plain data: its errors hold the syntax trees they happened in.

import type { ExecutionResult } from 'graphql';
import type { Result } from '../../protocol/result.js';
import { toGraphQLError } from '../../protocol/to-graphql-error.js';

/** Never throws. */
export function toResult(answer: ExecutionResult): Result {
  const result = answer.errors === undefined ? answer : { ...answer, errors: answer.errors.map(toGraphQLError) };
  return result as Result;
}
