// What is selected of a type where a program does not say: its leaves, and the leaves of its fields of object types. Always
// valid: no braces without fields, no field that needs an argument, nothing deprecated, no cycles, and no two leaves of one
// name and different types among the possible types of an abstract one (GraphQL specification, section 5.3.2).

import { type CompositeModel, type FieldModel, isComposite, isRequired, type SchemaModel } from '../model/model.js';
import { namedTypeOf, printTypeRef } from '../model/type-ref.js';
import { findComposite, findType } from './introspection.js';
import type { FieldNode, SelectionNode, SpreadNode } from './nodes.js';

/** Of an abstract type with more possible types, the default selection has no fragments. */
const mostFragments = 10;

/** The names that a default selection takes. */
export interface DefaultNames {
  /** Of the type itself: leaves, and of an object type also fields of which the leaves are taken. */
  readonly names: readonly string[];
  /** Of an abstract type: the leaves in the fragment on each possible type. */
  readonly on: ReadonlyMap<string, readonly string[]>;
}

/**
 * The names that the default selection of a type with fields takes. Of those that have fields themselves it takes the leaves:
 * such among their own default names as are scalars or enums, and in fragments all of them.
 */
export function defaultNames(model: SchemaModel, typeName: string): DefaultNames {
  const type = findComposite(model, typeName);
  if (type === undefined) return { names: [], on: new Map() };
  if (type.kind !== 'object') return leafNames(model, type);
  const names = [...type.fields.values()].filter((field) => isTaken(model, field)).map(({ name }) => name);
  return { names: names.length === 0 ? ['__typename'] : names, on: new Map() };
}

/** The default selection of a type with fields; the same object for the same type. */
export function defaultSelection(model: SchemaModel, typeName: string): SelectionNode {
  let known = selections.get(model);
  if (known === undefined) {
    known = new Map();
    selections.set(model, known);
  }
  let selection = known.get(typeName);
  if (selection === undefined) {
    selection = makeSelection(model, typeName);
    known.set(typeName, selection);
  }
  return selection;
}

const selections = new WeakMap<SchemaModel, Map<string, SelectionNode>>();

function makeSelection(model: SchemaModel, typeName: string): SelectionNode {
  const type = findComposite(model, typeName);
  const { names, on } = defaultNames(model, typeName);
  const node = (name: string): FieldNode => {
    const field = type === undefined || type.kind === 'union' ? undefined : type.fields.get(name);
    const inner = field && findComposite(model, namedTypeOf(field.type));
    return inner === undefined ? leaf(name) : { ...leaf(name), selection: ofLeaves(leafNames(model, inner)) };
  };
  return { ...ofLeaves({ names: [], on }), fields: names.map(node) };
}

/** The leaves of a type, without the fields that have fields themselves. */
function leafNames(model: SchemaModel, type: CompositeModel): DefaultNames {
  const own = type.kind === 'union' ? [] : [...type.fields.values()].filter((field) => isTakenLeaf(model, field));
  const names = own.map(({ name }) => name);
  if (type.kind === 'object') return { names, on: new Map() };
  return { names: ['__typename', ...names], on: fragmentNames(model, type.possible, new Set(names)) };
}

/** The leaves of each possible type that the abstract type does not have itself and that have one type wherever they occur. */
function fragmentNames(
  model: SchemaModel,
  possible: readonly string[],
  own: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  if (possible.length > mostFragments) return new Map();
  const leaves = new Map<string, readonly FieldModel[]>();
  const typesByName = new Map<string, Set<string>>();
  for (const typeName of possible) {
    const type = model.types.get(typeName);
    if (type?.kind !== 'object') continue;
    const taken = [...type.fields.values()].filter((field) => !own.has(field.name) && isTakenLeaf(model, field));
    leaves.set(typeName, taken);
    for (const { name, type } of taken) {
      typesByName.set(name, (typesByName.get(name) ?? new Set()).add(printTypeRef(type)));
    }
  }
  const found = new Map<string, readonly string[]>();
  for (const [typeName, taken] of leaves) {
    const names = taken.map(({ name }) => name).filter((name) => typesByName.get(name)?.size === 1);
    if (names.length > 0) found.set(typeName, names);
  }
  return found;
}

function isTaken(model: SchemaModel, field: FieldModel): boolean {
  const type = findComposite(model, namedTypeOf(field.type));
  if (type === undefined) return isTakenLeaf(model, field);
  return isFree(field) && (type.kind !== 'object' || leafNames(model, type).names.length > 0);
}

function isTakenLeaf(model: SchemaModel, field: FieldModel): boolean {
  return isFree(field) && !isComposite(findType(model, namedTypeOf(field.type)));
}

/** It needs no argument, and nobody advises against it. */
function isFree({ args, deprecated }: FieldModel): boolean {
  return deprecated === undefined && ![...args.values()].some(isRequired);
}

function ofLeaves({ names, on }: DefaultNames): SelectionNode {
  const spreads = [...on].map(
    ([typeName, leaves]): SpreadNode => ({
      on: typeName,
      fragmentName: undefined,
      directives: [],
      selection: { fields: leaves.map(leaf), spreads: [] },
    }),
  );
  return { fields: names.map(leaf), spreads };
}

function leaf(name: string): FieldNode {
  return { name, alias: undefined, args: undefined, directives: [], selection: undefined };
}
