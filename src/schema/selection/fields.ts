// Selections as values that can be put together: united, diminished, asked what they hold.

import { ValidationError } from '../errors/validation-error.js';
import type { Difference } from '../types/difference.js';
import { SelectionDraft, unite } from './draft.js';
import { guarded } from './guarded.js';
import { type FieldNode, HeldSelection, isEmpty, responseName, type SelectionNode, type SpreadNode } from './nodes.js';
import { readPart } from './read-selection.js';

/**
 * A selection that never changes and knows no schema: it is checked where it is used. Stands wherever a selection stands. Made
 * by `fields`.
 *
 * @typeParam S The selections it was made of, as written.
 */
export class Fields<S = unknown> extends HeldSelection implements Iterable<string> {
  /** Never there at run time. */
  declare readonly selects?: S;
  readonly #node: SelectionNode;

  constructor(node: SelectionNode) {
    super(node);
    this.#node = node;
  }

  /**
   * Everything that is in this selection or in the other.
   *
   * @throws ValidationError where one name in the answer would have two meanings, and for what is no selection.
   */
  union<const Other>(other: Other): Fields<[S, Other]> {
    const read = readPart(other);
    return new Fields(guarded([], () => unite(this.#node, read, [])));
  }

  /**
   * What is in this selection and not in the other, by the names that fields have in the answer. A field of which nothing is
   * left is left out itself.
   *
   * @throws ValidationError where the other names fields of something of which this takes the default selection: only a
   *   schema knows what that is.
   */
  difference<const Other>(other: Other): Fields<Difference<S, Other>> {
    return new Fields(without(this.#node, readPart(other), []));
  }

  /** Whether it holds a field, by the names that fields have in the answer: `author.name`. Fields in fragments count. */
  has(name: string): boolean {
    return holds(this.#node, name.split('.'));
  }

  /** The names of its fields in the answer, each once, those in fragments too; of nested ones as in `author.name`. */
  [Symbol.iterator](): Iterator<string> {
    const names = new Set<string>();
    addNames(names, this.#node, '', new Map());
    return names.values();
  }
}

/**
 * A selection that can be kept, shared and put together with others.
 *
 * @throws ValidationError for what is no selection, and for one of more than 100,000 fields or 200 levels.
 * @example
 * ```ts
 * const card = fields('id', 'title', { author: ['name'] });
 * await api.query.books({}, card.union('author.born').difference('id'));
 * ```
 */
export function fields<const S extends readonly unknown[]>(...selections: S): Fields<S> {
  return new Fields(readPart(selections));
}

function without(one: SelectionNode, other: SelectionNode, path: readonly string[]): SelectionNode {
  const draft = new SelectionDraft();
  if (one.defaults === true && other.defaults !== true) {
    if (other.fields.length > 0) refuseDefaults(path);
    draft.takeDefaults();
  }
  for (const field of one.fields) {
    const left = fieldWithout(field, other, [...path, responseName(field)]);
    if (left !== undefined) draft.addField(left, path);
  }
  for (const spread of one.spreads) {
    const left = spreadWithout(spread, other, path);
    if (left !== undefined) draft.addSpread(left, path);
  }
  return draft.finish();
}

/** Undefined: nothing is left of it. */
function fieldWithout(field: FieldNode, other: SelectionNode, path: readonly string[]): FieldNode | undefined {
  let left = field;
  for (const taken of other.fields) {
    if (responseName(taken) !== responseName(field)) continue;
    if (taken.selection === undefined) return undefined;
    if (left.selection === undefined) return refuseDefaults(path);
    left = { ...left, selection: without(left.selection, taken.selection, path) };
    if (left.selection === undefined || isEmpty(left.selection)) return undefined;
  }
  return left;
}

function spreadWithout(spread: SpreadNode, other: SelectionNode, path: readonly string[]): SpreadNode | undefined {
  let left = spread.selection;
  for (const taken of other.spreads) {
    if (taken.on !== spread.on || taken.fragmentName !== spread.fragmentName) continue;
    if (spread.fragmentName !== undefined) return undefined;
    left = without(left, taken.selection, path);
  }
  return isEmpty(left) ? undefined : { ...spread, selection: left };
}

function refuseDefaults(path: readonly string[]): never {
  const message =
    'This takes the default selection, and only a schema knows which fields that has: name those to keep.';
  throw new ValidationError([{ message, path, suggestions: [] }]);
}

function holds(node: SelectionNode, names: readonly string[]): boolean {
  let around = withFragments([node]);
  for (const name of names) {
    const fields = around.flatMap((one) => one.fields.filter((field) => responseName(field) === name));
    if (fields.length === 0) return false;
    around = withFragments(fields.flatMap(({ selection }) => selection ?? []));
  }
  return true;
}

/** Those of their fragments too, each once: fragments may be spread in each other again and again. */
function withFragments(selections: readonly SelectionNode[]): readonly SelectionNode[] {
  const found = new Set(selections);
  for (const { spreads } of found) for (const { selection } of spreads) found.add(selection);
  return [...found];
}

/** @param seen The selections of which the names after a prefix were added: fragments may be spread in each other again. */
function addNames(
  names: Set<string>,
  selection: SelectionNode,
  prefix: string,
  seen: Map<string, Set<SelectionNode>>,
): void {
  const before = seen.get(prefix) ?? new Set();
  if (before.has(selection)) return;
  seen.set(prefix, before.add(selection));
  for (const field of selection.fields) {
    const name = `${prefix}${responseName(field)}`;
    if (field.selection === undefined) names.add(name);
    else addNames(names, field.selection, `${name}.`, seen);
  }
  for (const spread of selection.spreads) addNames(names, spread.selection, prefix, seen);
}
