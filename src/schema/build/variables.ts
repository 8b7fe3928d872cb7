// The variables of a document: one for each argument, named after it, except where the program has named one for several
// arguments, or where fields of one name in the answer take the same. Each has the type that every place it stands in allows.
// GraphQL specification, September 2025, section 5.8.5.

import { printTypeRef, type TypeRef } from '../model/type-ref.js';
import { keyOfDefault } from './default-key.js';
import type { SharedSlots } from './overlaps.js';
import type { Problems } from './problems.js';
import type { Slot } from './resolved.js';

export interface DocumentVariable {
  readonly name: string;
  readonly type: TypeRef;
  /** Undefined: none stands in the document. */
  readonly defaultValue: unknown;
  /** Where its value comes from. */
  readonly slot: Slot;
  /** Where the same value must stand. */
  readonly others: readonly OtherSlot[];
}

export interface OtherSlot {
  readonly slot: Slot;
  /** What to say where another value stands there. */
  readonly message: string;
}

/** What cannot be one variable and has to goes into `problems`. */
export function makeVariables(
  slots: readonly Slot[],
  shared: readonly SharedSlots[],
  problems: Problems,
): readonly DocumentVariable[] {
  const groups = new Map(slots.map((slot) => [slot, { slot, others: [] } as Group]));
  const named = new Map<string, Slot>();
  for (const slot of slots) {
    if (slot.variable === undefined) continue;
    const first = named.get(slot.variable);
    if (first === undefined) {
      named.set(slot.variable, slot);
      continue;
    }
    const two = (what: string) => `The variable "$${slot.variable}" has two ${what}: give each a name of its own.`;
    if (keyOfDefault(first.defaultValue) !== keyOfDefault(slot.defaultValue)) problems.add(slot.path, two('defaults'));
    join(groups, { one: first, other: slot, message: two('values') });
  }
  for (const pair of shared) {
    const { one, other, message } = pair;
    const [name, otherName] = [namedIn(groups.get(one))?.variable, namedIn(groups.get(other))?.variable];
    if (name !== undefined && otherName !== undefined && name !== otherName) problems.add(other.path, message);
    else join(groups, pair);
  }
  const taken = new Map(Array.from(named.keys(), (name) => [name, 1]));
  return [...new Set(groups.values())].map((group) => {
    const { variable, defaultValue } = namedIn(group) ?? {};
    const name = variable ?? freeName(group.slot.name, taken);
    return { ...group, name, type: typeOf(name, group, problems), defaultValue };
  });
}

interface Group {
  readonly slot: Slot;
  readonly others: OtherSlot[];
}

/** Makes the groups of two slots one, which is that of the slot that comes first. */
function join(groups: Map<Slot, Group>, { one, other, message }: SharedSlots): void {
  const [left, right] = [groups.get(one), groups.get(other)];
  if (left === undefined || right === undefined || left === right) return;
  const [first, second] = left.slot.index < right.slot.index ? [left, right] : [right, left];
  first.others.push({ slot: second.slot, message }, ...second.others);
  for (const { slot } of [second, ...second.others]) groups.set(slot, first);
}

/** The slot whose variable the program has named, where there is one. */
function namedIn(group: Group | undefined): Slot | undefined {
  if (group === undefined || group.slot.variable !== undefined) return group?.slot;
  return group.others.find(({ slot }) => slot.variable !== undefined)?.slot;
}

/**
 * `first`, `first_2`, `first_3`, ...
 *
 * @param taken By name, the last number it was given.
 */
function freeName(wanted: string, taken: Map<string, number>): string {
  let count = taken.get(wanted) ?? 0;
  let name = wanted;
  while (taken.has(name)) {
    count += 1;
    name = `${wanted}_${count}`;
  }
  taken.set(wanted, Math.max(count, 1)).set(name, 1);
  return name;
}

function typeOf(name: string, { slot, others }: Group, problems: Problems): TypeRef {
  let type = slot.type;
  for (const other of others) {
    const both = narrowed(type, other.slot.type);
    if (both === undefined) {
      const types = `${printTypeRef(type)} and ${printTypeRef(other.slot.type)}`;
      problems.add(other.slot.path, `The variable "$${name}" cannot stand for both ${types}: give each a variable.`);
      return type;
    }
    type = both;
  }
  return type;
}

/** The type whose values both types take. Undefined: there is none that GraphQL lets a variable have. */
function narrowed(one: TypeRef, other: TypeRef): TypeRef | undefined {
  const nonNull = one.nonNull || other.nonNull;
  if (one.list && other.list) {
    const of = narrowed(one.of, other.of);
    return of && { list: true, of, nonNull };
  }
  return !one.list && !other.list && one.name === other.name ? { list: false, name: one.name, nonNull } : undefined;
}
