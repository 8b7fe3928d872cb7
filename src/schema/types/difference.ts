// What `difference` leaves of a selection: entries of the one that the other does not name, or of which it names a part.

import type { HeldSelection } from '../selection/nodes.js';
import type { All, Entries, Entry, Maybe, ResponseName, Uncertain } from './entries.js';
import type { SchemaTypes } from './schema-types.js';

/** Stands for a selection: what is in `One` and not in `Other`. */
export interface Difference<One, Other> extends HeldSelection {
  readonly one: One;
  readonly other: Other;
}

export type DifferenceEntries<Types extends SchemaTypes, T, Names, One, Other> = Left<
  Types,
  Entries<Types, T, Names, One>,
  Entries<Types, T, Names, Other>
>;

type Left<Types extends SchemaTypes, E, Others> = E extends Entry ? LeftOf<Types, E, TakenOf<E, Others>> : never;

/** What the others select of the same field. */
type TakenOf<E extends Entry, Others> =
  Others extends Entry<infer Key extends PropertyKey, infer Of, infer Certain>
    ? ResponseName<E['key']> extends ResponseName<Key>
      ? Certain extends true
        ? Of
        : Maybe<Of>
      : never
    : never;

type LeftOf<Types extends SchemaTypes, E extends Entry, Taken> = [Taken] extends [never]
  ? E
  : true extends Taken
    ? never
    : Maybe<true> extends Taken
      ? Uncertain<E>
      : PartOf<Types, E, All<Taken>>;

/** A field of which nothing is left is left out itself. */
type PartOf<Types extends SchemaTypes, E extends Entry, Taken> =
  E extends Entry<infer Key extends PropertyKey, infer Of, infer Certain, infer In>
    ? DifferenceEntries<Types, unknown, string, Of, Taken> extends infer Inner
      ? [Inner] extends [never]
        ? never
        : Entry<Key, Difference<Of, Taken>, true extends CertaintyOf<Inner> ? Certain : false, In>
      : never
    : never;

type CertaintyOf<E> = E extends Entry ? E['certain'] : never;
