// Reads a schema out of SDL, with graphql-js: its parser, its rules, its extensions of types. What is wrong is told with its
// place. GraphQL specification, September 2025, section 3.

import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import { SchemaError } from '../errors/schema-error.js';
import type { Schema } from '../schema.js';
import { noQueryType } from './complete-model.js';
import type { SchemaLike } from './graphql-js/like.js';
import { loadGraphQL } from './graphql-js/load.js';
import { readGraphQLSchema } from './graphql-js/read.js';
import { LoadedSchema } from './loaded-schema.js';
import { placesIn } from './places.js';

type GraphQLModule = Awaited<ReturnType<typeof loadGraphQL>>;

/** @throws SchemaError with line and column; MissingDependencyError where `graphql` is not installed. */
export async function readSdl(text: string, source: string): Promise<Schema> {
  const graphql = await loadGraphQL('Reading SDL');
  const document = parse(graphql, text, source);
  if (!document.definitions.some(({ kind }) => kind.startsWith('Schema') || kind.includes('Type'))) {
    throw new SchemaError('unreadable', 'The text defines no types. Give SDL, as in "type Query { hello: String }".', {
      source,
      place: placeOf(document.definitions[0]?.loc?.startToken),
    });
  }
  const built = checked(graphql, build(graphql, document, source), document, source);
  const model = readGraphQLSchema(built as unknown as SchemaLike, source);
  const places = placesIn(document);
  return new LoadedSchema({ model, source, graphql: built, placeOf: (coordinate) => places.get(coordinate) });
}

function parse(graphql: GraphQLModule, text: string, source: string): DocumentNode {
  try {
    return graphql.parse(text);
  } catch (error) {
    if (error instanceof graphql.GraphQLError) throwFirst([error], source);
    throw error;
  }
}

function build(graphql: GraphQLModule, document: DocumentNode, source: string): GraphQLSchema {
  try {
    return graphql.buildASTSchema(document);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // It tells what is wrong without the place: the rules that it asks are asked again, one by one.
    throwFirst(
      broken(graphql, document).filter((error) => message.includes(error.message)),
      source,
    );
    throw new SchemaError('unreadable', message, { source, cause });
  }
}

/** The same schema, or one that is taken as it is, where what is wrong with it is nothing to its clients. */
function checked(graphql: GraphQLModule, built: GraphQLSchema, document: DocumentNode, source: string): GraphQLSchema {
  if (!built.getQueryType()) {
    const roots = document.definitions.find(({ kind }) => kind === 'SchemaDefinition') ?? document.definitions[0];
    throw noQueryType({ source }, placeOf(roots?.loc?.startToken));
  }
  const errors = graphql.validateSchema(built);
  // Servers have such schemas, and graphql 17 has more rules about what may be deprecated than 16.
  throwFirst(
    errors.filter(({ message }) => !/ be deprecated/.test(message)),
    source,
  );
  return errors.length === 0 ? built : graphql.buildASTSchema(document, { assumeValid: true });
}

function broken(graphql: GraphQLModule, document: DocumentNode): readonly GraphQLError[] {
  return graphql.validate(new graphql.GraphQLSchema({ assumeValid: true }), document, [
    graphql.LoneSchemaDefinitionRule,
    graphql.UniqueOperationTypesRule,
    graphql.UniqueTypeNamesRule,
    graphql.UniqueEnumValueNamesRule,
    graphql.UniqueFieldDefinitionNamesRule,
    graphql.UniqueArgumentDefinitionNamesRule,
    graphql.UniqueDirectiveNamesRule,
    graphql.KnownTypeNamesRule,
    graphql.KnownDirectivesRule,
    graphql.UniqueDirectivesPerLocationRule,
    graphql.PossibleTypeExtensionsRule,
    graphql.KnownArgumentNamesRule,
    graphql.UniqueArgumentNamesRule,
    graphql.UniqueInputFieldNamesRule,
    graphql.ProvidedRequiredArgumentsRule,
  ] as Parameters<typeof graphql.validate>[2]);
}

/** Throws for the first of them in the text, with all of them as its cause; returns where there is none. */
function throwFirst(errors: readonly GraphQLError[], source: string): void {
  const placeless = { line: Number.MAX_SAFE_INTEGER, column: 0 };
  const inOrder = [...errors].sort((one, other) => {
    const [from, to] = [one.locations?.[0] ?? placeless, other.locations?.[0] ?? placeless];
    return from.line - to.line || from.column - to.column;
  });
  const [first, ...others] = inOrder;
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new SchemaError('unreadable', `${first.message}${more}`, {
    source,
    place: placeOf(first.locations?.[0]),
    cause: others.length === 0 ? first : new AggregateError(inOrder, 'Several things are wrong with the SDL.'),
  });
}

function placeOf(at: { readonly line: number; readonly column: number } | undefined): SchemaError['place'] {
  return at === undefined ? undefined : { line: at.line, column: at.column };
}
