// The one door to graphql-js: an optional peer, imported at first use, so that the application's copy is the one that runs.
// What differs between the versions 16 and 17 is optional here; what both have, and call differently, takes what either wants.

import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { importFailure } from '../../protocol/errors/import-failure.js';

/** What both versions take; 16 ignores the signal and what is said of suggestions. */
export interface ExecutionArguments {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variableValues: { readonly [name: string]: unknown } | undefined;
  readonly operationName: string | undefined;
  readonly abortSignal: AbortSignal | undefined;
  readonly hideSuggestions?: boolean | undefined;
}

/** graphql-js 17: the same with its operation found and its variables coerced. */
export interface ValidatedArguments extends ExecutionArguments {
  readonly operation: OperationDefinitionNode;
}

/** graphql-js 17: the first part of an answer and the parts that follow. */
export interface IncrementalResults {
  readonly initialResult: ExecutionResult;
  readonly subsequentResults: AsyncGenerator<ExecutionResult, void, void>;
}

type InParts = ExecutionResult | IncrementalResults;

type Both = Pick<
  typeof import('graphql'),
  | 'buildSchema'
  | 'parse'
  | 'validate'
  | 'validateSchema'
  | 'execute'
  | 'defaultFieldResolver'
  | 'defaultTypeResolver'
  | 'specifiedRules'
  | 'isAbstractType'
  | 'isCompositeType'
  | 'isEnumType'
  | 'isInputObjectType'
  | 'isInputType'
  | 'isListType'
  | 'isNonNullType'
  | 'isObjectType'
  | 'isScalarType'
  | 'specifiedScalarTypes'
  | 'typeFromAST'
  | 'GraphQLError'
>;

export interface GraphQLModule extends Both {
  /** 17 takes validated arguments only; 16 rejects where it cannot iterate a source. */
  createSourceEventStream(
    args: ExecutionArguments,
  ): ExecutionResult | AsyncIterable<unknown> | Promise<ExecutionResult | AsyncIterable<unknown>>;
  /** Only in 17. */
  readonly validateSubscriptionArgs?: (args: ExecutionArguments) => ValidatedArguments | readonly GraphQLError[];
  /** Only in 17. */
  readonly executeSubscriptionEvent?: (args: ValidatedArguments) => ExecutionResult | Promise<ExecutionResult>;
  /** Only in 17, where `execute` refuses schemas that know `@defer` and `@stream`. */
  readonly experimentalExecuteIncrementally?: (args: ExecutionArguments) => InParts | Promise<InParts>;
  /** Only in 17: the same in the format of 2022-08-24. */
  readonly legacyExecuteIncrementally?: (args: ExecutionArguments) => InParts | Promise<InParts>;
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
  return importFailure(error, 'graphql', '^16.11.0 || ^17.0.0', 'holdfast/server');
}
