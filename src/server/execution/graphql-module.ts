// The one door to graphql-js: an optional peer, imported at first use, so that the application's copy is the one that runs.
// Versions 16 and 17 differ, for us, in two points: 17 takes an AbortSignal, and executes `@defer` and `@stream`.

import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { MissingDependencyError } from '../../protocol/errors/missing-dependency-error.js';

/** What both versions take; 16 ignores the signal. */
export interface ExecutionArguments {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variableValues: { readonly [name: string]: unknown } | undefined;
  readonly operationName: string | undefined;
  readonly abortSignal: AbortSignal | undefined;
}

/** graphql-js 17: the first part of an answer and the parts that follow. */
export interface IncrementalResults {
  readonly initialResult: ExecutionResult;
  readonly subsequentResults: AsyncGenerator<ExecutionResult, void, void>;
}

type Both = Pick<
  typeof import('graphql'),
  'parse' | 'validate' | 'validateSchema' | 'getOperationAST' | 'execute' | 'subscribe' | 'GraphQLError'
>;

export interface GraphQLModule extends Both {
  /** Only in 17, where `execute` refuses schemas that know `@defer` and `@stream`. */
  readonly experimentalExecuteIncrementally?: (
    args: ExecutionArguments,
  ) => ExecutionResult | IncrementalResults | Promise<ExecutionResult | IncrementalResults>;
}

/** @throws MissingDependencyError where `graphql` is not installed. */
export async function loadGraphQL(): Promise<GraphQLModule> {
  try {
    return await import('graphql');
  } catch (error) {
    throw explainImportFailure(error);
  }
}

export function explainImportFailure(error: unknown): unknown {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return missing ? new MissingDependencyError('graphql', '^16.11.0 || ^17.0.0', 'holdfast/server', error) : error;
}
