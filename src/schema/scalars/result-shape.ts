// What the data of a document looks like, as far as decoding has to know: made from a selection or from a syntax tree.

import type { TypeRef } from '../model/type-ref.js';

/**
 * The fields of one object by response name, those of all fragments together: GraphQL allows one response name only one type
 * of leaf (section 5.3.2), so that nothing depends on the concrete type.
 */
export type ResultShape = ReadonlyMap<string, ShapeField>;

export interface ShapeField {
  readonly type: TypeRef;
  /** Undefined: a leaf. */
  readonly shape: ResultShape | undefined;
}
