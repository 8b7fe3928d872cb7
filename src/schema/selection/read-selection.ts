// Reads a selection in any of the forms in which programs write it: objects, lists, texts, `fields(...)`, `fragment(...)`.
// Nothing is asked of a schema here, but every name is a GraphQL name afterwards.

import { describe } from '../../protocol/options.js';
import type { OperationKind } from '../../protocol/result.js';
import { ValidationError } from '../errors/validation-error.js';
import { suggestionsFor } from '../suggestions.js';
import { SelectionDraft } from './draft.js';
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
import { isPlainObject } from './same-value.js';
import { readNames, type WrittenName } from './written-names.js';

/** Selections are nested no deeper. */
const mostLevels = 200;
const reserved = ['$args', '$directives', '$on', '$spread'];
const noDirectives: readonly DirectiveNode[] = [];

type Written = Readonly<Record<string, unknown>>;

/**
 * The normal form of a selection: what is selected twice is united.
 *
 * @param value What a program wrote; `true` is the default selection.
 * @param path Where it stands, for errors.
 * @throws ValidationError for what is no selection, or selects nothing, and for one response name with two meanings.
 */
export function readSelection(value: unknown, path: readonly (string | number)[] = []): SelectionNode {
  return new SelectionReader(path).read(value);
}

/** The same, where nothing may be selected at all: for selections that become part of others. */
export function readPart(value: unknown): SelectionNode {
  return new SelectionReader([]).readPart(value);
}

/**
 * A whole operation: a selection of root fields, whose `$directives` are those of the operation.
 *
 * @param name Undefined: made from its fields.
 * @throws ValidationError as `readSelection` does.
 */
export function readOperation(kind: OperationKind, name: string | undefined, value: unknown): OperationNode {
  return { kind, name, ...new SelectionReader([kind]).readRoot(value) };
}

class SelectionReader {
  /** Where the reader is. */
  readonly #path: (string | number)[];
  /** The objects and lists that it is inside of. */
  readonly #around: object[] = [];

  constructor(path: readonly (string | number)[]) {
    this.#path = [...path];
  }

  read(value: unknown): SelectionNode {
    const node = this.readPart(value);
    if (isEmpty(node)) this.#refuse('Nothing is selected here: name a field, or leave it out as a whole.');
    return node;
  }

  readPart(value: unknown): SelectionNode {
    if (value === true) return byDefault;
    const held = heldNode(value);
    if (held !== undefined) return held;
    const draft = new SelectionDraft();
    this.#collect(draft, value);
    return draft.finish();
  }

  readRoot(value: unknown): Pick<OperationNode, 'selection' | 'directives'> {
    if (!isOwner(value)) return { selection: this.read(value), directives: noDirectives };
    if (value.$args !== undefined) this.#refuse('An operation takes no "$args": its root fields do.');
    const directives = this.#readDirectives(value.$directives);
    return { selection: this.#readOwn(value) ?? this.#refuse('Nothing is selected here: name a field.'), directives };
  }

  #readDirectives(value: unknown): readonly DirectiveNode[] {
    if (value === undefined) return noDirectives;
    this.#path.push('$directives');
    if (!isWritten(value)) this.#refuse(`Directives are an object of arguments by name, not ${describe(value)}.`);
    const nodes: DirectiveNode[] = [];
    for (const name of Object.keys(value)) {
      const given = value[name];
      if (given === undefined || given === false) continue;
      this.#path.push(name);
      if (!isName(name)) this.#refuse(`${describe(name)} is no name of a directive.`);
      for (const args of Array.isArray(given) ? given : [given]) {
        nodes.push({ name, args: args === true ? {} : this.#readArgs(args) });
      }
      this.#path.pop();
    }
    this.#path.pop();
    return nodes;
  }

  #collect(draft: SelectionDraft, value: unknown): void {
    const held = heldNode(value);
    if (held !== undefined) draft.add(held, this.#path);
    else if (typeof value === 'string') draft.addField(this.#readText(value), this.#path);
    else if (Array.isArray(value)) this.#collectList(draft, value);
    else if (isWritten(value)) this.#collectObject(draft, value, false);
    else this.#refuse(noSelection(value));
  }

  #collectList(draft: SelectionDraft, list: readonly unknown[]): void {
    this.#enter(list);
    for (const [index, entry] of list.entries()) {
      if (entry === undefined || entry === false) continue;
      this.#path.push(index);
      this.#collect(draft, entry);
      this.#path.pop();
    }
    this.#around.pop();
  }

  /** @param isOwned Whether something takes `$args` and `$directives` from it. */
  #collectObject(draft: SelectionDraft, object: Written, isOwned: boolean): void {
    this.#enter(object);
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === undefined || value === false) continue;
      this.#path.push(key);
      if (key === '$on') this.#collectConditions(draft, value);
      else if (key === '$spread') this.#collectSpreads(draft, value);
      else if (key !== '$args' && key !== '$directives') draft.addField(this.#readField(key, value), this.#path);
      else if (!isOwned) this.#refuse(`"${key}" belongs into the object of a field: { name: { ${key}: { ... } } }.`);
      this.#path.pop();
    }
    this.#around.pop();
  }

  #readField(key: string, value: unknown): FieldNode {
    const { name, alias } = this.#readKey(key);
    if (!isOwner(value)) {
      const selection = value === true ? undefined : this.read(value);
      return { name, alias, args: undefined, directives: noDirectives, selection };
    }
    const args = this.#readOwnArgs(value.$args);
    const directives = this.#readDirectives(value.$directives);
    return { name, alias, args, directives, selection: this.#readOwn(value) };
  }

  /** What an object selects that may have `$args` and `$directives`. Undefined: it has nothing else. */
  #readOwn(object: Written): SelectionNode | undefined {
    const draft = new SelectionDraft();
    this.#collectObject(draft, object, true);
    const node = draft.finish();
    if (!isEmpty(node)) return node;
    const keys = Object.keys(object);
    if (keys.length > 0 && keys.every((key) => key === '$args' || key === '$directives')) return undefined;
    return this.#refuse('Nothing is selected here: say true for the default selection, or leave it out as a whole.');
  }

  #collectConditions(draft: SelectionDraft, value: unknown): void {
    if (!isWritten(value)) this.#refuse(`"$on" is an object of selections by type, not ${describe(value)}.`);
    for (const on of Object.keys(value)) {
      if (value[on] === undefined || value[on] === false) continue;
      this.#path.push(on);
      if (!isName(on)) this.#refuse(`${describe(on)} is no name of a type.`);
      draft.addSpread(this.#readSpread(on, value[on]), this.#path);
      this.#path.pop();
    }
  }

  #collectSpreads(draft: SelectionDraft, value: unknown): void {
    if (!Array.isArray(value)) this.#refuse(`"$spread" is a list of selections, not ${describe(value)}.`);
    for (const [index, entry] of value.entries()) {
      if (entry === undefined || entry === false) continue;
      this.#path.push(index);
      const spread = simplified(this.#readSpread(undefined, entry));
      const says = spread.fragmentName !== undefined || spread.directives.length > 0;
      // A fragment that says nothing is no more than what is in it.
      if (says) draft.addSpread(spread, this.#path);
      else draft.add(spread.selection, this.#path);
      this.#path.pop();
    }
  }

  #readSpread(on: string | undefined, value: unknown): SpreadNode {
    if (!isOwner(value)) return { on, fragmentName: undefined, directives: noDirectives, selection: this.read(value) };
    const directives = this.#readDirectives(value.$directives);
    if (value.$args !== undefined) this.#refuse('A fragment takes no "$args".');
    return { on, fragmentName: undefined, directives, selection: this.#readOwn(value) ?? byDefault };
  }

  #readOwnArgs(value: unknown): Written | undefined {
    if (value === undefined) return undefined;
    this.#path.push('$args');
    const args = this.#readArgs(value);
    this.#path.pop();
    return args;
  }

  #readArgs(value: unknown): Written {
    if (!isWritten(value)) this.#refuse(`Arguments are an object of values by name, not ${describe(value)}.`);
    for (const name of Object.keys(value)) {
      if (!isName(name)) this.#refuse(`${describe(name)} is no name of an argument.`);
    }
    return value;
  }

  #readKey(key: string): WrittenName {
    const names = readNames(key);
    const [name] = names ?? [];
    if (name !== undefined && names?.length === 1) return name;
    const hint = names === undefined ? '' : ' Nest objects instead of names with dots, or write it in a list.';
    return this.#refuse(`${describe(key)} is no name of a field.${hint}`, suggestionsFor(key, reserved));
  }

  #readText(text: string): FieldNode {
    const names = readNames(text);
    if (names === undefined || names.length > mostLevels) {
      return this.#refuse(
        `${describe(text)} is no name of a field, as "title", "author.name" or "headline: title" are.`,
      );
    }
    const fieldOf = ([{ name, alias }, ...inner]: readonly [WrittenName, ...WrittenName[]]): FieldNode => {
      const [first, ...rest] = inner;
      const selection = first && { fields: [fieldOf([first, ...rest])], spreads: [] };
      return { name, alias, args: undefined, directives: noDirectives, selection };
    };
    return fieldOf(names);
  }

  #enter(value: object): void {
    if (this.#around.includes(value)) this.#refuse('This object is inside of itself: a selection must end somewhere.');
    if (this.#around.length >= mostLevels) this.#refuse(`Selections are nested at most ${mostLevels} deep.`);
    this.#around.push(value);
  }

  #refuse(message: string, suggestions: readonly string[] = []): never {
    throw new ValidationError([{ message, path: [...this.#path], suggestions }]);
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
