// What may be selected of a type, for completion: names, lists, objects with arguments, directives and fragments. What no type
// can say so, that there is nothing else, checked.ts adds.

import type { HeldSelection } from '../selection/nodes.js';
import type {
  AbstractNames,
  ArgsOf,
  Composite,
  Compound,
  DirectiveUses,
  Inner,
  NameOf,
  PossibleNames,
  SchemaTypes,
  TypeNamed,
} from './schema-types.js';

/** A selection of a type with fields, in any of its forms. */
export type Selection<Types extends SchemaTypes, T> =
  | true
  | FieldNames<Types, T>
  | Path
  | SelectionList<Types, T>
  | ObjectSelection<Types, T>
  | HeldSelection;

/** A selection of the value of a field. */
export type ValueSelection<Types extends SchemaTypes, V> =
  | ([V] extends [Compound] ? Selection<Types, Inner<V>> : true)
  | undefined;

/** Names with dots and aliases: what is in them is checked where they are used. */
export type Path = `${string}.${string}` | `${string}: ${string}`;

type SelectionList<Types extends SchemaTypes, T> = readonly (
  | FieldNames<Types, T>
  | Path
  | SelectionList<Types, T>
  | ObjectSelection<Types, T>
  | HeldSelection
  | false
  | undefined
)[];

/** The fields that can be selected by their name alone. */
export type FieldNames<Types extends SchemaTypes, T> = Exclude<keyof T & string, DemandingNames<Types, NameOf<T>>>;

/** The fields of a type that need an argument. */
export type DemandingNames<Types extends SchemaTypes, Name> = Name extends keyof Types['args']
  ? NamesWithRequired<Types['args'][Name]>
  : never;

type NamesWithRequired<Args> = {
  [Field in keyof Args]: Record<never, never> extends Args[Field] ? never : Field;
}[keyof Args];

export type ObjectSelection<Types extends SchemaTypes, T> = {
  readonly [K in keyof T as K & string]?: FieldSelection<Types, T[K], ArgsOf<Types, T, K>> | Inherited<K>;
} & {
  readonly [K in keyof T & string as `${string}: ${K}`]?: FieldSelection<Types, T[K], ArgsOf<Types, T, K>>;
} & FragmentSelections<Types, T>;

/** What every object has under a name like `constructor`, so that a field of that name can be left out. */
type Inherited<K> = K extends keyof typeof Object.prototype ? (typeof Object.prototype)[K] : never;

/** What may stand under the name of a field. */
export type FieldSelection<Types extends SchemaTypes, V, Args> =
  | boolean
  | undefined
  | (Record<never, never> extends Args ? Unasked<Types, V> : never)
  | ([V] extends [Compound] ? ObjectSelection<Types, Inner<V>> & FieldOptions<Types, Args> : FieldOptions<Types, Args>);

/** Without arguments. */
type Unasked<Types extends SchemaTypes, V> = [V] extends [Compound]
  ? FieldNames<Types, Inner<V>> | Path | SelectionList<Types, Inner<V>> | HeldSelection
  : never;

type FieldOptions<Types extends SchemaTypes, Args> = ArgsOption<Args> & DirectivesOption<Types>;

type ArgsOption<Args> =
  Record<never, never> extends Args ? { readonly $args?: Args | undefined } : { readonly $args: Args };

interface DirectivesOption<Types extends SchemaTypes> {
  /** Directives by name with their arguments; of a repeatable one a list of them. */
  readonly $directives?: DirectiveUses<Types> | undefined;
}

interface FragmentSelections<Types extends SchemaTypes, T> {
  /** What is selected only where the value is of a type, by its name. */
  readonly $on?: Conditions<Types, T> | undefined;
  /** Fragments without a type condition, and named ones. */
  readonly $spread?: readonly (Spread<Types, T> | false | undefined)[] | undefined;
}

type Conditions<Types extends SchemaTypes, T> = T extends Composite
  ? {
      readonly [Name in T['__typename'] | (AbstractNames<Types> & string)]?: Condition<Types, T, Name>;
    }
  : never;

type Condition<Types extends SchemaTypes, T extends Composite, Name> =
  | false
  | undefined
  | ([T['__typename'] & PossibleNames<Types, Name>] extends [never] ? never : Spread<Types, TypeNamed<Types, Name>>);

type Spread<Types extends SchemaTypes, T> =
  | true
  | FieldNames<Types, T>
  | Path
  | SelectionList<Types, T>
  | (ObjectSelection<Types, T> & DirectivesOption<Types>)
  | HeldSelection;
