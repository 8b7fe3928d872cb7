// The door to graphql-jit: an optional peer, imported at first use. Its types are said here again, as far as they are needed, so
// that programs without the package compile.

import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { importFailure } from '../../../protocol/errors/import-failure.js';

export interface CompiledQuery {
  readonly query: (
    rootValue: unknown,
    contextValue: unknown,
    variables: { readonly [name: string]: unknown } | undefined,
  ) => ExecutionResult | Promise<ExecutionResult>;
}

export interface CompilerOptions {
  readonly customSerializers: Readonly<Record<string, (value: unknown) => unknown>>;
  /** What resolvers throw keeps its own stack. */
  readonly disablingCapturingStackErrors: boolean;
}

/** Errors and no `query`, where it cannot compile. */
export type Compile = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  options: CompilerOptions,
) => CompiledQuery | { readonly query?: undefined };

/** @throws MissingDependencyError where `graphql-jit` is not installed. */
export async function loadCompiler(): Promise<Compile> {
  try {
    const { compileQuery } = await import('graphql-jit');
    return compileQuery as unknown as Compile;
  } catch (error) {
    throw importFailure(error, 'graphql-jit', '^0.8.9', 'The engine jit()');
  }
}
