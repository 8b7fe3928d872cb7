// The rule that keeps a schema to itself outside development: `__schema` and `__type` are refused, wherever they stand.
// `__typename` says only what the answer holds anyway. GraphQL specification, section 4.

import type { DocumentNode, SelectionSetNode } from 'graphql';
import type { GraphQLError } from '../../../protocol/result.js';

/** What is wrong with a document where nothing may be asked about the schema. */
export function introspects(document: DocumentNode): GraphQLError | undefined {
  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition' && definition.kind !== 'FragmentDefinition') continue;
    const field = introspectionField(definition.selectionSet);
    if (field === undefined) continue;
    return {
      message: `The field "${field}" asks about the schema, which this server does not answer. Introspection is on where the server's option "development" is.`,
      extensions: { code: 'INTROSPECTION_DISABLED' },
    };
  }
  return undefined;
}

function introspectionField({ selections }: SelectionSetNode): string | undefined {
  for (const selection of selections) {
    if (selection.kind === 'FragmentSpread') continue;
    if (selection.kind === 'Field' && (selection.name.value === '__schema' || selection.name.value === '__type')) {
      return selection.name.value;
    }
    const inside = selection.selectionSet === undefined ? undefined : introspectionField(selection.selectionSet);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
