// What the answer to a resolved operation looks like: the fields of all fragments together.

import type { ResultShape, ShapeField } from '../scalars/result-shape.js';
import type { FlatSelection, Flattener } from './flatten.js';
import type { ResolvedField, ResolvedSelection } from './resolved.js';

export class ShapeMaker {
  readonly #flattener: Flattener;
  /** Fragments are spread again and again, in each other too. */
  readonly #known = new Map<FlatSelection, ResultShape>();

  constructor(flattener: Flattener) {
    this.#flattener = flattener;
  }

  /** Of objects of which all of this is selected. */
  shapeOf(selections: readonly ResolvedSelection[]): ResultShape {
    return this.#shapeOf(this.#flattener.flatten(selections));
  }

  #shapeOf(selection: FlatSelection): ResultShape {
    const known = this.#known.get(selection);
    if (known !== undefined) return known;
    const shape = new Map<string, ShapeField>();
    for (const [name, fields] of selection) {
      const [first] = fields;
      if (first !== undefined) shape.set(name, { type: first.type, shape: this.#inner(fields) });
    }
    this.#known.set(selection, shape);
    return shape;
  }

  #inner(fields: readonly ResolvedField[]): ResultShape | undefined {
    const inner = this.#flattener.inner(fields);
    return inner && this.#shapeOf(inner);
  }
}
