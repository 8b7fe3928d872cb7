// Whether a selection names only what there is: the compiler lets objects have more properties than their type says where it
// infers them, and knows nothing of names with dots. What is wrong is given a type that says so.

import type { Fields } from '../selection/fields.js';
import type { Fragment } from '../selection/fragment.js';
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
import type { DemandingNames, Path, Selection } from './selection.js';

/** To intersect with `S`: the same where it selects only what a type has, and otherwise nothing that it could be. */
export type Checked<Types extends SchemaTypes, T, S> = S extends string
  ? CheckedPath<Types, T, S>
  : S extends boolean | undefined
    ? unknown
    : S extends readonly (infer E)[]
      ? Path extends E
        ? unknown
        : { readonly [Index in keyof S]: Checked<Types, T, S[Index]> }
      : S extends Fields<infer Parts>
        ? CheckedHeld<Types, T, Parts>
        : S extends Fragment<infer Part, infer On>
          ? CheckedFragment<Types, T, On, Part>
          : { readonly [K in keyof S]: CheckedKey<Types, T, K, S[K]> };

type CheckedKey<Types extends SchemaTypes, T, K, S> = K extends keyof T
  ? CheckedValue<Types, T, K, S>
  : K extends `${string}: ${infer Field}`
    ? Field extends keyof T
      ? CheckedValue<Types, T, Field, S>
      : NoField<T, Field>
    : K extends '$on'
      ? { readonly [Name in keyof S]: Checked<Types, TypeNamed<Types, Name>, S[Name]> }
      : K extends '$spread' | '$directives' | '$args'
        ? K extends '$spread'
          ? Checked<Types, T, S>
          : unknown
        : NoField<T, K>;

type CheckedValue<Types extends SchemaTypes, T, Field extends keyof T, S> = S extends true | false | undefined
  ? unknown
  : [T[Field]] extends [Compound]
    ? Checked<Types, Inner<T[Field]>, S> & CheckedArgs<ArgsOf<Types, T, Field>, S>
    : CheckedArgs<ArgsOf<Types, T, Field>, S>;

type CheckedArgs<Args, S> = S extends { readonly $args: infer Given }
  ? { readonly $args: NothingElse<Args, Given> }
  : unknown;

/** Each property that the value has beyond those of its type is `never`, however deep. */
type NothingElse<Wanted, Given> = Given extends readonly (infer E)[]
  ? readonly NothingElse<ElementOf<Wanted>, E>[]
  : Given extends object
    ? [Exclude<Wanted, null | undefined>] extends [Given]
      ? unknown
      : { readonly [K in keyof Given]: K extends KeyOf<Wanted> ? NothingElse<MemberOf<Wanted, K>, Given[K]> : never }
    : unknown;

type ElementOf<V> = V extends readonly (infer E)[] ? E : never;
type KeyOf<V> = V extends object ? keyof V : never;
type MemberOf<V, K> = V extends object ? (K extends keyof V ? V[K] : never) : never;

type CheckedPath<Types extends SchemaTypes, T, S extends string> = S extends `${infer Head}.${infer Rest}`
  ? FieldIn<Head> extends infer Field
    ? Field extends DemandingNames<Types, NameOf<T>>
      ? NeedsArguments<T, Field>
      : Field extends keyof T
        ? [T[Field]] extends [Compound]
          ? CheckedPath<Types, Inner<T[Field]>, Rest>
          : `"${Field & string}" has no fields`
        : NoField<T, Field>
    : never
  : FieldIn<S> extends infer Field
    ? Field extends DemandingNames<Types, NameOf<T>>
      ? NeedsArguments<T, Field>
      : Field extends keyof T
        ? unknown
        : NoField<T, Field>
    : never;

type FieldIn<S extends string> = S extends `${string}: ${infer Field}` ? Field : S;

type CheckedHeld<Types extends SchemaTypes, T, Parts> =
  Parts extends Selection<Types, T> ? (Parts extends Checked<Types, T, Parts> ? unknown : Misfit<T>) : Misfit<T>;

type CheckedFragment<Types extends SchemaTypes, T, On, Part> = T extends Composite
  ? [T['__typename'] & PossibleNames<Types, On>] extends [never]
    ? Misfit<T>
    : CheckedHeld<Types, TypeNamed<Types, On>, Part>
  : never;

type NoField<T, Field> = `"${NameOf<T> & string}" has no field "${Field & string}"`;
type NeedsArguments<T, Field> = `"${Field & string}" of "${NameOf<T> & string}" needs arguments`;
type Misfit<T> = `It selects something that "${NameOf<T> & string}" has not`;
