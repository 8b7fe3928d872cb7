// A selection in its one normal form, whatever a program wrote it as: what the builder reads. Field names and aliases in it
// are GraphQL names; whether the schema knows them is asked later.

import type { OperationKind } from '../../protocol/result.js';
import { checkExtent } from './extent.js';

export interface SelectionNode {
  /** The default selection of the type is taken as well. */
  readonly defaults?: true | undefined;
  readonly fields: readonly FieldNode[];
  readonly spreads: readonly SpreadNode[];
}

export interface FieldNode {
  readonly name: string;
  /** Undefined: its name. */
  readonly alias: string | undefined;
  /** By name; those given as undefined are left out. */
  readonly args: Readonly<Record<string, unknown>> | undefined;
  readonly directives: readonly DirectiveNode[];
  /** Undefined: `true` was said: a leaf as it is, of anything else the default selection. */
  readonly selection: SelectionNode | undefined;
}

export interface DirectiveNode {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** An inline fragment, or the spread of a named one. */
export interface SpreadNode {
  /** The type condition. Undefined: none. */
  readonly on: string | undefined;
  /** Undefined: an inline fragment. */
  readonly fragmentName: string | undefined;
  readonly directives: readonly DirectiveNode[];
  readonly selection: SelectionNode;
}

/** A whole operation, before the schema has been asked about it. */
export interface OperationNode {
  readonly kind: OperationKind;
  /** Undefined: made from its fields. */
  readonly name: string | undefined;
  readonly selection: SelectionNode;
  readonly directives: readonly DirectiveNode[];
}

/** A value that stands for a selection: those of `fields` and `fragment`. What it holds is not for programs to see. */
export abstract class HeldSelection {
  /** Never there at run time. Editors offer nothing of a class that has what is not public. */
  declare protected readonly held: true;
  readonly #held: SelectionNode;

  /** @throws ValidationError for a selection that is too large. */
  constructor(node: SelectionNode) {
    checkExtent(node);
    this.#held = node;
  }

  static nodeOf(value: unknown): SelectionNode | undefined {
    return typeof value === 'object' && value !== null && #held in value ? value.#held : undefined;
  }
}

/** Undefined: the value is no such one. */
export const heldNode: (value: unknown) => SelectionNode | undefined = HeldSelection.nodeOf;

/** The default selection and nothing else. */
export const byDefault: SelectionNode = { defaults: true, fields: [], spreads: [] };

export function isEmpty({ defaults, fields, spreads }: SelectionNode): boolean {
  return defaults !== true && fields.length === 0 && spreads.length === 0;
}

/** The name under which a field stands in the answer. */
export function responseName({ alias, name }: Pick<FieldNode, 'alias' | 'name'>): string {
  return alias ?? name;
}
