// The defaults of variables, as the document holds them: checked and encoded like every value, and then written as GraphQL
// writes values. GraphQL specification, September 2025, sections 2.10 (Input Values) and 2.11 (Variables).

import type { SchemaModel } from '../model/model.js';
import type { TypeRef } from '../model/type-ref.js';
import { reasonOf, type ScalarCodecs } from '../scalars/codec.js';
import { encodeVariables } from '../scalars/encode.js';
import { isFile } from '../scalars/unwritable.js';
import { isName } from '../selection/names.js';
import type { Problems } from './problems.js';
import type { Path } from './resolved.js';
import type { DocumentVariable } from './variables.js';

/**
 * The texts by the names of the variables. What a document cannot hold goes into `problems`.
 *
 * @throws ValidationError for defaults that do not fit their types; ScalarError where a codec threw.
 */
export function printDefaults(
  variables: readonly DocumentVariable[],
  model: SchemaModel,
  codecs: ScalarCodecs,
  problems: Problems,
): ReadonlyMap<string, string> {
  const withDefaults = variables.filter(({ defaultValue }) => defaultValue !== undefined);
  if (withDefaults.length === 0) return new Map();
  const defaults = withDefaults.map(({ name, type, defaultValue }) => {
    return { name, type, value: defaultValue, path: ['variable', name, 'default'] };
  });
  const encoded = encodeVariables(model, codecs, defaults);
  const printer = new ValuePrinter(model, problems);
  const texts = new Map<string, string>();
  for (const { name, type, path } of defaults) {
    const sent = asSent(encoded[name], path, problems);
    if (sent !== undefined) texts.set(name, printer.value(sent, type, path));
  }
  return texts;
}

/** What it would be in JSON, and nothing else: codecs and programs may give whatever writes itself. */
function asSent(value: unknown, path: Path, problems: Problems): unknown {
  try {
    const text: string | undefined = JSON.stringify(value, refuseFiles);
    if (text !== undefined) return JSON.parse(text);
    problems.add(path, 'A document cannot hold it: nothing of it can be written.');
  } catch (cause) {
    problems.add(path, `A document cannot hold it: ${reasonOf(cause)}`);
  }
  return undefined;
}

function refuseFiles(this: Readonly<Record<string, unknown>>, name: string, written: unknown): unknown {
  // What it was before it wrote itself: a Buffer would.
  const given = this[name];
  if (typeof given === 'object' && given !== null && isFile(given)) throw new TypeError('a file is in it.');
  return written;
}

class ValuePrinter {
  readonly #model: SchemaModel;
  readonly #problems: Problems;

  constructor(model: SchemaModel, problems: Problems) {
    this.#model = model;
    this.#problems = problems;
  }

  /** Of JSON that was encoded for this type. */
  value(value: unknown, type: TypeRef, path: Path): string {
    if (value === null) return 'null';
    if (type.list) return list(value as readonly unknown[], path, (item, at) => this.value(item, type.of, at));
    const named = this.#model.types.get(type.name);
    if (named?.kind === 'enum') return String(value);
    if (named?.kind !== 'input') return this.#anything(value, path);
    return members(value as object, path, (name, member, at) => {
      const field = named.fields.get(name);
      return field === undefined ? '' : this.value(member, field.type, at);
    });
  }

  /** Of what no type tells more about: a custom scalar may be of any form. */
  #anything(value: unknown, path: Path): string {
    if (typeof value === 'string') return this.#text(value, path);
    if (typeof value !== 'object' || value === null) return String(value);
    if (Array.isArray(value)) return list(value, path, (item, at) => this.#anything(item, at));
    return members(value, path, (name, member, at) => {
      if (!isName(name)) this.#problems.add(at, `A document cannot hold it: "${name}" is no GraphQL name.`);
      return this.#anything(member, at);
    });
  }

  #text(value: string, path: Path): string {
    if (/\p{Cs}/u.test(value))
      this.#problems.add(path, 'A document cannot hold it: it is a text with half of a character.');
    // JSON's texts are GraphQL's too, and nothing in them can end them.
    return JSON.stringify(value);
  }
}

function list(values: readonly unknown[], path: Path, print: (value: unknown, path: Path) => string): string {
  return `[${values.map((value, index) => print(value, [...path, index])).join(', ')}]`;
}

function members(holder: object, path: Path, print: (name: string, value: unknown, path: Path) => string): string {
  const texts = Object.entries(holder).map(([name, value]) => `${name}: ${print(name, value, [...path, name])}`);
  return texts.length === 0 ? '{}' : `{ ${texts.join(', ')} }`;
}
