// References to types, arguments and fields of input objects, as TypeScript writes them.

import { type InputModel, isRequired, type SchemaModel } from '../model/model.js';
import type { TypeRef } from '../model/type-ref.js';
import { documentation } from './documentation.js';
import { builtInType } from './leaf-types.js';
import type { TypeNames } from './names.js';
import { sorted } from './sorted.js';

export class TypeTexts {
  readonly #model: SchemaModel;
  readonly #names: TypeNames;

  constructor(model: SchemaModel, names: TypeNames) {
    this.#model = model;
    this.#names = names;
  }

  /** What an answer holds for it. */
  result(ref: TypeRef): string {
    return this.#reference(ref, 'result');
  }

  /** What an argument of it takes, null aside. */
  input(ref: TypeRef): string {
    return this.#reference({ ...ref, nonNull: true }, 'input');
  }

  /** `readonly first?: number | null | undefined`. */
  member(input: InputModel): string {
    const { name, type } = input;
    if (isRequired(input)) return `readonly ${name}: ${this.input(type)}`;
    return `readonly ${name}?: ${this.input(type)}${type.nonNull ? '' : ' | null'} | undefined`;
  }

  /** An object type of them: on one line where none has a description. */
  members(inputs: Iterable<InputModel>, indent: string): string {
    const all = sorted(inputs);
    const inner = `${indent}  `;
    const lines = all.map((input) => [...documentation(input, inner), `${inner}${this.member(input)};`]);
    if (lines.some(({ length }) => length > 1)) return `{\n${lines.flat().join('\n')}\n${indent}}`;
    return this.inline(all);
  }

  inline(inputs: Iterable<InputModel>): string {
    return `{ ${sorted(inputs)
      .map((input) => this.member(input))
      .join('; ')} }`;
  }

  #reference(ref: TypeRef, direction: 'result' | 'input'): string {
    const orNull = ref.nonNull ? '' : ' | null';
    if (!ref.list) return `${this.#named(ref.name, direction)}${orNull}`;
    const item = this.#reference(ref.of, direction);
    return `readonly ${/[ |]/.test(item) ? `(${item})` : item}[]${orNull}`;
  }

  #named(name: string, direction: 'result' | 'input'): string {
    const known = builtInType(name, direction);
    if (known !== undefined) return known;
    return this.#model.types.get(name)?.kind === 'scalar' ? `$Scalars['${name}']` : this.#names(name);
  }
}
