// Operations prepared by an engine, without a server around them.

import * as graphql from 'graphql';
import { Documents } from '../../../../src/server/execution/documents.js';
import type { Engine } from '../../../../src/server/execution/engine.js';
import type { GraphQLModule } from '../../../../src/server/execution/graphql-module.js';
import type { PreparedDocument, PreparedOperation, RunInput } from '../../../../src/server/execution/prepared.js';

export const module: GraphQLModule = graphql;

export const isGraphQL17: boolean = graphql.versionInfo.major >= 17;

const unlimited = {
  depth: Number.POSITIVE_INFINITY,
  aliases: Number.POSITIVE_INFINITY,
  tokens: Number.POSITIVE_INFINITY,
};

/** The operations of documents, by text. */
export async function preparing(
  engine: Engine,
  schema: graphql.GraphQLSchema,
  development = true,
): Promise<(text: string) => PreparedDocument> {
  await engine.load?.();
  const documents = new Documents({ graphql: module, schema, engine, limits: unlimited, development });
  return (text) => documents.get(text);
}

/** The first operation, or the one of that name. */
export function operationOf({ operations, errors }: PreparedDocument, name?: string): PreparedOperation {
  const operation = name === undefined ? operations?.[0] : operations?.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`No operation: ${JSON.stringify(errors)}`);
  return operation;
}

export function input(rest: Partial<RunInput> = {}): RunInput {
  return { rootValue: undefined, contextValue: {}, variables: undefined, signal: undefined, ...rest };
}
