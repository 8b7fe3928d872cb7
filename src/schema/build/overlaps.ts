// Whether fields of one name in the answer fit together: in fragments of one selection there may be several, and an answer
// has room for one. Those that may meet in one object must be the same field with the same arguments, whose variables then
// become one; those that never meet must have the same form. GraphQL specification, September 2025, section 5.3.2.
// Not every two fields are compared, but each with the first of those that it must fit: what two fit both, they fit too.

import type { SchemaModel } from '../model/model.js';
import { printTypeRef, type TypeRef } from '../model/type-ref.js';
import { clashMessage } from '../selection/draft.js';
import { findComposite } from '../selection/introspection.js';
import { responseName } from '../selection/nodes.js';
import type { FlatSelection, Flattener } from './flatten.js';
import type { Problems } from './problems.js';
import type { ResolvedField, ResolvedSelection, Slot } from './resolved.js';

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
  search.within(flattener.flatten([selection]), true);
  return search.shared;
}

class OverlapSearch {
  readonly shared: SharedSlots[] = [];
  readonly #model: SchemaModel;
  readonly #flattener: Flattener;
  readonly #problems: Problems;
  /** True: as a selection of one object, which asks for more. */
  readonly #searched = new Map<FlatSelection, boolean>();
  readonly #refused = new Set<ResolvedField>();

  constructor(model: SchemaModel, flattener: Flattener, problems: Problems) {
    this.#model = model;
    this.#flattener = flattener;
    this.#problems = problems;
  }

  /** @param mayMeet Whether all of it may be selected of one object, as far as the fields around it tell. */
  within(selection: FlatSelection, mayMeet: boolean): void {
    const searched = this.#searched.get(selection);
    if (searched === true || searched === mayMeet) return;
    this.#searched.set(selection, mayMeet);
    for (const fields of selection.values()) {
      const groups = mayMeet ? meeting(fields) : [];
      for (const group of groups) this.#compare(group, true);
      if (groups.length !== 1) this.#compare(fields, false);
    }
  }

  /** Compares fields of one name, and then what is selected of those that fit, together. */
  #compare(fields: readonly ResolvedField[], mayMeet: boolean): void {
    const fitting: ResolvedField[] = [];
    for (const field of fields) {
      const [first = field] = fitting;
      if (first === field || this.#fit(first, field, mayMeet)) fitting.push(field);
      else this.#inside([field], true);
    }
    this.#inside(fitting, mayMeet);
  }

  #inside(fields: readonly ResolvedField[], mayMeet: boolean): void {
    const inner = this.#flattener.inner(fields);
    if (inner !== undefined) this.within(inner, mayMeet);
  }

  #fit(one: ResolvedField, other: ResolvedField, mayMeet: boolean): boolean {
    if (this.#refused.has(other)) return false;
    if (mayMeet && !this.#areSame(one, other)) return false;
    // Whether they ever meet or not: one name in the answer has one stream.
    if (isStreamed(one) || isStreamed(other)) return this.#refuse(one, other, 'and streamed');
    if (this.#haveOneForm(one.type, other.type)) return true;
    const types = `${printTypeRef(one.type)} and ${printTypeRef(other.type)}`;
    return this.#refuse(one, other, `for fields of the types ${types}`);
  }

  /** Whether they are the same field with the same arguments, which then share their variables. */
  #areSame(one: ResolvedField, other: ResolvedField): boolean {
    const { name, args } = one;
    if (name !== other.name) {
      return this.#refuse(one, other, `for the fields "${name}" and "${other.name}"`);
    }
    const values = new Map(other.args.map((argument) => [argument.name, argument.value]));
    for (const argument of args) {
      const value = values.get(argument.name);
      if (value === undefined || args.length !== values.size) {
        return this.#refuse(one, other, 'with different arguments');
      }
      if (typeof value === 'string' || typeof argument.value === 'string') continue;
      const message = clashMessage(responseName(one), name, 'with different arguments');
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

  /** Each field once, however many it clashes with. */
  #refuse(one: ResolvedField, other: ResolvedField, twice: string): false {
    this.#refused.add(other);
    this.#problems.add(other.path, clashMessage(responseName(one), other.name, twice));
    return false;
  }
}

function isStreamed({ directives }: ResolvedField): boolean {
  return directives.some(({ name }) => name === 'stream');
}

/**
 * Groups of fields that may meet in one object. Two object types have no object in common; of anything else a later schema may
 * have one.
 */
function meeting(fields: readonly ResolvedField[]): readonly (readonly ResolvedField[])[] {
  const groups = new Map<string, ResolvedField[]>();
  const anywhere: ResolvedField[] = [];
  for (const field of fields) {
    const { kind, name } = field.parent;
    if (kind !== 'object') {
      anywhere.push(field);
      for (const group of groups.values()) group.push(field);
    } else {
      const group = groups.get(name) ?? [...anywhere];
      groups.set(name, group);
      group.push(field);
    }
  }
  return groups.size === 0 ? [anywhere] : [...groups.values()];
}
