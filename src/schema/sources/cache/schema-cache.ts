// What keeps introspection between runs of a program: the contract, and what an entry is.

import type { Introspection } from '../introspection/write.js';

/** What a server answered, when, and a hash that shows damage. */
export interface SchemaCacheEntry {
  readonly introspection: Introspection;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** SHA-256 of the introspection as JSON, in hexadecimal. An entry that does not fit its hash is not used. */
  readonly hash: string;
}

/**
 * Keeps what servers answered. `memoryCache` and `fileCache` are two; anything that can keep JSON under a name is another.
 *
 * A cache that rejects or throws is reported, and done without. What it gives is checked: a damaged entry counts as none.
 */
export interface SchemaCache {
  /** How old an entry may be before it is refreshed, ms. An older one is used all the same, until the new one is there. */
  readonly maxAgeMs: number;
  /** Undefined: there is none. `key` is the server's address, or the `cacheKey` that was given. */
  get(key: string): SchemaCacheEntry | undefined | Promise<SchemaCacheEntry | undefined>;
  set(key: string, entry: SchemaCacheEntry): void | Promise<void>;
}

/** Default of both caches: schemas change with releases, and an hour is soon enough to notice. */
export const defaultMaxAgeMs: number = 60 * 60 * 1_000;
