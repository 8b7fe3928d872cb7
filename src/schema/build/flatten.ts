// The fields that a selection takes together with those of its fragments, by the names that they have in the answer.
// GraphQL specification, September 2025, section 6.3.2 (CollectFields), for all types at once.

import type { CompositeModel } from '../model/model.js';
import { responseName } from '../selection/nodes.js';
import type { ResolvedDirective, ResolvedField, ResolvedSelection } from './resolved.js';

export interface FlatField {
  /** The type whose field it is: that of the innermost fragment. */
  readonly parent: CompositeModel;
  readonly field: ResolvedField;
}

export type FlatSelection = ReadonlyMap<string, readonly FlatField[]>;

export class Flattener {
  readonly #known = new Map<ResolvedSelection, FlatSelection>();

  /** The same object for the same selection. */
  flatten(selection: ResolvedSelection): FlatSelection {
    const known = this.#known.get(selection);
    if (known !== undefined) return known;
    const fields = new Map<string, FlatField[]>();
    collect(selection, fields, new Set());
    this.#known.set(selection, fields);
    return fields;
  }
}

/** The directives on the fields and fragments of a selection, not those within its fields. */
export function directivesIn({ fields, spreads }: ResolvedSelection): readonly ResolvedDirective[] {
  return [
    ...fields.flatMap(({ directives }) => directives),
    ...spreads.flatMap(({ directives, selection }) => [...directives, ...directivesIn(selection)]),
  ];
}

/** @param seen Named fragments count once. */
function collect(selection: ResolvedSelection, into: Map<string, FlatField[]>, seen: Set<string>): void {
  for (const field of selection.fields) {
    const name = responseName(field);
    const known = into.get(name);
    if (known === undefined) into.set(name, [{ parent: selection.type, field }]);
    else known.push({ parent: selection.type, field });
  }
  for (const { fragmentName, selection: inner } of selection.spreads) {
    if (fragmentName !== undefined && seen.has(fragmentName)) continue;
    if (fragmentName !== undefined) seen.add(fragmentName);
    collect(inner, into, seen);
  }
}
