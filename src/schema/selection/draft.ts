// A selection while it is put together: what is selected twice is united, so that a selection has one normal form however it
// was written.

import { ValidationError } from '../errors/validation-error.js';
import { keyOfDirectives } from './directives-key.js';
import {
  byDefault,
  type DirectiveNode,
  type FieldNode,
  responseName,
  type SelectionNode,
  type SpreadNode,
} from './nodes.js';
import { isSameRecord } from './same-value.js';

type Path = readonly (string | number)[];

/** A field or fragment, and what is selected of it where it was selected more than once. */
interface Part<Node extends FieldNode | SpreadNode> {
  readonly node: Node;
  united: SelectionDraft | undefined;
}

export class SelectionDraft {
  #defaults = false;
  /** By response name; more than one where the same field has other directives. */
  readonly #fields = new Map<string, SameField>();
  readonly #spreads: Part<SpreadNode>[] = [];
  /** Those without directives, by name and type: side by side, two of them say no more than one. */
  readonly #plainSpreads = new Map<string, Part<SpreadNode>>();

  /** Takes the default selection as well. */
  takeDefaults(): void {
    this.#defaults = true;
  }

  /**
   * @param path Where the field was written.
   * @throws ValidationError where its response name stands for another field already, or for it with other arguments.
   */
  addField(field: FieldNode, path: Path): void {
    const name = responseName(field);
    const known = this.#fields.get(name);
    if (known === undefined) this.#fields.set(name, new SameField(field));
    else known.add(field, path);
  }

  addSpread(spread: SpreadNode, path: Path): void {
    const { fragmentName, on, directives, selection } = spread;
    const part: Part<SpreadNode> = { node: spread, united: undefined };
    const key = `${fragmentName ?? ''} ${on ?? ''}`;
    const known = this.#plainSpreads.get(key);
    if (directives.length > 0) {
      this.#spreads.push(part);
    } else if (known === undefined) {
      this.#spreads.push(part);
      this.#plainSpreads.set(key, part);
    } else if (fragmentName === undefined) {
      uniteInto(known, selection, path);
    } else if (!isSameSelection(known.node.selection, selection)) {
      // Two fragments of one name: who makes a document of them refuses it.
      this.#spreads.push(part);
    }
  }

  add({ defaults, fields, spreads }: SelectionNode, path: Path): void {
    if (defaults === true) this.takeDefaults();
    for (const field of fields) this.addField(field, [...path, responseName(field)]);
    for (const spread of spreads) this.addSpread(spread, path);
  }

  finish(): SelectionNode {
    const fields: FieldNode[] = [];
    for (const { parts } of this.#fields.values()) for (const part of parts) fields.push(finished(part));
    const spreads = this.#spreads.map(finished);
    return this.#defaults ? { defaults: true, fields, spreads } : { fields, spreads };
  }
}

/** What is selected under one response name: a part for each of the directives that it was selected with. */
class SameField {
  readonly parts: Part<FieldNode>[] = [];
  readonly #first: Part<FieldNode>;
  /** By the key of their directives, from the second time on: most fields are selected once. */
  #byKey: Map<string, Part<FieldNode>[]> | undefined;

  constructor(first: FieldNode) {
    this.#first = { node: first, united: undefined };
    this.parts.push(this.#first);
  }

  add(field: FieldNode, path: Path): void {
    const first = this.#first;
    refuseClash(first.node, field, path);
    this.#byKey ??= new Map([[keyOfDirectives(first.node.directives), [first]]]);
    const key = keyOfDirectives(field.directives);
    const alike = this.#byKey.get(key);
    const same = alike?.find(({ node }) => isSameDirectives(node.directives, field.directives));
    if (same === undefined) {
      const part = { node: field, united: undefined };
      this.parts.push(part);
      if (alike === undefined) this.#byKey.set(key, [part]);
      else alike.push(part);
    } else {
      uniteInto(same, field.selection, path);
    }
  }
}

/** @param selection Undefined: a leaf, or the default selection. */
function uniteInto(part: Part<FieldNode | SpreadNode>, selection: SelectionNode | undefined, path: Path): void {
  const first = part.node.selection;
  if (part.united === undefined) {
    if (first === undefined && selection === undefined) return;
    part.united = new SelectionDraft();
    part.united.add(first ?? byDefault, path);
  }
  part.united.add(selection ?? byDefault, path);
}

function finished<Node extends FieldNode | SpreadNode>({ node, united }: Part<Node>): Node {
  return united === undefined ? node : { ...node, selection: united.finish() };
}

/** Everything that one of two selections of the same type takes. */
export function unite(one: SelectionNode, other: SelectionNode, path: Path): SelectionNode {
  const draft = new SelectionDraft();
  draft.add(one, path);
  draft.add(other, path);
  return draft.finish();
}

function refuseClash(one: FieldNode, other: FieldNode, path: Path): void {
  if (one.name === other.name && isSameRecord(one.args, other.args)) return;
  const twice =
    one.name === other.name ? 'with different arguments' : `for the fields "${one.name}" and "${other.name}"`;
  const message = clashMessage(responseName(one), other.name, twice);
  throw new ValidationError([{ message, path, suggestions: [] }]);
}

/**
 * One name in the answer would stand for two things.
 *
 * @param twice What differs.
 */
export function clashMessage(response: string, fieldName: string, twice: string): string {
  const remedy = `Give one of them an alias of its own, as in "other: ${fieldName}".`;
  return `Alias clash: "${response}" is selected twice, ${twice}. ${remedy}`;
}

function isSameDirectives(one: readonly DirectiveNode[], other: readonly DirectiveNode[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, args }, index) => name === other[index]?.name && isSameRecord(args, other[index].args))
  );
}

/** Whether two selections take the same, with the same values. */
export function isSameSelection(one: SelectionNode | undefined, other: SelectionNode | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  return (
    one.defaults === other.defaults &&
    one.fields.length === other.fields.length &&
    one.spreads.length === other.spreads.length &&
    one.fields.every((field, index) => isSameField(field, other.fields[index])) &&
    one.spreads.every((spread, index) => isSameSpread(spread, other.spreads[index]))
  );
}

function isSameField(one: FieldNode, other: FieldNode | undefined): boolean {
  return (
    other !== undefined &&
    one.name === other.name &&
    one.alias === other.alias &&
    isSameRecord(one.args, other.args) &&
    isSameDirectives(one.directives, other.directives) &&
    isSameSelection(one.selection, other.selection)
  );
}

function isSameSpread(one: SpreadNode, other: SpreadNode | undefined): boolean {
  return (
    other !== undefined &&
    one.on === other.on &&
    one.fragmentName === other.fragmentName &&
    isSameDirectives(one.directives, other.directives) &&
    isSameSelection(one.selection, other.selection)
  );
}
