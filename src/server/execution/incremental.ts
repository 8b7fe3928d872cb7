// An answer in parts (`@defer`, `@stream` of graphql-js 17) as one source of results: the first part, then the others; and the
// errors of a part, which stand in each of its pieces.

import type { ExecutionResult } from 'graphql';
import type { Errors } from '../../protocol/to-graphql-error.js';
import type { IncrementalResults } from './graphql-module.js';

/** What one part adds to the answer in one place, or that there is nothing more to come there. */
interface Piece {
  readonly errors?: readonly unknown[] | undefined;
}

interface Part extends ExecutionResult {
  readonly incremental?: readonly Piece[] | undefined;
  readonly completed?: readonly Piece[] | undefined;
}

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

/** A part with the errors of its pieces as the client gets them. Those of the part itself are left alone. */
export function answerPieces(part: Part, answer: (errors: readonly unknown[]) => Errors): ExecutionResult {
  const { incremental, completed } = part;
  const answered = (piece: Piece): Piece =>
    piece.errors === undefined ? piece : { ...piece, errors: answer(piece.errors) };
  return {
    ...part,
    ...(incremental !== undefined && { incremental: incremental.map(answered) }),
    ...(completed !== undefined && { completed: completed.map(answered) }),
  };
}
