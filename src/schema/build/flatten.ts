// The fields that selections take together with those of their fragments, by the names that they have in the answer.
// GraphQL specification, September 2025, section 6.3.2 (CollectFields), for all types at once.

import { ValidationError } from '../errors/validation-error.js';
import { responseName } from '../selection/nodes.js';
import type { ResolvedDirective, ResolvedField, ResolvedSelection } from './resolved.js';

export type FlatSelection = ReadonlyMap<string, readonly ResolvedField[]>;

/**
 * Fields are collected no more often, all in all: fragments that are spread in each other can overlap in more ways than could
 * ever be looked at.
 */
const mostCollected = 2_000_000;

export class Flattener {
  readonly #numbers = new Map<ResolvedSelection, number>();
  /** By the numbers of the selections. */
  readonly #known = new Map<string, FlatSelection>();
  #collected = 0;

  /**
   * Selections of which an answer has the fields in one place. The same object for the same ones.
   *
   * @throws ValidationError where there are too many different ones.
   */
  flatten(selections: readonly ResolvedSelection[]): FlatSelection {
    const distinct = new Set(selections);
    const key = this.#keyOf(distinct);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fields = new Map<string, ResolvedField[]>();
    const seen = new Set<ResolvedSelection>();
    for (const selection of distinct) this.#collect(selection, fields, seen);
    this.#known.set(key, fields);
    return fields;
  }

  /** What is selected of fields of one name, together. Undefined: they are leaves. */
  inner(fields: readonly ResolvedField[]): FlatSelection | undefined {
    const selections = fields.flatMap(({ selection }) => selection ?? []);
    return selections.length === 0 ? undefined : this.flatten(selections);
  }

  /** @param seen Fragments that are spread more than once count once. */
  #collect(selection: ResolvedSelection, into: Map<string, ResolvedField[]>, seen: Set<ResolvedSelection>): void {
    if (seen.has(selection)) return;
    seen.add(selection);
    for (const field of selection.fields) {
      this.#count(field);
      const name = responseName(field);
      const known = into.get(name);
      if (known === undefined) into.set(name, [field]);
      else known.push(field);
    }
    for (const { selection: inner } of selection.spreads) this.#collect(inner, into, seen);
  }

  #count({ path }: ResolvedField): void {
    this.#collected += 1;
    if (this.#collected <= mostCollected) return;
    const message =
      'Too many fragments overlap here, each spread in others: give some of the fields around them aliases.';
    throw new ValidationError([{ message, path, suggestions: [] }]);
  }

  #keyOf(selections: ReadonlySet<ResolvedSelection>): string {
    const numbers = Array.from(selections, (selection) => {
      const number = this.#numbers.get(selection) ?? this.#numbers.size;
      this.#numbers.set(selection, number);
      return number;
    });
    return numbers.sort((one, other) => one - other).join();
  }
}

/** The directives on the fields and fragments of a selection, not those within its fields. */
export function directivesIn(selection: ResolvedSelection): readonly ResolvedDirective[] {
  const found: ResolvedDirective[] = [];
  const seen = new Set<ResolvedSelection>();
  const collect = ({ fields, spreads }: ResolvedSelection): void => {
    for (const { directives } of fields) found.push(...directives);
    for (const { directives, selection: inner } of spreads) {
      found.push(...directives);
      if (seen.has(inner)) continue;
      seen.add(inner);
      collect(inner);
    }
  };
  collect(selection);
  return found;
}
