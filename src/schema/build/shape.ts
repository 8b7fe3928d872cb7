// What the answer to a resolved operation looks like: the fields of all fragments together.

import type { ResultShape, ShapeField } from '../scalars/result-shape.js';
import type { FlatField, Flattener } from './flatten.js';
import type { ResolvedSelection } from './resolved.js';

export class ShapeMaker {
  readonly #flattener: Flattener;
  readonly #numbers = new Map<ResolvedSelection, number>();
  /** By the numbers of the selections: fragments are spread again and again, in each other too. */
  readonly #known = new Map<string, ResultShape>();

  constructor(flattener: Flattener) {
    this.#flattener = flattener;
  }

  /** Of objects of which all of this is selected. */
  shapeOf(selections: readonly ResolvedSelection[]): ResultShape {
    const key = this.#keyOf(selections);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const shape = new Map<string, ShapeField>();
    for (const [name, found] of this.#fieldsOf(selections)) {
      const [first] = found;
      if (first !== undefined) shape.set(name, { type: first.field.type, shape: this.#inner(found) });
    }
    this.#known.set(key, shape);
    return shape;
  }

  #inner(found: readonly FlatField[]): ResultShape | undefined {
    const selections = new Set(found.flatMap(({ field }) => field.selection ?? []));
    return selections.size === 0 ? undefined : this.shapeOf([...selections]);
  }

  #fieldsOf(selections: readonly ResolvedSelection[]): ReadonlyMap<string, readonly FlatField[]> {
    const fields = new Map<string, FlatField[]>();
    for (const selection of selections) {
      for (const [name, found] of this.#flattener.flatten(selection)) {
        fields.set(name, [...(fields.get(name) ?? []), ...found]);
      }
    }
    return fields;
  }

  #keyOf(selections: readonly ResolvedSelection[]): string {
    const numbers = selections.map((selection) => {
      const number = this.#numbers.get(selection) ?? this.#numbers.size;
      this.#numbers.set(selection, number);
      return number;
    });
    return numbers.sort((one, other) => one - other).join();
  }
}
