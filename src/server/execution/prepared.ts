// The seam between the pipeline and whatever executes documents, as types: a document is prepared once per text, and each of
// its operations is a thing that can be run any number of times.

import type { ExecutionResult } from 'graphql';
import type { IncrementalFormat } from '../../protocol/executor.js';
import type { OperationKind } from '../../protocol/result.js';
import type { Errors } from '../../protocol/to-graphql-error.js';
import type { IncrementalResults } from './graphql-module.js';

/** What one run is given. */
export interface RunInput {
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  /** As the client sent them. */
  readonly variables: { readonly [name: string]: unknown } | undefined;
  /**
   * Aborted when nobody waits for the answer any more; undefined for a mutation, which is not left half done. It is made when it
   * is read: whoever has no use for it leaves it.
   */
  readonly signal: AbortSignal | undefined;
  /** How the parts of an answer are written, where there are any (`@defer`, `@stream`). Default `current`. */
  readonly incremental?: IncrementalFormat | undefined;
  /** Makes the context of each event of a subscription. Default: `contextValue` for all of them. May throw or reject. */
  readonly eventContext?: ((event: unknown) => unknown) | undefined;
}

export type Ran = ExecutionResult | IncrementalResults;

/** A source of results, or the result that says why there is none. */
export type Subscribed = AsyncIterator<ExecutionResult, unknown> | ExecutionResult;

/** One operation of a document that was found valid. */
export interface PreparedOperation {
  readonly kind: OperationKind;
  readonly name: string | undefined;
  /** A query or mutation. Throws or rejects only where the engine is at fault. No `data` member: nothing was executed. */
  execute(input: RunInput): Ran | PromiseLike<Ran>;
  /** A subscription. */
  subscribe(input: RunInput): Subscribed | PromiseLike<Subscribed>;
}

/** A document ready to run, or the errors that make it unusable. */
export type PreparedDocument =
  | { readonly operations: readonly PreparedOperation[]; readonly errors?: undefined }
  | { readonly operations?: undefined; readonly errors: Errors };
