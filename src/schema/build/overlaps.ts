// Whether fields of one name in the answer fit together: in fragments of one selection there may be several, and an answer
// has room for one. Those that may meet in one object must be the same field with the same arguments, whose variables then
// become one; those that never meet must have the same form. GraphQL specification, September 2025, section 5.3.2.

import type { SchemaModel } from '../model/model.js';
import { printTypeRef, type TypeRef } from '../model/type-ref.js';
import { clashMessage } from '../selection/draft.js';
import { findComposite } from '../selection/introspection.js';
import { responseName } from '../selection/nodes.js';
import type { FlatField, FlatSelection, Flattener } from './flatten.js';
import type { Problems } from './problems.js';
import type { ResolvedSelection, Slot } from './resolved.js';

/** Two arguments that must have the same value. */
export interface SharedSlots {
  readonly one: Slot;
  readonly other: Slot;
  /** What to say where they have not. */
  readonly message: string;
}

/** The arguments that must be the same; what cannot be goes into `problems`. */
export function findOverlaps(
  model: SchemaModel,
  flattener: Flattener,
  selection: ResolvedSelection,
  problems: Problems,
): readonly SharedSlots[] {
  const search = new OverlapSearch(model, flattener, problems);
  search.within(selection);
  return search.shared;
}

class OverlapSearch {
  readonly shared: SharedSlots[] = [];
  readonly #model: SchemaModel;
  readonly #flattener: Flattener;
  readonly #problems: Problems;
  readonly #searched = new Set<ResolvedSelection>();
  /** Pairs that were compared; true: as fields that may meet, which asks for more. */
  readonly #compared = new Map<object, Map<object, boolean>>();

  constructor(model: SchemaModel, flattener: Flattener, problems: Problems) {
    this.#model = model;
    this.#flattener = flattener;
    this.#problems = problems;
  }

  /** Every two fields of one name in a selection, and in what is selected of its fields. */
  within(selection: ResolvedSelection): void {
    if (this.#searched.has(selection)) return;
    this.#searched.add(selection);
    for (const fields of this.#flattener.flatten(selection).values()) {
      for (const [index, one] of fields.entries()) {
        for (const other of fields.slice(index + 1)) this.#compare(one, other, true);
        if (one.field.selection !== undefined) this.within(one.field.selection);
      }
    }
  }

  #between(one: FlatSelection, other: FlatSelection, mayMeet: boolean): void {
    for (const [name, fields] of one) {
      for (const left of fields) {
        for (const right of other.get(name) ?? []) this.#compare(left, right, mayMeet);
      }
    }
  }

  #compare(one: FlatField, other: FlatField, parentsMayMeet: boolean): void {
    if (one.field === other.field) return;
    const mayMeet = parentsMayMeet && canBeOneObject(one, other);
    const [inner, otherInner] = [one.field.selection, other.field.selection];
    const fits = this.#haveOneForm(one.field.type, other.field.type);
    // Most pairs are leaves of types that never meet, and need not be remembered.
    if (fits && !mayMeet && inner === undefined) return;
    if (!this.#isNew(one.field, other.field, mayMeet)) return;
    if (mayMeet && !this.#areSame(one, other)) return;
    if (!fits) {
      const types = `${printTypeRef(one.field.type)} and ${printTypeRef(other.field.type)}`;
      this.#refuse(one, other, `for fields of the types ${types}`);
    } else if (inner !== undefined && otherInner !== undefined) {
      this.#between(this.#flattener.flatten(inner), this.#flattener.flatten(otherInner), mayMeet);
    }
  }

  #isNew(one: object, other: object, mayMeet: boolean): boolean {
    const known = this.#compared.get(one)?.get(other);
    if (known !== undefined && (known || !mayMeet)) return false;
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const pairs = this.#compared.get(from) ?? new Map<object, boolean>();
      this.#compared.set(from, pairs.set(to, mayMeet));
    }
    return true;
  }

  /** Whether they are the same field with the same arguments, which then share their variables. */
  #areSame(one: FlatField, other: FlatField): boolean {
    const { name, args } = one.field;
    if (name !== other.field.name) {
      return this.#refuse(one, other, `for the fields "${name}" and "${other.field.name}"`);
    }
    if ([one, other].some(({ field }) => field.directives.some((directive) => directive.name === 'stream'))) {
      return this.#refuse(one, other, 'and streamed');
    }
    const values = new Map(other.field.args.map((argument) => [argument.name, argument.value]));
    for (const argument of args) {
      const value = values.get(argument.name);
      if (value === undefined || args.length !== values.size) {
        return this.#refuse(one, other, 'with different arguments');
      }
      if (typeof value === 'string' || typeof argument.value === 'string') continue;
      const message = clashMessage(responseName(one.field), name, 'with different arguments');
      this.shared.push({ one: argument.value, other: value, message });
    }
    return args.length === values.size || this.#refuse(one, other, 'with different arguments');
  }

  /** Lists and nulls in the same places, around the same leaf or anything with fields. */
  #haveOneForm(one: TypeRef, other: TypeRef): boolean {
    if (one.nonNull !== other.nonNull) return false;
    if (one.list || other.list) return one.list && other.list && this.#haveOneForm(one.of, other.of);
    return one.name === other.name || (this.#isComposite(one.name) && this.#isComposite(other.name));
  }

  #isComposite(name: string): boolean {
    return findComposite(this.#model, name) !== undefined;
  }

  #refuse(one: FlatField, other: FlatField, twice: string): false {
    this.#problems.add(other.field.path, clashMessage(responseName(one.field), other.field.name, twice));
    return false;
  }
}

/** Two object types have no object in common; of anything else a later schema may have one. */
function canBeOneObject({ parent: one }: FlatField, { parent: other }: FlatField): boolean {
  return one.name === other.name || one.kind !== 'object' || other.kind !== 'object';
}
