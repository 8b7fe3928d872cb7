// An answer in parts (`@defer`, `@stream` of graphql-js 17) as one source of results: the first part, then the others.

import type { ExecutionResult } from 'graphql';
import type { IncrementalResults } from './graphql-module.js';

export function isIncremental(value: object): value is IncrementalResults {
  return 'initialResult' in value && 'subsequentResults' in value;
}

export function allParts({
  initialResult,
  subsequentResults,
}: IncrementalResults): AsyncIterator<ExecutionResult, unknown> {
  let begun = false;
  return {
    next() {
      if (begun) return subsequentResults.next();
      begun = true;
      return Promise.resolve({ done: false, value: initialResult });
    },
    return: () => subsequentResults.return(),
  };
}
