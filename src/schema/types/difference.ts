// What `difference` leaves of a selection: entries of the one that the other does not name, or of which it names a part.

import type { HeldSelection } from '../selection/nodes.js';
import type { Entries, Entry, ResponseName } from './entries.js';
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

type Left<Types extends SchemaTypes, E, Others> = E extends Entry
  ? [TakenOf<E, Others>] extends [never]
    ? E
    : true extends TakenOf<E, Others>
      ? never
      : LeftOf<Types, E, readonly TakenOf<E, Others>[]>
  : never;

/** What the others select of the same field. */
type TakenOf<E extends Entry, Others> = Others extends Entry
  ? ResponseName<E['key']> extends ResponseName<Others['key']>
    ? Others['of']
    : never
  : never;

/** A field of which nothing is left is left out itself. */
type LeftOf<Types extends SchemaTypes, E extends Entry, Taken> =
  E extends Entry<infer Key, infer Of, infer Certain>
    ? [DifferenceEntries<Types, unknown, string, Of, Taken>] extends [never]
      ? never
      : Entry<Key, Difference<Of, Taken>, Certain>
    : never;
