// What the answers to an operation look like, out of its syntax tree: the fields of all fragments together, and those that
// stand there several times as one. GraphQL specification, September 2025, section 6.3.2 (Field Collection).

import { suggestionsFor } from '../../protocol/suggestions.js';
import { ValidationError } from '../errors/validation-error.js';
import { type FieldModel, isComposite, type SchemaModel } from '../model/model.js';
import { namedTypeOf, readTypeRef } from '../model/type-ref.js';
import type { ResultShape, ShapeField } from '../scalars/result-shape.js';
import type { FieldTree, FragmentSpreadTree, FragmentTree, SelectionSetTree } from './tree.js';

const typename: ShapeField = { type: readTypeRef('String!'), shape: undefined };

/** A selection set, and the type that its fields are of. */
interface Part {
  readonly of: string | undefined;
  readonly selectionSet: SelectionSetTree;
  /** The fragments that the way to it leads through. */
  readonly within: readonly string[];
}

/** What one response name has been found to be so far. */
interface Collected {
  readonly field: FieldModel;
  readonly parts: Part[];
}

/** The shapes of the operations of one document. */
export class ShapeReader {
  readonly #model: SchemaModel;
  readonly #fragments: ReadonlyMap<string, FragmentTree>;
  /** A document may come to one selection set by many ways: of one that stands alone the shape is always the same. */
  readonly #known = new Map<SelectionSetTree, ResultShape>();

  constructor(model: SchemaModel, fragments: ReadonlyMap<string, FragmentTree>) {
    this.#model = model;
    this.#fragments = fragments;
  }

  /**
   * The shape of a selection set of the type of that name. What the schema does not know is not in it, nor are the fields of
   * introspection: nothing there is decoded.
   *
   * @throws ValidationError for a fragment that is not there, or that contains itself.
   */
  read(of: string | undefined, selectionSet: SelectionSetTree): ResultShape {
    return this.#merged([{ of, selectionSet, within: [] }]);
  }

  #merged(parts: readonly Part[]): ResultShape {
    const [only, ...others] = parts;
    const alone = only !== undefined && others.length === 0 ? only.selectionSet : undefined;
    const known = alone && this.#known.get(alone);
    if (known !== undefined) return known;
    const shape = this.#shapeOf(parts);
    if (alone !== undefined) this.#known.set(alone, shape);
    return shape;
  }

  #shapeOf(parts: readonly Part[]): ResultShape {
    const shape = new Map<string, ShapeField>();
    const collected = new Map<string, Collected>();
    const spread = new Set<string>();
    for (const part of parts) this.#collect(part, collected, shape, spread);
    for (const [name, { field, parts: inside }] of collected) {
      shape.set(name, { type: field.type, shape: inside.length === 0 ? undefined : this.#merged(inside) });
    }
    return shape;
  }

  /** `spread`: the fragments that have been collected from at this place. */
  #collect(part: Part, collected: Map<string, Collected>, shape: Map<string, ShapeField>, spread: Set<string>): void {
    for (const selection of part.selectionSet.selections) {
      if (selection.kind === 'Field') {
        if (selection.name.value === '__typename') shape.set(responseNameOf(selection), typename);
        else this.#field(part, selection, collected);
      } else if (selection.kind === 'InlineFragment') {
        const { typeCondition, selectionSet } = selection;
        this.#collect({ ...part, of: typeCondition?.name.value ?? part.of, selectionSet }, collected, shape, spread);
      } else if (!spread.has(selection.name.value)) {
        const { name, typeCondition, selectionSet } = this.#fragment(selection, part.within);
        spread.add(name.value);
        const inside = { of: typeCondition.name.value, selectionSet, within: [...part.within, name.value] };
        this.#collect(inside, collected, shape, spread);
      }
    }
  }

  #field({ of, within }: Part, tree: FieldTree, collected: Map<string, Collected>): void {
    const parent = of === undefined ? undefined : this.#model.types.get(of);
    const field = isComposite(parent) && parent.kind !== 'union' ? parent.fields.get(tree.name.value) : undefined;
    if (field === undefined) return;
    const name = responseNameOf(tree);
    const known = collected.get(name) ?? { field, parts: [] };
    collected.set(name, known);
    const { selectionSet } = tree;
    if (selectionSet !== undefined) known.parts.push({ of: namedTypeOf(field.type), selectionSet, within });
  }

  #fragment({ name: { value: name }, loc }: FragmentSpreadTree, within: readonly string[]): FragmentTree {
    const fragment = this.#fragments.get(name);
    if (fragment !== undefined && !within.includes(name)) return fragment;
    const message =
      fragment === undefined
        ? `The document spreads the fragment "${name}", which it does not define.`
        : `The fragment "${name}" contains itself, so that its answers would have no end.`;
    const suggestions = fragment === undefined ? suggestionsFor(name, this.#fragments.keys()) : [];
    const start = loc?.startToken;
    const places = start === undefined ? undefined : [{ line: start.line, column: start.column }];
    throw new ValidationError([{ message, path: [], suggestions, places }]);
  }
}

function responseNameOf({ alias, name }: FieldTree): string {
  return (alias ?? name).value;
}
