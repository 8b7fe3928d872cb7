// A selection while it is put together: what is selected twice is united, so that a selection has one normal form however it
// was written.

import { ValidationError } from '../errors/validation-error.js';
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

export class SelectionDraft {
  #defaults = false;
  /** By response name; more than one where the same field has other directives. */
  readonly #fields = new Map<string, FieldNode[]>();
  readonly #spreads: SpreadNode[] = [];

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
    if (known === undefined) {
      this.#fields.set(name, [field]);
      return;
    }
    for (const other of known) refuseClash(other, field, path);
    const index = known.findIndex(({ directives }) => isSameDirectives(directives, field.directives));
    const same = known[index];
    if (same === undefined) known.push(field);
    else known[index] = { ...same, selection: uniteOwn(same.selection, field.selection, path) };
  }

  addSpread(spread: SpreadNode, path: Path): void {
    const index = this.#spreads.findIndex((known) => canBeOne(known, spread));
    const known = this.#spreads[index];
    if (known === undefined) this.#spreads.push(spread);
    else if (known.fragmentName === undefined) {
      this.#spreads[index] = { ...known, selection: unite(known.selection, spread.selection, path) };
    }
  }

  add({ defaults, fields, spreads }: SelectionNode, path: Path): void {
    if (defaults === true) this.takeDefaults();
    for (const field of fields) this.addField(field, [...path, responseName(field)]);
    for (const spread of spreads) this.addSpread(spread, path);
  }

  finish(): SelectionNode {
    const fields: FieldNode[] = [];
    for (const group of this.#fields.values()) fields.push(...group);
    const spreads = this.#spreads;
    return this.#defaults ? { defaults: true, fields, spreads } : { fields, spreads };
  }
}

/** Everything that one of two selections of the same type takes. */
export function unite(one: SelectionNode, other: SelectionNode, path: Path): SelectionNode {
  const draft = new SelectionDraft();
  draft.add(one, path);
  draft.add(other, path);
  return draft.finish();
}

/** The same for what is selected of a field, where undefined is a leaf or the default selection. */
function uniteOwn(
  one: SelectionNode | undefined,
  other: SelectionNode | undefined,
  path: Path,
): SelectionNode | undefined {
  if (one === undefined && other === undefined) return undefined;
  return unite(one ?? byDefault, other ?? byDefault, path);
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

/** Whether two fragments side by side say no more than one: deferred ones, for example, stay apart. */
function canBeOne(one: SpreadNode, other: SpreadNode): boolean {
  if (one.on !== other.on || one.fragmentName !== other.fragmentName) return false;
  if (one.directives.length > 0 || other.directives.length > 0) return false;
  return one.fragmentName === undefined || isSameSelection(one.selection, other.selection);
}
