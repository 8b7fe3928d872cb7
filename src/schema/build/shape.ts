// What the answer to a resolved operation looks like: the fields of all fragments together.

import type { ResultShape, ShapeField } from '../scalars/result-shape.js';
import type { FlatField, Flattener } from './flatten.js';
import type { ResolvedSelection } from './resolved.js';

export class ShapeMaker {
  readonly #flattener: Flattener;
  /** Of what is selected once. */
  readonly #known = new Map<ResolvedSelection, ResultShape>();

  constructor(flattener: Flattener) {
    this.#flattener = flattener;
  }

  shapeOf(selection: ResolvedSelection): ResultShape {
    let shape = this.#known.get(selection);
    if (shape === undefined) {
      shape = this.#merged([selection]);
      this.#known.set(selection, shape);
    }
    return shape;
  }

  #merged(selections: readonly ResolvedSelection[]): ResultShape {
    const fields = new Map<string, FlatField[]>();
    for (const selection of selections) {
      for (const [name, found] of this.#flattener.flatten(selection)) {
        fields.set(name, [...(fields.get(name) ?? []), ...found]);
      }
    }
    const shape = new Map<string, ShapeField>();
    for (const [name, found] of fields) {
      const [first] = found;
      if (first !== undefined) shape.set(name, { type: first.field.type, shape: this.#inner(found) });
    }
    return shape;
  }

  #inner(found: readonly FlatField[]): ResultShape | undefined {
    const selections = new Set(found.flatMap(({ field }) => field.selection ?? []));
    const [only, ...others] = selections;
    if (only === undefined) return undefined;
    return others.length === 0 ? this.shapeOf(only) : this.#merged([...selections]);
  }
}
