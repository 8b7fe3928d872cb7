// A cache of schemas that lives as long as the program.

import { checkNumberOption, refuseUnknownOptions } from '../../../protocol/options.js';
import { defaultMaxAgeMs, type SchemaCache, type SchemaCacheEntry } from './schema-cache.js';

export interface MemoryCacheOptions {
  /** How old a schema may be before it is refreshed behind its use, ms. Default: an hour. `Infinity`: never. */
  readonly maxAgeMs?: number | undefined;
}

/** The oldest goes when one more comes: a program talks to few servers. */
const mostEntries = 100;

/**
 * Shares schemas among the loads of one program: however many sessions it opens, each server is asked once.
 *
 * @throws OptionError
 */
export function memoryCache(options: MemoryCacheOptions = {}): SchemaCache {
  refuseUnknownOptions('the options of memoryCache()', options, ['maxAgeMs']);
  checkNumberOption('maxAgeMs', options.maxAgeMs, 0);
  const entries = new Map<string, SchemaCacheEntry>();
  return {
    maxAgeMs: options.maxAgeMs ?? defaultMaxAgeMs,
    get: (key) => entries.get(key),
    set(key, entry) {
      entries.delete(key);
      entries.set(key, entry);
      const [oldest] = entries.keys();
      if (entries.size > mostEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}
