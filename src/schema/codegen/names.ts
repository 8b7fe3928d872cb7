// What the types of a schema are called in TypeScript: as in GraphQL, except for names that a type cannot have there.

import type { SchemaModel } from '../model/model.js';

/** Words of the language, and names of its own types, operators on types and globals that no declaration may take. */
const taken: ReadonlySet<string> = new Set(
  `any unknown never number bigint boolean string symbol void object undefined globalThis
  break case catch class const continue debugger default delete do else enum export extends false finally for function if
  import in instanceof new null return super switch this throw true try typeof var while with
  implements interface let package private protected public static yield await
  keyof readonly unique infer asserts is abstract intrinsic type declare module namespace async out accessor satisfies as`.split(
    /\s+/,
  ),
);

export type TypeNames = (name: string) => string;

/** An underscore behind, where the name is taken, and one more for each type of the schema that is called so already. */
export function typeNames(model: SchemaModel): TypeNames {
  const renamed = new Map<string, string>();
  for (const name of taken) {
    if (!model.types.has(name)) continue;
    let free = `${name}_`;
    while (model.types.has(free)) free += '_';
    renamed.set(name, free);
  }
  return (name) => renamed.get(name) ?? name;
}

/** A text as TypeScript writes it. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside}'`;
}

/** `'A' | 'B'`, and `never` for none. */
export function union(names: readonly string[]): string {
  return names.length === 0 ? 'never' : names.map((name) => `'${name}'`).join(' | ');
}
