// The rule of `limits.depth`: how deep fields are nested, fragments followed. What is asked about the schema does not count:
// the standard introspection query is about as deep as the limit, and where it must not be asked another rule refuses it.

import type { DocumentNode, SelectionSetNode } from 'graphql';
import type { GraphQLError } from '../../../protocol/result.js';
import { oncePerFragment, operationsOf } from './fragments.js';

/** What is wrong with a document whose fields may be nested `most` deep. */
export function tooDeep(document: DocumentNode, most: number): GraphQLError | undefined {
  if (most === Number.POSITIVE_INFINITY) return undefined;
  const depthOf = ({ selections }: SelectionSetNode): number => {
    let deepest = 0;
    for (const selection of selections) {
      let depth: number;
      if (selection.kind === 'FragmentSpread') depth = depthOfFragment(selection.name.value);
      else if (selection.kind === 'InlineFragment') depth = depthOf(selection.selectionSet);
      else if (selection.name.value.startsWith('__')) depth = 0;
      else depth = 1 + (selection.selectionSet === undefined ? 0 : depthOf(selection.selectionSet));
      if (depth > deepest) deepest = depth;
    }
    return deepest;
  };
  const depthOfFragment = oncePerFragment(document, depthOf);
  for (const operation of operationsOf(document)) {
    const depth = depthOf(operation.selectionSet);
    if (depth <= most) continue;
    return {
      message: `The fields of an operation may be nested ${most} deep; here they are ${depth} deep. Ask for less at a time, or raise the server's option "limits.depth".`,
      extensions: { code: 'DEPTH_LIMIT_EXCEEDED' },
    };
  }
  return undefined;
}
