// What the types of selections, arguments and results are computed from: the `$Types` of a generated module, and the
// questions that are asked of it. Each is answered for one type and one field; nothing walks through a schema.

import type { abstract } from './marks.js';

/** What every `$Types` is. */
export interface SchemaTypes {
  readonly query: Composite;
  /** Undefined: the schema has none. */
  readonly mutation: Composite | undefined;
  readonly subscription: Composite | undefined;
  readonly scalars: object;
  readonly types: object;
  readonly args: object;
  readonly defaults: object;
  readonly directives: object;
}

/** A type with fields. */
export interface Composite {
  readonly __typename: string;
}

/** The value of a field that has fields itself, in any lists. Whatever is not one of these is a leaf, lists of leaves among them. */
export type Compound = Composite | null | readonly Compound[];

/** The type inside of all lists. */
export type Inner<V> = NonNullable<V> extends readonly (infer E)[] ? Inner<E> : NonNullable<V>;

/** The name that GraphQL knows a type by. */
export type NameOf<T> = typeof abstract extends keyof T
  ? NonNullable<T[typeof abstract]>
  : T extends Composite
    ? T['__typename']
    : never;

/** The type with fields of that name; `never` where there is none. */
export type TypeNamed<Types extends SchemaTypes, Name> = Name extends keyof Types['types']
  ? Types['types'][Name]
  : never;

/** The names of the object types that a value of the named type can be of. */
export type PossibleNames<Types extends SchemaTypes, Name> =
  TypeNamed<Types, Name> extends { readonly __typename: infer Names } ? Names : never;

/** The names of all interfaces and unions. */
export type AbstractNames<Types extends SchemaTypes> = {
  [Name in keyof Types['types']]: typeof abstract extends keyof Types['types'][Name] ? Name : never;
}[keyof Types['types']];

/** Where a field takes no arguments. */
export interface NoArgs {
  readonly [argument: string]: never;
}

/** The arguments of a field of a type. */
export type ArgsOf<Types extends SchemaTypes, T, Field> =
  NameOf<T> extends infer Name extends keyof Types['args']
    ? Field extends keyof Types['args'][Name]
      ? Types['args'][Name][Field]
      : NoArgs
    : NoArgs;

/** Directives and their arguments, as they stand under `$directives`: `true` where there are no arguments to give. */
export type DirectiveUses<Types extends SchemaTypes> = Uses<
  Types['directives'] & Omit<Incremental, keyof Types['directives']>
>;

type Uses<Directives> = {
  readonly [Name in keyof Directives]?:
    | Directives[Name]
    | (Record<never, never> extends Directives[Name] ? true : never)
    | false
    | undefined;
};

/** Known whatever the schema says: servers with incremental delivery do not always declare them. */
interface Incremental {
  /** Answers with the fragment later. */
  readonly defer: { readonly if?: boolean | undefined; readonly label?: string | null | undefined };
  /** Answers with the entries of the list one after the other, the first ones at once. */
  readonly stream: {
    readonly if?: boolean | undefined;
    readonly label?: string | null | undefined;
    readonly initialCount?: number | undefined;
  };
}
