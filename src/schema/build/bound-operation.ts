// What the builder makes of a selection: a document that is the same for the same form of selection, and the values of this
// call for its variables.

import type { OperationKind } from '../../protocol/result.js';
import type { TypeRef } from '../model/type-ref.js';
import type { ResultShape } from '../scalars/result-shape.js';

/** Built once for each form of selection. */
export interface BuiltOperation {
  readonly kind: OperationKind;
  readonly operationName: string;
  readonly document: string;
  readonly definitions: PrintedDefinitions;
  readonly shape: ResultShape;
}

/** What a document is made of. */
export interface PrintedDefinitions {
  readonly operation: string;
  /** By name, in the order in which they are spread first. */
  readonly fragments: ReadonlyMap<string, string>;
}

/** A value for a variable of the document, not yet checked or encoded. */
export interface BoundValue {
  /** The variable's. */
  readonly name: string;
  readonly type: TypeRef;
  readonly value: unknown;
  /** Where it stood in the selection, for errors: `['query', 'books', 'author']`. */
  readonly path: readonly (string | number)[];
}

export interface BoundVariable extends BoundValue {
  /** Whether its definition has a default, so that it may be left out. */
  readonly hasDefault: boolean;
}

export interface BoundOperation {
  readonly built: BuiltOperation;
  readonly values: readonly BoundVariable[];
}
