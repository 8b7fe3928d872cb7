// The rule of `limits.aliases`: how often one operation gives a field another name, fragments followed. By aliases the same
// costly field is asked for any number of times.

import type { DocumentNode, SelectionSetNode } from 'graphql';
import type { GraphQLError } from '../../../protocol/result.js';
import { oncePerFragment, operationsOf } from './fragments.js';

/** What is wrong with a document whose operations may each use `most` aliases. */
export function tooManyAliases(document: DocumentNode, most: number): GraphQLError | undefined {
  if (most === Number.POSITIVE_INFINITY) return undefined;
  const aliasesOf = ({ selections }: SelectionSetNode): number => {
    let aliases = 0;
    for (const selection of selections) {
      if (selection.kind === 'FragmentSpread') {
        aliases += aliasesOfFragment(selection.name.value);
        continue;
      }
      if (selection.kind === 'Field' && selection.alias !== undefined) aliases += 1;
      if (selection.selectionSet !== undefined) aliases += aliasesOf(selection.selectionSet);
    }
    return aliases;
  };
  const aliasesOfFragment = oncePerFragment(document, aliasesOf);
  for (const operation of operationsOf(document)) {
    const aliases = aliasesOf(operation.selectionSet);
    if (aliases <= most) continue;
    return {
      message: `An operation may use ${most} aliases; this one uses ${aliases}. Ask for less at a time, or raise the server's option "limits.aliases".`,
      extensions: { code: 'ALIAS_LIMIT_EXCEEDED' },
    };
  }
  return undefined;
}
