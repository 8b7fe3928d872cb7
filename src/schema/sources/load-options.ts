// The options of `loadSchema`, and the checks that refuse a wrong one at once.

import type { SessionOptions } from '../../connect.js';
import type { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import { checkHeadersOption, checkNumberOption, describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { SchemaCache } from './cache/schema-cache.js';

export interface LoadSchemaOptions {
  /** What errors call the source. Default: its path, its address, or what kind of value it is. */
  readonly source?: string | undefined;
  /** For an address: sent with each request, as in `{ authorization: 'Bearer ...' }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For an address: further options of the session that asks, and is closed afterwards. Default: none. */
  readonly session?: Omit<SessionOptions, 'transport'> | undefined;
  /** For an address or session: how long connecting, and each of two questions, may take, ms. Default 30,000. */
  readonly deadlineMs?: number | undefined;
  /** For an address or session: ends the wait. What a cache has begun goes on for the others who wait. */
  readonly signal?: AbortSignal | undefined;
  /** For an address or session: keeps what the server answers, `memoryCache()` or `fileCache({ folder })`. Default: none. */
  readonly cache?: SchemaCache | undefined;
  /**
   * What the cache keeps it under. Default: the address; a session has none, and needs this. Servers that show each user
   * another schema need one for each.
   */
  readonly cacheKey?: string | undefined;
  /**
   * Told of what failed behind: refreshing an old schema (a SchemaError), or the cache itself (its code is `schema-cache`).
   * Default: a warning on the console, once for each server and kind.
   */
  readonly onError?: ((error: HoldfastError) => void) | undefined;
  /** What time it is for the cache, ms since the epoch. For tests; default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const known: readonly (keyof LoadSchemaOptions)[] = [
  'source',
  'headers',
  'session',
  'deadlineMs',
  'signal',
  'cache',
  'cacheKey',
  'onError',
  'now',
];

/** @throws OptionError */
export function checkLoadOptions(options: LoadSchemaOptions): void {
  refuseUnknownOptions('the options of loadSchema()', options, known);
  const { headers, session, deadlineMs, cache, cacheKey } = options;
  checkHeadersOption('headers', headers);
  checkNumberOption('deadlineMs', deadlineMs, 1);
  if (headers !== undefined && session?.credentials !== undefined) {
    throw new OptionError('headers', 'Give "headers" or "session.credentials", not both: they are the same thing.');
  }
  if (session !== undefined && 'transport' in session) {
    throw new OptionError(
      'session.transport',
      'The address says how the server is reached. Over another transport, give loadSchema() a session: await connect({ transport }).',
    );
  }
  if (cache !== undefined && (typeof Object(cache).get !== 'function' || typeof Object(cache).set !== 'function')) {
    throw new OptionError('cache', `Option "cache" must be a cache, as in memoryCache(); it is ${describe(cache)}.`);
  }
  for (const name of ['source', 'cacheKey'] as const) checkType(name, options[name], 'string', 'a text');
  for (const name of ['onError', 'now'] as const) checkType(name, options[name], 'function', 'a function');
  if (cacheKey === '') throw new OptionError('cacheKey', 'Option "cacheKey" must not be empty.');
}

function checkType(option: string, value: unknown, type: 'string' | 'function', called: string): void {
  if (value === undefined || typeof value === type) return;
  throw new OptionError(option, `Option "${option}" must be ${called}; it is ${describe(value)}.`);
}
