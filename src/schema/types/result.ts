// The type of what a selection selects, exactly. The common forms come first and cost the compiler least: objects of names,
// then objects with aliases, arguments and directives. Everything else is taken apart into entries (entries.ts).

import type { All, Entries, Entry, FieldName, Maybe, Mentioned, ResponseName } from './entries.js';
import type { Composite, Compound, NameOf, SchemaTypes, TypeNamed } from './schema-types.js';
import type { Path } from './selection.js';

/**
 * The value of a field: what is selected of it, in its lists, or null where it can be.
 *
 * @typeParam V The type that the generated module gives the field.
 * @typeParam S What is selected of it. A leaf is as it is, whatever is said.
 */
export type Value<Types extends SchemaTypes, V, S> = [V] extends [Compound]
  ? null extends V
    ? Listed<Types, NonNullable<V>, S> | null
    : Listed<Types, V, S>
  : V;

type Listed<Types extends SchemaTypes, V, S> = V extends readonly (infer E)[]
  ? readonly Value<Types, E, S>[]
  : V extends Composite
    ? Selected<Types, V, S>
    : never;

/**
 * What is selected of an object. A union of selections is one of them: nobody knows which. Of a value that is known to be some
 * selection, anything may be selected.
 */
export type Selected<Types extends SchemaTypes, T extends Composite, S> = [Path] extends [S]
  ? unknown extends S
    ? unknown
    : Anything<Types, TypeNamed<Types, T['__typename']>>
  : OfOne<Types, T, S>;

/** For each possible type everything that it has. */
type Anything<Types extends SchemaTypes, T> = { readonly [K in keyof T]?: Value<Types, T[K], Path> };

type OfOne<Types extends SchemaTypes, T extends Composite, S> = S extends true | undefined
  ? ByDefault<Types, T>
  : S extends Leaves
    ? LeavesOf<Types, T>
    : S extends Plain
      ? { readonly [K in keyof S as Exclude<K, Special>]: K extends keyof T ? Value<Types, T[K], S[K]> : Unknown<K> }
      : S extends Keyed
        ? keyof S extends '$args' | '$directives'
          ? ByDefault<Types, T>
          : OfKeys<Types, T, S>
        : OfEntries<Types, T, S>;

/** Of a key that only the running program knows. */
type Unknown<K> = string extends K ? unknown : never;

/** Names of fields and what is selected of them; no aliases, arguments, directives or fragments. */
interface Plain {
  readonly [name: string]: Certain;
  readonly [special: `$${string}`]: never;
  readonly [alias: `${string}:${string}`]: never;
}

/** Under these an object has nothing where another of its union has something: `$directives?: undefined`. */
type Special = '$args' | '$directives' | '$on' | '$spread';

type Certain = true | string | readonly unknown[] | CertainObject;

/** Without directives, which may leave a field out. */
interface CertainObject {
  readonly [key: string]: unknown;
  readonly $directives?: undefined;
}

/** One object without fragments: each key is a field. */
interface Keyed {
  readonly [key: string]: unknown;
  readonly $on?: undefined;
  readonly $spread?: undefined;
}

type OfKeys<Types extends SchemaTypes, T, S> = S extends { readonly [key: string]: Certain }
  ? { readonly [K in keyof S as KeyName<K>]: KeyValue<Types, T, K, S[K]> }
  : { readonly [K in keyof S as CertainName<K, S[K]>]: KeyValue<Types, T, K, S[K]> } & {
        readonly [K in keyof S as UncertainName<K, S[K]>]?: KeyValue<Types, T, K, Exclude<S[K], false | undefined>>;
      } extends infer Both
    ? { [K in keyof Both]: Both[K] }
    : never;

type KeyName<K extends PropertyKey> = K extends `$${string}` ? never : ResponseName<K>;

type KeyValue<Types extends SchemaTypes, T, K, S> = K extends keyof T
  ? Value<Types, T[K], S>
  : FieldName<K> extends infer Field extends keyof T
    ? Value<Types, T[Field], S>
    : Unknown<K>;

type CertainName<K extends PropertyKey, S> = true extends Certainty<S> ? KeyName<K> : never;
type UncertainName<K extends PropertyKey, S> = false extends Certainty<S> ? KeyName<K> : never;

/** True: it is in every answer. Never: in none. */
export type Certainty<S> = [S] extends [false | undefined]
  ? never
  : false extends S
    ? false
    : undefined extends S
      ? false
      : 'perhaps' extends Presence<S>
        ? false
        : true;

/**
 * Whether directives leave out what they stand on: `surely` there, or `perhaps`; of a union both, where only some members may be
 * left out. Each member is asked alone: of a type parameter whose constraint has no directives the compiler knows it then.
 */
export type Presence<S> = S extends unknown
  ? string extends keyof S
    ? 'surely'
    : '$directives' extends keyof S
      ? PresenceUnder<S['$directives']>
      : 'surely'
  : never;

type PresenceUnder<D> = D extends unknown
  ? [keyof D & ('include' | 'skip' | 'defer')] extends [never]
    ? 'surely'
    : 'perhaps'
  : never;

type OfEntries<Types extends SchemaTypes, T extends Composite, S> = OfPossible<
  Types,
  T,
  Filled<S>,
  Mentioned<Types, T['__typename'], S>
>;

/** A selection must not be empty: a list of one name has it, however long it is. */
type Filled<S> = S extends readonly (infer Member)[]
  ? number extends S['length']
    ? IsUnion<Member> extends true
      ? S
      : readonly [Member]
    : S
  : S;

/** One member for each possible type that a fragment mentions, and one for all others. */
type OfPossible<Types extends SchemaTypes, T extends Composite, S, Split> = [Split] extends [never]
  ? OfObject<Types, T, Entries<Types, T, T['__typename'], S>>
  :
      | (Split extends string
          ? OfObject<Types, Narrowed<TypeNamed<Types, Split>, Split>, Entries<Types, T, Split, S>>
          : never)
      | ([Exclude<T['__typename'], Split>] extends [never]
          ? never
          : OfObject<
              Types,
              Narrowed<T, Exclude<T['__typename'], Split>>,
              Entries<Types, T, Exclude<T['__typename'], Split>, S>
            >);

type Narrowed<T, Name> = Omit<T, '__typename'> & { readonly __typename: Name };

type OfObject<Types extends SchemaTypes, T, Given> = [Given] extends [infer E extends Entry]
  ? {
      readonly [One in E as ResponseName<One['key']> & CertainNames<E>]: EntryValue<Types, T, One>;
    } & {
      readonly [One in E as Exclude<ResponseName<One['key']>, CertainNames<E>>]?: EntryValue<Types, T, One>;
    } extends infer Both
    ? { [K in keyof Both]: Both[K] }
    : never
  : never;

type CertainNames<E extends Entry> = E extends { readonly certain: true } ? ResponseName<E['key']> : never;

/** A possible type need not have what a fragment selects of all of them: then the type of the fragment has it. */
type EntryValue<Types extends SchemaTypes, T, E extends Entry> =
  FieldName<E['key']> extends infer Field
    ? Field extends keyof T
      ? Value<Types, T[Field], SelectionIn<E>>
      : Field extends keyof E['in']
        ? Value<Types, E['in'][Field], SelectionIn<E>>
        : never
    : never;

/** What one or several entries select of the same field. */
type SelectionIn<E extends Entry> = IsUnion<E> extends true ? All<PartIn<E>> : E['of'];

type PartIn<E extends Entry> = E extends { readonly certain: true }
  ? IsUnion<E['of']> extends true
    ? Maybe<E['of']>
    : E['of']
  : Maybe<E['of']>;

type IsUnion<S, Union = S> = S extends unknown ? ([Union] extends [S] ? false : true) : never;

/** Stands for a selection: the leaves that a default selection takes of a type. */
export interface Leaves {
  readonly $leaves: true;
}

type DefaultsOf<Types extends SchemaTypes, T> =
  NameOf<T> extends infer Name extends keyof Types['defaults'] ? Types['defaults'][Name] : never;

type ByDefault<Types extends SchemaTypes, T extends Composite> =
  DefaultsOf<Types, T> extends { readonly leaves: infer L; readonly objects: infer O }
    ? { readonly [K in (L | O) & keyof T]: Value<Types, T[K], Leaves> }
    : LeavesOf<Types, T>;

type LeavesOf<Types extends SchemaTypes, T extends Composite> =
  DefaultsOf<Types, T> extends { readonly leaves: infer L; readonly on?: infer On }
    ? unknown extends On
      ? { readonly [K in L & keyof T]: T[K] }
      : OfEntries<Types, T, All<LeafSelection<Types, T>>>
    : never;

/** The default selection of a type, as a program would write it. */
export type DefaultSelection<Types extends SchemaTypes, T> =
  | LeafSelection<Types, T>
  | { readonly [K in MemberOf<DefaultsOf<Types, T>, 'objects'> & PropertyKey]: Leaves };

/** The leaves of it. */
export type LeafSelection<Types extends SchemaTypes, T> =
  | MemberOf<DefaultsOf<Types, T>, 'leaves'>
  | { readonly $on: LeavesByName<MemberOf<DefaultsOf<Types, T>, 'on'>> };

type LeavesByName<On> = { readonly [Name in keyof On]: All<On[Name]> };

type MemberOf<D, Name extends string> = D extends { readonly [key in Name]: infer Member } ? Member : never;
