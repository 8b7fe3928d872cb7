// Random operations as data: what a document or a program's selection is then written from.

import type { OperationKind } from '../../../src/protocol/result.js';
import { printTypeRef, type TypeRef } from '../../../src/schema/model/type-ref.js';
import type { DrawnValue } from './arbitrary-value.js';

export interface DrawnOperation {
  readonly kind: OperationKind;
  readonly directives: readonly DrawnDirective[];
  readonly root: DrawnSelection;
  /** What was to be made wrong. */
  readonly fault: Fault | undefined;
}

export interface DrawnSelection {
  readonly type: string;
  readonly fields: readonly DrawnField[];
  readonly fragments: readonly DrawnFragment[];
}

export interface DrawnField {
  readonly name: string;
  readonly alias: string | undefined;
  readonly args: DrawnArguments;
  readonly directives: readonly DrawnDirective[];
  /** `default`: the default selection of a type with fields. */
  readonly selection: DrawnSelection | 'default' | undefined;
  readonly typeName: string;
}

export type DrawnArguments = readonly DrawnArgument[];

export interface DrawnArgument extends DrawnValue {
  readonly name: string;
  /** Undefined: the schema has no such argument. */
  readonly type: TypeRef | undefined;
}

export interface DrawnDirective {
  readonly name: string;
  readonly args: DrawnArguments;
}

export interface DrawnFragment {
  readonly on: string | undefined;
  /** Undefined: an inline one. */
  readonly name: string | undefined;
  readonly directives: readonly DrawnDirective[];
  readonly selection: DrawnSelection;
}

/** One way to make an operation wrong; each may find no place. */
export type Fault =
  | 'field'
  | 'argument'
  | 'required'
  | 'condition'
  | 'directive'
  | 'location'
  | 'repeated'
  | 'braces'
  | 'typename'
  | 'alias'
  | 'values'
  | 'elsewhere'
  /** Of `@defer` and `@stream`: a label that is there already, a root field, nothing that switches them off, no list. */
  | 'label'
  | 'root'
  | 'switch'
  | 'list';

/** Whether they differ in nothing but in where null may stand. */
export function isOfOneType(one: TypeRef, other: TypeRef): boolean {
  return printTypeRef(one).replaceAll('!', '') === printTypeRef(other).replaceAll('!', '');
}
