// Whether a selection names only what there is: the compiler lets objects have more properties than their type says where it
// infers them, and knows nothing of names with dots. What is wrong is given a type that says so, at its place.

import type { Fields } from '../selection/fields.js';
import type { Fragment } from '../selection/fragment.js';
import type { HeldSelection } from '../selection/nodes.js';
import type { Variable } from '../selection/variable.js';
import type { Difference } from './difference.js';
import type {
  ArgsOf,
  Composite,
  Compound,
  Inner,
  NameOf,
  PossibleNames,
  SchemaTypes,
  TypeNamed,
} from './schema-types.js';
import type { DemandingNames, FieldNames, Path, Selection } from './selection.js';

/**
 * To intersect with `S`: `unknown` where it selects only what the type has. A member of an object, since the compiler would
 * work out both branches of a conditional type for all selections at once while it does not know `S` yet.
 */
export type Checked<Types extends SchemaTypes, T, S> = {
  readonly right: unknown;
  readonly wrong: Marked<Types, T, S>;
}[[Path] extends [S] ? 'right' : [Problem<Types, T, S>] extends [never] ? 'right' : 'wrong'];

/** What is wrong with a selection, in words; `never`: nothing. */
type Problem<Types extends SchemaTypes, T, S> = S extends boolean | undefined
  ? never
  : S extends string
    ? PathProblem<Types, T, S>
    : S extends readonly (infer E)[]
      ? Path extends E
        ? never
        : Problem<Types, T, E>
      : S extends HeldSelection
        ? HeldProblem<Types, T, S>
        : ObjectProblem<Types, T, S>;

/** A key of objects of which nothing is known yet, and of none that is written. */
type AnyAlias = `${string}: __typename`;

type ObjectProblem<Types extends SchemaTypes, T, S> = AnyAlias extends keyof S
  ? never
  : S extends { readonly [name: string]: boolean }
    ? keyof S extends FieldNames<Types, T>
      ? never
      : NameProblem<Types, T, keyof S>
    : { readonly [K in keyof S]-?: KeyProblem<Types, T, K, S[K]> }[keyof S];

type KeyProblem<Types extends SchemaTypes, T, K, S> = K extends keyof T
  ? ValueProblem<Types, T, K, S>
  : K extends `${string}: ${infer Field}`
    ? Field extends keyof T
      ? ValueProblem<Types, T, Field, S>
      : NoField<T, Field>
    : K extends '$on'
      ? { readonly [Name in keyof S]-?: Problem<Types, TypeNamed<Types, Name>, S[Name]> }[keyof S]
      : K extends '$spread'
        ? Problem<Types, T, S>
        : K extends '$args' | '$directives'
          ? never
          : NoField<T, K>;

type ValueProblem<Types extends SchemaTypes, T, Field extends keyof T, S> = S extends boolean | undefined
  ? S extends true
    ? NameProblem<Types, T, Field>
    : never
  :
      | ([T[Field]] extends [Compound] ? Problem<Types, Inner<T[Field]>, S> : never)
      | (S extends { readonly $args: infer Given }
          ? Given extends NothingElse<ArgsOf<Types, T, Field>, Given>
            ? never
            : 'There is no such argument'
          : never);

type PathProblem<Types extends SchemaTypes, T, S extends string> = S extends `${infer Head}.${infer Rest}`
  ? NameProblem<Types, T, FieldIn<Head>> | PathProblem<Types, Inner<MemberOf<T, FieldIn<Head>>>, Rest>
  : NameProblem<Types, T, FieldIn<S>>;

type NameProblem<Types extends SchemaTypes, T, Field> = [T] extends [Composite]
  ? Field extends keyof T
    ? Field extends DemandingNames<Types, NameOf<T>>
      ? `"${Field & string}" of "${NameOf<T> & string}" needs arguments`
      : never
    : NoField<T, Field>
  : 'It has no fields';

type FieldIn<S extends string> = S extends `${string}: ${infer Field}` ? Field : S;

type HeldProblem<Types extends SchemaTypes, T, S> =
  S extends Fields<infer Parts>
    ? PartsProblem<Types, T, Parts>
    : S extends Difference<infer One, unknown>
      ? PartsProblem<Types, T, One>
      : S extends Fragment<infer Part, infer On>
        ? T extends Composite
          ? [T['__typename'] & PossibleNames<Types, On>] extends [never]
            ? `No "${NameOf<T> & string}" is a "${On & string}"`
            : PartsProblem<Types, TypeNamed<Types, On>, Part>
          : never
        : never;

/** Nothing is known of `unknown` parts before they are used. */
type PartsProblem<Types extends SchemaTypes, T, Parts> = unknown extends Parts
  ? never
  : Parts extends Selection<Types, T>
    ? Problem<Types, T, Parts>
    : `It selects what "${NameOf<T> & string}" has not`;

type NoField<T, Field> = `"${NameOf<T> & string}" has no field "${Field & string}"`;

/** What no value is of: the compiler names it, and what it says, where something is wrong. */
interface Wrong<Message> {
  readonly wrong: Message;
}

/** The same selection with what is wrong in place of what it is wrong about. */
type Marked<Types extends SchemaTypes, T, S> = [Problem<Types, T, S>] extends [never]
  ? unknown
  : S extends string | HeldSelection
    ? Wrong<Problem<Types, T, S>>
    : S extends readonly unknown[]
      ? { readonly [Index in keyof S]: Marked<Types, T, S[Index]> }
      : { readonly [K in keyof S]: MarkedKey<Types, T, K, S[K]> };

type MarkedKey<Types extends SchemaTypes, T, K, S> = [KeyProblem<Types, T, K, S>] extends [never]
  ? unknown
  : K extends '$on'
    ? { readonly [Name in keyof S]: Marked<Types, TypeNamed<Types, Name>, S[Name]> }
    : K extends '$spread'
      ? Marked<Types, T, S>
      : FieldIn<K & string> extends infer Field extends keyof T
        ? S extends true
          ? Wrong<KeyProblem<Types, T, K, S>>
          : MarkedArgs<ArgsOf<Types, T, Field>, S> & MarkedValue<Types, T[Field], S>
        : Wrong<KeyProblem<Types, T, K, S>>;

type MarkedValue<Types extends SchemaTypes, V, S> = [V] extends [Compound] ? Marked<Types, Inner<V>, S> : unknown;

type MarkedArgs<Args, S> = S extends { readonly $args: infer Given }
  ? { readonly $args: NothingElse<Args, Given> }
  : unknown;

/** Each property that a value has beyond those of its type is wrong, however deep. */
type NothingElse<Wanted, Given> = Given extends Simple
  ? unknown
  : Given extends readonly (infer E)[]
    ? readonly NothingElse<ElementOf<Wanted>, E>[]
    : Given extends object
      ? [Exclude<Wanted, null | undefined>] extends [Given]
        ? unknown
        : {
            readonly [K in keyof Given]: K extends KeyOf<Wanted>
              ? NothingElse<MemberOf<Wanted, K>, Given[K]>
              : Wrong<'There is no such argument'>;
          }
      : unknown;

type Simple = string | number | bigint | boolean | null | undefined | Variable;
type ElementOf<V> = V extends readonly (infer E)[] ? E : never;
type KeyOf<V> = V extends object ? keyof V : never;
type MemberOf<V, K> = V extends object ? (K extends keyof V ? V[K] : never) : never;
