// A selection taken apart into the fields that it selects of one type, whatever form it has: names, lists, objects,
// fragments, values of `fields` and `fragment`. Only for what is no single object without fragments.

import type { Fields } from '../selection/fields.js';
import type { Fragment } from '../selection/fragment.js';
import type { Difference, DifferenceEntries } from './difference.js';
import type { Certainty, DefaultSelection, LeafSelection, Leaves, Presence } from './result.js';
import type { PossibleNames, SchemaTypes, TypeNamed } from './schema-types.js';
import type { Path } from './selection.js';

/** One field of a selection. */
export interface Entry<
  Key extends PropertyKey = PropertyKey,
  Of = unknown,
  Certain extends boolean = boolean,
  In = unknown,
> {
  /** The name of the field, with its alias before it if it has one: `headline: title`. */
  readonly key: Key;
  /** What is selected of it. */
  readonly of: Of;
  /** Whether it is in every answer. */
  readonly certain: Certain;
  /** The type that it is selected of; in a fragment that of the fragment. */
  readonly in: In;
}

/** Stands for a selection of which nothing need be in the answer. */
export interface Maybe<S> {
  readonly $perhaps: S;
}

/** Stands for a selection of everything that the members of a union select. */
export interface All<S> {
  readonly $all: S;
}

/** The name of a field in the answer. */
export type ResponseName<Key extends PropertyKey> = Key extends `${infer Alias}: ${string}` ? Alias : Key;

/** The name of a field in the schema. */
export type FieldName<Key> = Key extends `${string}: ${infer Name}` ? Name : Key;

/**
 * What is selected of values whose type is one of `Names`. A union is one of its members, nobody knows which.
 *
 * @typeParam T The type that the selection is written for.
 */
export type Entries<Types extends SchemaTypes, T, Names, S, Union = S> = [Path] extends [S]
  ? AnyEntries<T>
  : S extends unknown
    ? [Union] extends [S]
      ? EntriesOf<Types, T, Names, S>
      : Uncertain<EntriesOf<Types, T, Names, S>>
    : never;

/** Of a selection of which nothing is known. */
type AnyEntries<T> = { readonly [K in keyof T]-?: Entry<K, unknown, false, T> }[keyof T];

type EntriesOf<Types extends SchemaTypes, T, Names, S> = S extends string
  ? PathEntry<T, S>
  : S extends true
    ? EntriesOf<Types, T, Names, DefaultSelection<Types, T>>
    : S extends readonly unknown[]
      ? ListEntries<Types, T, Names, S>
      : S extends All<infer Parts>
        ? EntriesOf<Types, T, Names, Parts>
        : S extends Leaves
          ? EntriesOf<Types, T, Names, LeafSelection<Types, T>>
          : S extends Difference<infer One, infer Other>
            ? DifferenceEntries<Types, T, Names, One, Other>
            : S extends Fields<infer Parts>
              ? Entries<Types, T, Names, Parts>
              : S extends Fragment<infer Part, infer On>
                ? EntriesOn<Types, Names, On, Part>
                : S extends Maybe<infer Part>
                  ? Uncertain<Entries<Types, T, Names, Part>>
                  : S extends object
                    ?
                        | OwnEntries<T, S>
                        | (S extends { readonly $on: infer On } ? ConditionEntries<Types, Names, On> : never)
                        | (S extends { readonly $spread: infer L } ? SpreadEntries<Types, T, Names, L> : never)
                    : never;

/** Of a list whose length nobody knows, its first members may be there; of the others none need be. */
type ListEntries<Types extends SchemaTypes, T, Names, L extends readonly unknown[]> = number extends L['length']
  ? L extends readonly [infer First, ...infer Rest]
    ? Entries<Types, T, Names, First> | ListEntries<Types, T, Names, Rest>
    : Path extends L[number]
      ? AnyEntries<T>
      : Uncertain<Entries<Types, T, Names, L[number]>>
  : { [Index in keyof L]: Entries<Types, T, Names, L[Index]> }[number];

type PathEntry<T, S extends string> = S extends `${infer Head}.${infer Rest}`
  ? Entry<Head, Rest, true, T>
  : Entry<S, true, true, T>;

type OwnEntries<T, S> = {
  [K in keyof S]-?: K extends `$${string}`
    ? never
    : [Certainty<S[K]>] extends [never]
      ? never
      : Entry<K, Exclude<S[K], false | undefined>, Certainty<S[K]>, T>;
}[keyof S];

type ConditionEntries<Types extends SchemaTypes, Names, On, Union = On> = On extends object
  ? Surely<Union, On, { [Name in keyof On]-?: EntriesOn<Types, Names, Name, Directed<On[Name]>> }[keyof On]>
  : never;

type SpreadEntries<Types extends SchemaTypes, T, Names, L, Union = L> = L extends readonly unknown[]
  ? Surely<Union, L, ListEntries<Types, T, Names, { readonly [Index in keyof L]: Directed<L[Index]> }>>
  : never;

/** Of one member of a union. */
type Surely<Union, Member, E> = [Union] extends [Member] ? E : Uncertain<E>;

type EntriesOn<Types extends SchemaTypes, Names, On, S> = [Names] extends [PossibleNames<Types, On>]
  ? Entries<Types, TypeNamed<Types, On>, Names, S>
  : never;

/** What an entry of `$on` or `$spread` selects, with the directives of its fragment. */
type Directed<S> = S extends unknown
  ? '$directives' extends keyof S
    ? 'perhaps' extends Presence<S>
      ? Maybe<FragmentSelection<S>>
      : FragmentSelection<S>
    : S
  : never;

type FragmentSelection<S> = keyof S extends '$directives' ? true : S;

/** The same, and none of them need be in the answer. */
export type Uncertain<E> =
  E extends Entry<infer Key extends PropertyKey, infer Of, boolean, infer In> ? Entry<Key, Of, false, In> : never;

/** The possible types among `Names` that fragments tell apart from the others. */
export type Mentioned<Types extends SchemaTypes, Names, S> = S extends string | boolean | undefined
  ? never
  : S extends readonly (infer E)[]
    ? Path extends E
      ? never
      : Mentioned<Types, Names, E>
    : S extends Fields<infer Parts>
      ? Mentioned<Types, Names, Parts>
      : S extends All<infer Parts>
        ? Mentioned<Types, Names, Parts>
        : S extends Difference<infer One, unknown>
          ? Mentioned<Types, Names, One>
          : S extends Fragment<infer Part, infer On>
            ? MentionedOn<Types, Names, On, Part>
            : S extends Maybe<infer Part>
              ? Mentioned<Types, Names, Part>
              :
                  | (S extends { readonly $on: infer On }
                      ? { [Name in keyof On]-?: MentionedOn<Types, Names, Name, On[Name]> }[keyof On]
                      : never)
                  | (S extends { readonly $spread: readonly (infer Part)[] } ? Mentioned<Types, Names, Part> : never);

type MentionedOn<Types extends SchemaTypes, Names, On, S> =
  | ([Names] extends [PossibleNames<Types, On>] ? never : Names & PossibleNames<Types, On>)
  | Mentioned<Types, Names & PossibleNames<Types, On>, S>;
