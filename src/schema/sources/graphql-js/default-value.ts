// Default values out of a GraphQLSchema as GraphQL text, whichever way graphql-js 16 or 17 keeps them: as the program's own
// value, as a value that travels, or as a syntax tree. GraphQL specification, September 2025, section 2.10.

import { isName } from '../../selection/names.js';
import type { InputLike, TypeLike } from './like.js';

/** Undefined: it has none. */
export function defaultValueOf({ type, default: given, defaultValue }: InputLike): string | undefined {
  if (given?.literal !== undefined) return printLiteral(given.literal);
  if (given !== undefined) return printValue(given.value, type, nameOfEnum);
  return defaultValue === undefined ? undefined : printValue(defaultValue, type, ownValueOfLeaf);
}

/** What a leaf's value is as it travels. */
type Leaf = (value: unknown, type: TypeLike) => unknown;

/** An enum's value as text; `printValue` tells it from a string by this. */
class EnumName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const nameOfEnum: Leaf = (value, type) => (type.getValues === undefined ? value : new EnumName(String(value)));

const ownValueOfLeaf: Leaf = (value, type) => {
  if (type.getValues === undefined) return type.serialize?.(value) ?? value;
  return new EnumName(type.getValues().find((one) => one.value === value)?.name ?? String(value));
};

function printValue(value: unknown, type: TypeLike, leaf: Leaf): string {
  if (value === null || value === undefined) return 'null';
  const { ofType } = type;
  if (ofType !== undefined) {
    const isList = type[Symbol.toStringTag] === 'GraphQLList';
    return isList && isIterable(value)
      ? `[${Array.from(value, (item) => printValue(item, ofType, leaf)).join(', ')}]`
      : printValue(value, ofType, leaf);
  }
  if (type.getFields === undefined) return printPlain(leaf(value, type));
  const given = Object(value) as Readonly<Record<string, unknown>>;
  const fields = Object.values(type.getFields()).filter(({ name }) => given[name] !== undefined);
  return printFields(fields.map(({ name, type: of }) => [name, printValue(given[name], of, leaf)]));
}

/** A value that no type tells more about: of a custom scalar, perhaps a whole object. */
function printPlain(value: unknown): string {
  if (value instanceof EnumName) return value.name;
  if (typeof value === 'string') return JSON.stringify(value);
  if (isIterable(value)) return `[${Array.from(value, printPlain).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  const entries = Object.entries(value).filter(([name, of]) => isName(name) && of !== undefined);
  return printFields(entries.map(([name, of]) => [name, printPlain(of)]));
}

/** A syntax tree of a constant value. */
export function printLiteral(node: unknown): string {
  const { kind, value, values, fields } = Object(node) as LiteralLike;
  if (kind === 'NullValue') return 'null';
  if (kind === 'StringValue') return JSON.stringify(value);
  if (kind === 'ListValue') return `[${(values ?? []).map(printLiteral).join(', ')}]`;
  if (kind !== 'ObjectValue') return String(value);
  return printFields((fields ?? []).map((field) => [field.name.value, printLiteral(field.value)]));
}

interface LiteralLike {
  readonly kind: string;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
  readonly fields?: readonly { readonly name: { readonly value: string }; readonly value: unknown }[];
}

function printFields(fields: readonly (readonly [name: string, text: string])[]): string {
  return fields.length === 0 ? '{}' : `{ ${fields.map(([name, text]) => `${name}: ${text}`).join(', ')} }`;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
