// How large a selection is. What reads, compares and prints it goes into it level by level and from field to field: both have
// a bound, for selections that a program makes of others can grow beyond any.

import { ValidationError } from '../errors/validation-error.js';
import type { SelectionNode } from './nodes.js';

/** Selections are nested no deeper, fields and fragments together. */
const mostLevels = 200;
/** A selection has no more fields, fragments and items of lists. What is in a named fragment counts where that is made. */
const mostEntries = 100_000;

export interface Extent {
  readonly levels: number;
  readonly entries: number;
}

const known = new WeakMap<SelectionNode, Extent>();

export function extentOf(node: SelectionNode): Extent {
  const before = known.get(node);
  if (before !== undefined) return before;
  let levels = 0;
  let entries = node.fields.length + node.spreads.length;
  for (const { selection } of node.fields) {
    if (selection === undefined) continue;
    const inner = extentOf(selection);
    levels = Math.max(levels, inner.levels);
    entries += inner.entries;
  }
  for (const { fragmentName, selection } of node.spreads) {
    const inner = extentOf(selection);
    levels = Math.max(levels, inner.levels);
    if (fragmentName === undefined) entries += inner.entries;
  }
  const extent = { levels: levels + 1, entries };
  known.set(node, extent);
  return extent;
}

/** What to say of a selection that is too large; undefined: it is not. */
export function faultOfExtent(levels: number, entries: number): string | undefined {
  if (levels > mostLevels) {
    return `Selections are nested at most ${mostLevels} deep, with all that is in fields() and fragments.`;
  }
  if (entries <= mostEntries) return undefined;
  return `A selection holds at most ${mostEntries} fields, fragments and items of lists.`;
}

/** @throws ValidationError where it is too large. */
export function checkExtent(node: SelectionNode): void {
  const { levels, entries } = extentOf(node);
  const message = faultOfExtent(levels, entries);
  if (message !== undefined) throw new ValidationError([{ message, path: [], suggestions: [] }]);
}
