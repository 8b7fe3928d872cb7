// The values of an operation's variables, checked against their types and written as JSON holds them, in one walk. GraphQL
// specification, September 2025, sections 6.1.2 (Coercing Variable Values), 3.10 (Input Objects) and 3.11 (List).

import { suggestionsFor } from '../../protocol/suggestions.js';
import type { BoundValue } from '../build/bound-operation.js';
import { ScalarError } from '../errors/scalar-error.js';
import { mostProblems, type Problem, ValidationError } from '../errors/validation-error.js';
import { hasMembers, type Members } from '../members.js';
import {
  type EnumModel,
  type InputObjectModel,
  isRequired,
  type ScalarModel,
  type SchemaModel,
} from '../model/model.js';
import { printTypeRef, type TypeRef } from '../model/type-ref.js';
import { checkLeaf, show } from './check-leaf.js';
import { codecOf, reasonOf, type ScalarCodec, type ScalarCodecs } from './codec.js';
import { mostLevels } from './unwritable.js';

/**
 * What is sent as the variables: one whose value is undefined is left out, single values in the place of lists become lists
 * of one, and codecs have written what they are for. Nothing that was given is changed; files are passed on as they are.
 *
 * @throws ValidationError with every problem that was found (about 100 at most), each at the path of its value.
 * @throws ScalarError where there is none, and a codec threw.
 */
export function encodeVariables(
  model: SchemaModel,
  codecs: ScalarCodecs,
  values: readonly BoundValue[],
): Record<string, unknown> {
  const encoder = new Encoder(model, codecs);
  const variables = values
    .filter(({ value }) => value !== undefined)
    .map((bound) => [bound.name, encoder.encode(bound)] as const);
  encoder.finish();
  return Object.fromEntries(variables);
}

class Encoder {
  readonly #model: SchemaModel;
  readonly #codecs: ScalarCodecs;
  readonly #problems: Problem[] = [];
  /** Of the first codec that threw. */
  #failure: ScalarError | undefined;
  /** What a getter or proxy threw first. */
  #cause: unknown;
  #path: (string | number)[] = [];
  /** The lists and input objects around the value. */
  readonly #around = new Set<object>();

  constructor(model: SchemaModel, codecs: ScalarCodecs) {
    this.#model = model;
    this.#codecs = codecs;
  }

  encode({ path, type, value }: BoundValue): unknown {
    this.#path = [...path];
    return this.#guarded(() => this.#value(value, type));
  }

  /** Throws what was found. */
  finish(): void {
    const [first, ...others] = this.#problems;
    if (first !== undefined) throw new ValidationError([first, ...others], this.#cause);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #value(value: unknown, type: TypeRef): unknown {
    if (value === undefined)
      return this.#refuse('It is undefined, which a list cannot hold: give null, or leave it out.');
    if (value === null) return type.nonNull ? this.#refuse(`It is null, and its type is ${printTypeRef(type)}.`) : null;
    if (!type.list) return this.#named(value, type.name);
    if (!Array.isArray(value)) return [this.#value(value, type.of)];
    return this.#inside(value, () => this.#items(value, type.of));
  }

  #items(list: readonly unknown[], type: TypeRef): unknown[] {
    const items: unknown[] = [];
    for (let index = 0; index < list.length && this.#problems.length < mostProblems; index += 1) {
      this.#at(index, () => items.push(this.#value(list[index], type)));
    }
    return items;
  }

  #named(value: unknown, name: string): unknown {
    const type = this.#model.types.get(name);
    switch (type?.kind) {
      case 'input':
        return this.#object(value, type);
      case 'scalar':
      case 'enum':
        return this.#leaf(value, type);
      case undefined:
        return this.#refuse(`The schema has no type "${name}" for it.`, suggestionsFor(name, this.#model.types.keys()));
      default:
        return this.#refuse(`Its type is ${name}, which is for answers, not for values.`);
    }
  }

  #object(value: unknown, type: InputObjectModel): unknown {
    if (!hasMembers(value)) {
      return this.#refuse(`${show(value)} is no ${type.name}: an object with its fields is needed.`);
    }
    return this.#inside(value, () => {
      const given = new Map<string, unknown>();
      for (const name of Object.keys(value)) {
        if (this.#problems.length >= mostProblems) break;
        this.#at(name, () => this.#field(value, name, type, given));
      }
      this.#checkFields(type, given);
      return Object.fromEntries(given);
    });
  }

  #field(holder: Members, name: string, type: InputObjectModel, given: Map<string, unknown>): void {
    const field = type.fields.get(name);
    if (field === undefined) {
      // Undefined or not: it was not meant to be nothing.
      given.set(name, undefined);
      this.#refuse(`${type.name} has no field "${name}".`, suggestionsFor(name, type.fields.keys()));
      return;
    }
    const value = holder[name];
    if (value === undefined) return;
    // It counts as given also where its value turns out to be wrong.
    given.set(name, undefined);
    given.set(name, this.#value(value, field.type));
  }

  #checkFields(type: InputObjectModel, given: ReadonlyMap<string, unknown>): void {
    for (const field of type.fields.values()) {
      if (!isRequired(field) || given.has(field.name)) continue;
      this.#at(field.name, () => this.#refuse(`It is required, and ${type.name} was given without it.`));
    }
    if (!type.oneOf) return;
    const [name, ...others] = given.keys();
    if (name === undefined || others.length > 0) {
      const count = name === undefined ? 'none' : `${others.length + 1}`;
      this.#refuse(`${type.name} takes exactly one of its fields, and was given ${count}.`);
    } else if (given.get(name) === null) {
      this.#at(name, () => this.#refuse(`It is null, and ${type.name} takes exactly one of its fields with a value.`));
    }
  }

  #leaf(value: unknown, type: ScalarModel | EnumModel): unknown {
    const codec = codecOf(this.#codecs, type.name);
    if (codec !== undefined) return this.#encoded(value, type, codec);
    const fault = checkLeaf(type, value);
    return fault === undefined ? value : this.#refuse(fault.message, fault.suggestions, fault.path);
  }

  #encoded(value: unknown, type: ScalarModel | EnumModel, codec: ScalarCodec): unknown {
    try {
      const wire = codec.encode(value);
      // Null is never asked to be written, and JSON writes it for what it does not know.
      if (wire === null || wire === undefined) throw new TypeError(`its codec gave ${wire} for ${show(value)}.`);
      const fault = checkLeaf(type, wire);
      if (fault !== undefined) throw new TypeError(`what its codec gave is wrong. ${fault.message}`);
      return wire;
    } catch (cause) {
      this.#failure ??= new ScalarError('encoding', type.name, [...this.#path], reasonOf(cause), cause);
      return undefined;
    }
  }

  /** Goes into a list or an input object. */
  #inside(value: object, run: () => unknown): unknown {
    if (this.#around.has(value)) return this.#refuse('It contains itself, so that it has no end.');
    if (this.#around.size === mostLevels) return this.#refuse(`It is more than ${mostLevels} levels deep.`);
    this.#around.add(value);
    try {
      return run();
    } finally {
      this.#around.delete(value);
    }
  }

  #at(key: string | number, run: () => unknown): void {
    this.#path.push(key);
    this.#guarded(run);
    this.#path.pop();
  }

  /** What is thrown in here comes from the value: a getter, a proxy. */
  #guarded(run: () => unknown): unknown {
    try {
      return run();
    } catch (cause) {
      this.#cause ??= cause;
      return this.#refuse(`It cannot be read: ${reasonOf(cause)}`);
    }
  }

  #refuse(message: string, suggestions: readonly string[] = [], within: readonly (string | number)[] = []): undefined {
    this.#problems.push({ message, path: [...this.#path, ...within], suggestions });
    return undefined;
  }
}
