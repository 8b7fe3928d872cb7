// An operation whose every name was found in the schema: what is compared, printed and read for its shape.

import type { OperationKind } from '../../protocol/result.js';
import type { CompositeModel } from '../model/model.js';
import type { TypeRef } from '../model/type-ref.js';
import type { BoundValue } from './bound-operation.js';

export type Path = readonly (string | number)[];

export interface ResolvedOperation {
  readonly kind: OperationKind;
  readonly directives: readonly ResolvedDirective[];
  readonly selection: ResolvedSelection;
  /** In the order in which they are spread first. */
  readonly fragments: readonly ResolvedFragment[];
  /** In the order in which their values are met. */
  readonly slots: readonly Slot[];
  /** What stands in the slots. */
  readonly values: readonly BoundValue[];
}

export interface ResolvedSelection {
  readonly type: CompositeModel;
  readonly fields: readonly ResolvedField[];
  readonly spreads: readonly ResolvedSpread[];
}

export interface ResolvedField {
  /** The type whose field it is: that of the innermost fragment around it. */
  readonly parent: CompositeModel;
  readonly name: string;
  readonly alias: string | undefined;
  readonly type: TypeRef;
  readonly args: readonly ResolvedArgument[];
  readonly directives: readonly ResolvedDirective[];
  /** Undefined: a leaf. */
  readonly selection: ResolvedSelection | undefined;
  readonly path: Path;
}

export interface ResolvedDirective {
  readonly name: string;
  readonly args: readonly ResolvedArgument[];
  readonly path: Path;
}

export interface ResolvedArgument {
  readonly name: string;
  /** The text of a literal, or where the value of a variable comes from. */
  readonly value: string | Slot;
}

export interface ResolvedSpread {
  /** The type condition of an inline fragment. */
  readonly on: string | undefined;
  /** Undefined: an inline fragment. */
  readonly fragmentName: string | undefined;
  readonly directives: readonly ResolvedDirective[];
  readonly selection: ResolvedSelection;
}

export interface ResolvedFragment {
  readonly name: string;
  readonly on: string;
  readonly selection: ResolvedSelection;
}

/** An argument whose value is a variable's. */
export interface Slot {
  /** Among the operation's values. */
  readonly index: number;
  /** The argument's. */
  readonly name: string;
  /** The variable's, where the program has named it. */
  readonly variable: string | undefined;
  /** The variable's; undefined: it has none. */
  readonly defaultValue: unknown;
  readonly type: TypeRef;
  readonly path: Path;
}
