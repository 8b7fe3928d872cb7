// Validates each file with the fragments that it takes from the others, as build tools put documents together.
// GraphQL specification, section 5.

import type { DefinitionNode, DocumentNode, FragmentDefinitionNode, GraphQLError, GraphQLSchema } from 'graphql';
import { withIncremental } from '../../schema/sources/graphql-js/incremental.js';
import { loadGraphQL } from '../../schema/sources/graphql-js/load.js';
import type { DocumentFile } from './documents.js';

export interface FoundProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Checked {
  /** In the order of the files, and of their lines. */
  readonly problems: readonly FoundProblem[];
  /** Files that were passed over: a schema lies beside the documents now and then. */
  readonly sdl: readonly DocumentFile[];
}

type GraphQL = Awaited<ReturnType<typeof loadGraphQL>>;

export async function check(files: readonly DocumentFile[], schema: GraphQLSchema): Promise<Checked> {
  const graphql = await loadGraphQL('Validation of documents');
  const errors: GraphQLError[] = [];
  const documents: DocumentNode[] = [];
  const sdl: DocumentFile[] = [];
  for (const file of files) {
    const document = parse(graphql, file);
    if (document instanceof graphql.GraphQLError) errors.push(document);
    else if (isSdl(graphql, document)) sdl.push(file);
    else documents.push(document);
  }
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const fragment of fragmentsIn(documents)) {
    if (!fragments.has(fragment.name.value)) fragments.set(fragment.name.value, fragment);
  }
  const known = withIncremental(graphql, schema);
  // Whether a fragment is used is asked of all files together.
  const rules = graphql.specifiedRules.filter((rule) => rule !== graphql.NoUnusedFragmentsRule);
  for (const document of documents) {
    const whole = { ...document, definitions: withFragments(graphql, document.definitions, fragments) };
    errors.push(...graphql.validate(known, whole, rules, { maxErrors: Number.POSITIVE_INFINITY }));
  }
  errors.push(...unusedIn(graphql, documents));
  return { problems: inOrder(errors.map(problemOf), files), sdl };
}

function parse({ parse, Source, GraphQLError }: GraphQL, { path, text }: DocumentFile): DocumentNode | GraphQLError {
  try {
    return parse(new Source(text.replace(/^\uFEFF/, ''), path));
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function isSdl({ isTypeSystemDefinitionNode, isTypeSystemExtensionNode }: GraphQL, document: DocumentNode): boolean {
  return document.definitions.every((one) => isTypeSystemDefinitionNode(one) || isTypeSystemExtensionNode(one));
}

function fragmentsIn(documents: readonly DocumentNode[]): readonly FragmentDefinitionNode[] {
  return documents.flatMap(({ definitions }) => definitions.filter((one) => one.kind === 'FragmentDefinition'));
}

/** With the fragments of other files that they spread, and that those spread. */
function withFragments(
  graphql: GraphQL,
  definitions: readonly DefinitionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly DefinitionNode[] {
  const all = [...definitions];
  const known = new Set(all.flatMap((one) => (one.kind === 'FragmentDefinition' ? [one.name.value] : [])));
  // The list grows while it is walked.
  for (const definition of all) {
    for (const name of spreadIn(graphql, definition)) {
      const fragment = fragments.get(name);
      if (fragment === undefined || known.has(name)) continue;
      known.add(name);
      all.push(fragment);
    }
  }
  return all;
}

function spreadIn({ visit }: GraphQL, definition: DefinitionNode): readonly string[] {
  const names: string[] = [];
  visit(definition, { FragmentSpread: ({ name }) => void names.push(name.value) });
  return names;
}

function unusedIn(graphql: GraphQL, documents: readonly DocumentNode[]): readonly GraphQLError[] {
  const used = new Set(documents.flatMap(({ definitions }) => definitions.flatMap((one) => spreadIn(graphql, one))));
  return fragmentsIn(documents)
    .filter(({ name }) => !used.has(name.value))
    .map((node) => new graphql.GraphQLError(`Fragment "${node.name.value}" is never used.`, { nodes: [node] }));
}

function problemOf({ message, source, locations }: GraphQLError): FoundProblem {
  const { line, column } = locations?.[0] ?? { line: 1, column: 1 };
  return { file: source?.name ?? '', line, column, message };
}

/** Each once: what is wrong with a fragment is found in every file that spreads it. */
function inOrder(problems: readonly FoundProblem[], files: readonly DocumentFile[]): readonly FoundProblem[] {
  const place = new Map(files.map(({ path }, index) => [path, index]));
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...unique.values()].sort((one, other) => {
    const files = (place.get(one.file) ?? 0) - (place.get(other.file) ?? 0);
    return files || one.line - other.line || one.column - other.column;
  });
}
