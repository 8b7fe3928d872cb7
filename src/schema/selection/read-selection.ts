// Reads a selection in any of the forms in which programs write it: objects, lists, texts, `fields(...)`, `fragment(...)`.
// Nothing is asked of a schema here, but every name is a GraphQL name afterwards.

import { describe } from '../../protocol/options.js';
import type { OperationKind } from '../../protocol/result.js';
import { suggestionsFor } from '../../protocol/suggestions.js';
import { SelectionDraft } from './draft.js';
import { extentOf } from './extent.js';
import { guarded } from './guarded.js';
import { isName } from './names.js';
import {
  byDefault,
  type DirectiveNode,
  type FieldNode,
  heldNode,
  isEmpty,
  type OperationNode,
  type SelectionNode,
  type SpreadNode,
} from './nodes.js';
import { Place } from './place.js';
import { isPlainObject } from './plain-object.js';
import { readArguments } from './read-arguments.js';
import { readNames, type WrittenName } from './written-names.js';

/** What an object says of the field or fragment that it belongs to. */
const ofOwners = ['$args', '$directives'];
const reserved = [...ofOwners, '$on', '$spread'];
const noDirectives: readonly DirectiveNode[] = [];

type Written = Readonly<Record<string, unknown>>;

/**
 * The normal form of a selection: what is selected twice is united.
 *
 * @param value What a program wrote; `true` is the default selection.
 * @param path Where it stands, for errors.
 * @throws ValidationError for what is no selection, selects nothing, is too large or cannot be read, and for one response
 *   name with two meanings.
 */
export function readSelection(value: unknown, path: readonly (string | number)[] = []): SelectionNode {
  return read(path, (reader) => reader.read(value));
}

/** The same, where nothing may be selected at all: for selections that become part of others. */
export function readPart(value: unknown): SelectionNode {
  return read([], (reader) => reader.readPart(value));
}

/**
 * A whole operation: a selection of root fields, whose `$directives` are those of the operation.
 *
 * @param name Undefined: made from its fields.
 * @throws ValidationError as `readSelection` does.
 */
export function readOperation(kind: OperationKind, name: string | undefined, value: unknown): OperationNode {
  return { kind, name, ...read([kind], (reader) => reader.readRoot(value)) };
}

function read<Result>(path: readonly (string | number)[], run: (reader: SelectionReader) => Result): Result {
  const place = new Place(path);
  return guarded(place.path, () => run(new SelectionReader(place)));
}

class SelectionReader {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  read(value: unknown): SelectionNode {
    const node = this.readPart(value);
    if (isEmpty(node)) this.#place.refuse('Nothing is selected here: name a field, or leave it out as a whole.');
    return node;
  }

  readPart(value: unknown): SelectionNode {
    if (value === true) return byDefault;
    const held = this.#readHeld(value);
    if (held !== undefined) return held;
    const draft = new SelectionDraft();
    this.#collect(draft, value);
    return draft.finish();
  }

  readRoot(value: unknown): Pick<OperationNode, 'selection' | 'directives'> {
    if (!isOwner(value)) return { selection: this.read(value), directives: noDirectives };
    this.#refuseArgs(value, 'An operation takes no "$args": its root fields do.');
    const directives = this.#readDirectives(value);
    return {
      selection: this.#readOwn(value) ?? this.#place.refuse('Nothing is selected here: name a field.'),
      directives,
    };
  }

  #readHeld(value: unknown): SelectionNode | undefined {
    const held = heldNode(value);
    if (held === undefined) return undefined;
    const { levels, entries } = extentOf(held);
    this.#place.take(levels, entries);
    return held;
  }

  #collect(draft: SelectionDraft, value: unknown): void {
    const held = this.#readHeld(value);
    if (held !== undefined) draft.add(held, this.#place.path);
    else if (typeof value === 'string') draft.addField(this.#readText(value), this.#place.path);
    else if (Array.isArray(value)) this.#collectItems(draft, value);
    else if (isWritten(value)) this.#collectObject(draft, value, false);
    else this.#place.refuse(noSelection(value));
  }

  #collectItems(draft: SelectionDraft, list: readonly unknown[]): void {
    this.#place.inside(list, () => this.#place.items(list, (item) => this.#collect(draft, item)));
  }

  /** @param isOwned Whether something takes `$args` and `$directives` from it. */
  #collectObject(draft: SelectionDraft, object: Written, isOwned: boolean): void {
    const read = (key: string, value: unknown): void => {
      if (key === '$on') this.#collectConditions(draft, value);
      else if (key === '$spread') this.#collectSpreads(draft, value);
      else if (!ofOwners.includes(key)) draft.addField(this.#readField(key, value), this.#place.path);
      else if (!isOwned) {
        this.#place.refuse(`"${key}" belongs into the object of a field: { name: { ${key}: { ... } } }.`);
      }
    };
    this.#place.inside(object, () => this.#place.members(object, read));
  }

  #readField(key: string, value: unknown): FieldNode {
    const { name, alias } = this.#readKey(key);
    if (!isOwner(value)) {
      const selection = value === true ? undefined : this.read(value);
      return { name, alias, args: undefined, directives: noDirectives, selection };
    }
    const args = this.#readArgs(value);
    const directives = this.#readDirectives(value);
    return { name, alias, args, directives, selection: this.#readOwn(value) };
  }

  /** What an object selects that may have `$args` and `$directives`. Undefined: it has nothing else. */
  #readOwn(object: Written): SelectionNode | undefined {
    const draft = new SelectionDraft();
    this.#collectObject(draft, object, true);
    const node = draft.finish();
    if (!isEmpty(node)) return node;
    const keys = Object.keys(object);
    if (keys.length > 0 && keys.every((key) => ofOwners.includes(key))) return undefined;
    return this.#place.refuse(
      'Nothing is selected here: say true for the default selection, or leave it out as a whole.',
    );
  }

  #collectConditions(draft: SelectionDraft, value: unknown): void {
    if (!isWritten(value)) this.#place.refuse(`"$on" is an object of selections by type, not ${describe(value)}.`);
    this.#place.members(value, (on, selection) => {
      if (!isName(on)) this.#place.refuse(`${describe(on)} is no name of a type.`);
      draft.addSpread(this.#readSpread(on, selection), this.#place.path);
    });
  }

  #collectSpreads(draft: SelectionDraft, value: unknown): void {
    if (!Array.isArray(value)) this.#place.refuse(`"$spread" is a list of selections, not ${describe(value)}.`);
    this.#place.items(value, (entry) => {
      const spread = simplified(this.#readSpread(undefined, entry));
      const says = spread.fragmentName !== undefined || spread.directives.length > 0;
      // A fragment that says nothing is no more than what is in it.
      if (says) draft.addSpread(spread, this.#place.path);
      else draft.add(spread.selection, this.#place.path);
    });
  }

  #readSpread(on: string | undefined, value: unknown): SpreadNode {
    if (!isOwner(value)) return { on, fragmentName: undefined, directives: noDirectives, selection: this.read(value) };
    const directives = this.#readDirectives(value);
    this.#refuseArgs(value, 'A fragment takes no "$args".');
    return { on, fragmentName: undefined, directives, selection: this.#readOwn(value) ?? byDefault };
  }

  #readArgs(owner: Written): Written | undefined {
    return this.#place.member(owner, '$args', (value) =>
      value === undefined ? undefined : this.#readArguments(value),
    );
  }

  #readDirectives(owner: Written): readonly DirectiveNode[] {
    return this.#place.member(owner, '$directives', (value) => {
      if (value === undefined) return noDirectives;
      if (!isWritten(value)) {
        this.#place.refuse(`Directives are an object of arguments by name, not ${describe(value)}.`);
      }
      const nodes: DirectiveNode[] = [];
      this.#place.members(value, (name, given) => this.#readDirective(name, given, nodes));
      return nodes;
    });
  }

  #readDirective(name: string, given: unknown, into: DirectiveNode[]): void {
    if (!isName(name)) this.#place.refuse(`${describe(name)} is no name of a directive.`);
    const read = (args: unknown): void => {
      into.push({ name, args: args === true ? {} : this.#readArguments(args) });
    };
    if (Array.isArray(given)) this.#place.items(given, read);
    else read(given);
  }

  #refuseArgs(owner: Written, message: string): void {
    if (this.#place.member(owner, '$args', (value) => value !== undefined)) this.#place.refuse(message);
  }

  #readArguments(value: unknown): Written {
    if (!isWritten(value)) this.#place.refuse(`Arguments are an object of values by name, not ${describe(value)}.`);
    return readArguments(value, this.#place.path);
  }

  #readKey(key: string): WrittenName {
    const names = readNames(key);
    const [name] = names ?? [];
    if (name !== undefined && names?.length === 1) return name;
    const hint = names === undefined ? '' : ' Nest objects instead of names with dots, or write it in a list.';
    return this.#place.refuse(`${describe(key)} is no name of a field.${hint}`, suggestionsFor(key, reserved));
  }

  #readText(text: string): FieldNode {
    const names = readNames(text);
    if (names === undefined) {
      return this.#place.refuse(
        `${describe(text)} is no name of a field, as "title", "author.name" or "headline: title" are.`,
      );
    }
    this.#place.take(names.length, names.length - 1);
    const fieldOf = ([{ name, alias }, ...inner]: readonly [WrittenName, ...WrittenName[]]): FieldNode => {
      const [first, ...rest] = inner;
      const selection = first && { fields: [fieldOf([first, ...rest])], spreads: [] };
      return { name, alias, args: undefined, directives: noDirectives, selection };
    };
    return fieldOf(names);
  }
}

/** A fragment of any type around nothing but a named one is the spread of that, which is where its directives stand. */
function simplified(spread: SpreadNode): SpreadNode {
  const { defaults, fields, spreads } = spread.selection;
  const [inner, ...others] = spreads;
  if (inner?.fragmentName === undefined || others.length > 0 || fields.length > 0 || defaults === true) return spread;
  return inner.directives.length === 0 ? { ...inner, directives: spread.directives } : spread;
}

/** It may have `$args` and `$directives` beside what it selects. */
function isOwner(value: unknown): value is Written {
  return isWritten(value) && heldNode(value) === undefined;
}

function isWritten(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && isPlainObject(value);
}

function noSelection(value: unknown): string {
  const isObject = typeof value === 'object' && value !== null;
  const what = isObject ? 'an object of some class' : describe(value);
  return `This is ${what}. A selection is an object, a list, a name of a field, or made by fields() or fragment().`;
}
