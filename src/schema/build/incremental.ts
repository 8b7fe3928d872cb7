// Where `@defer` and `@stream` cannot stand in an operation, however its fragments are nested: among the root fields of a
// mutation or subscription, and in a subscription where nothing can switch them off. Proposal for incremental delivery,
// sections "Defer And Stream Directives Are Used On Valid Root Field" and "... On Valid Operations".

import type { OperationKind } from '../../protocol/result.js';
import type { Problems } from './problems.js';
import type { ResolvedDirective, ResolvedOperation, ResolvedSelection } from './resolved.js';

/** What cannot stand where it stands goes into `problems`. */
export function checkIncremental({ kind, selection }: ResolvedOperation, problems: Problems): void {
  if (kind === 'query') return;
  checkRoot(selection, kind, problems, new Set());
  if (kind === 'subscription') checkSwitches(selection, problems, new Set());
}

/** @param seen A named fragment is the same wherever it is spread. */
function checkRoot(
  { fields, spreads }: ResolvedSelection,
  kind: OperationKind,
  problems: Problems,
  seen: Set<ResolvedSelection>,
): void {
  for (const { name, path } of [...fields, ...spreads].flatMap(incrementalOn)) {
    problems.add(path, `"@${name}" cannot stand among the root fields of a ${kind}.`);
  }
  for (const { selection } of spreads) {
    if (seen.has(selection)) continue;
    seen.add(selection);
    checkRoot(selection, kind, problems, seen);
  }
}

function checkSwitches({ fields, spreads }: ResolvedSelection, problems: Problems, seen: Set<ResolvedSelection>): void {
  for (const one of [...fields, ...spreads]) {
    // Whether it is there at all is for the variables to say.
    if (one.directives.some(({ name }) => name === 'skip' || name === 'include')) continue;
    for (const { name, args, path } of incrementalOn(one)) {
      if (args.some((argument) => argument.name === 'if')) continue;
      problems.add(path, `"@${name}" cannot be used in a subscription, unless its "if" can switch it off.`);
    }
    if (one.selection === undefined || seen.has(one.selection)) continue;
    seen.add(one.selection);
    checkSwitches(one.selection, problems, seen);
  }
}

function incrementalOn({
  directives,
}: {
  readonly directives: readonly ResolvedDirective[];
}): readonly ResolvedDirective[] {
  return directives.filter(({ name }) => name === 'defer' || name === 'stream');
}
