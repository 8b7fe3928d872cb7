// A reference to a type, as in `[Book!]!`. GraphQL specification, section 2.12.

export type TypeRef = NamedRef | ListRef;

export interface NamedRef {
  readonly list: false;
  readonly name: string;
  readonly nonNull: boolean;
}

export interface ListRef {
  readonly list: true;
  readonly of: TypeRef;
  readonly nonNull: boolean;
}

const known = new Map<string, TypeRef>();

/**
 * The reference that a text stands for; the same object for the same text.
 *
 * @throws SyntaxError for what is no reference.
 */
export function readTypeRef(text: string): TypeRef {
  const found = known.get(text);
  if (found !== undefined) return found;
  const ref = parseTypeRef(text, text);
  known.set(text, ref);
  return ref;
}

/** As GraphQL writes it. */
export function printTypeRef(ref: TypeRef): string {
  return `${ref.list ? `[${printTypeRef(ref.of)}]` : ref.name}${ref.nonNull ? '!' : ''}`;
}

/** The name inside all lists. */
export function namedTypeOf(ref: TypeRef): string {
  return ref.list ? namedTypeOf(ref.of) : ref.name;
}

function parseTypeRef(text: string, whole: string): TypeRef {
  const nonNull = text.endsWith('!');
  const type = nonNull ? text.slice(0, -1) : text;
  if (type.startsWith('[') && type.endsWith(']')) {
    return { list: true, of: parseTypeRef(type.slice(1, -1), whole), nonNull };
  }
  if (!/^[_A-Za-z][_0-9A-Za-z]*$/.test(type)) throw new SyntaxError(`"${whole}" is no reference to a GraphQL type.`);
  return { list: false, name: type, nonNull };
}
