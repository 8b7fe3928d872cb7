// What executes documents, as a type: graphql-js as it is, or something that prepares what is asked for often.

import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { GraphQLModule } from './graphql-module.js';
import type { PreparedOperation } from './prepared.js';

/** One operation of a document that is valid for the schema. */
export interface OperationSource {
  readonly graphql: GraphQLModule;
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Whether suggestions of names are kept out of messages. */
  readonly hidesSuggestions: boolean;
}

export interface Engine {
  readonly name: string;
  /** Called once, before the first operation. @throws MissingDependencyError; OptionError where it cannot work with this graphql-js. */
  load?(graphql?: GraphQLModule): Promise<void>;
  /** Called once for each operation of a document that is kept; what it returns is run any number of times. */
  prepare(source: OperationSource): PreparedOperation;
}

/** Whether a value is something that `jit()` or an application made for the option `engine`. */
export function isEngine(value: unknown): value is Engine {
  return typeof value === 'object' && value !== null && 'prepare' in value && typeof value.prepare === 'function';
}
