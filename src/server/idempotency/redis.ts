// The options of the store of idempotency keys in Redis: their meaning, bounds and defaults.

import { OptionError } from '../../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../../protocol/options.js';
import { nodeTimers } from '../timers.js';
import { type RedisClient, RedisLink, type RedisSource, type RedisWorld } from './redis-link.js';
import { RedisStore } from './redis-store.js';
import type { IdempotencyStore } from './store.js';
import { resolveWindow } from './window.js';

export interface RedisIdempotencyOptions {
  /** A client that the application has connected and closes itself: what `createClient` of the package redis returns. */
  readonly client?: RedisClient | undefined;
  /** Or the address of a Redis, as in `redis://127.0.0.1:6379/0`; `rediss:` for TLS. Needs the package redis. */
  readonly url?: string | undefined;
  /** How long a key is remembered, ms, from 1 to a year. Default 24 hours. */
  readonly windowMs?: number | undefined;
  /** What the names of all keys in Redis begin with. Default `holdfast:idempotency:`. */
  readonly prefix?: string | undefined;
  /**
   * How long after the last sign of life of its process a run is given up, ms, from 100 to an hour: so long does a client wait
   * that asks again after a crash, until it is told that the outcome is unknown. Redis has to come back within it
   * for a run to be seen through. Default 15,000.
   */
  readonly leaseMs?: number | undefined;
}

export interface RedisIdempotency extends IdempotencyStore {
  /** Ends its own connection to Redis; a client of the application's stays as it is. Runs in progress become unknown. */
  close(): Promise<void>;
}

/**
 * Remembers idempotency keys in Redis (5 or newer), for all servers that share it. What Redis forgets is forgotten: let it
 * keep what it was told (`appendonly yes`) and forget nothing for want of memory (`maxmemory-policy noeviction`; when it is full, new
 * keys are refused). A Redis that was started again, was emptied, or was replaced by its replica counts as another store, so
 * that no client repeats a write on the word of one that may have lost its last keys.
 *
 * It uses the commands EVAL, SET, GET, HSET, HGET, HMGET, DEL, PEXPIRE, PTTL, TIME and INFO. Without the right to INFO
 * keys are honoured, but clients are not told so.
 *
 * @throws OptionError for an unknown, missing or impossible option.
 * @example
 * ```ts
 * const idempotency = redisIdempotency({ url: 'redis://127.0.0.1:6379' });
 * const server = createServer({ schema, idempotency });
 * // When the server has ended:
 * await idempotency.close();
 * ```
 */
export function redisIdempotency(options: RedisIdempotencyOptions): RedisIdempotency {
  return redisIdempotencyIn({ timers: nodeTimers, load: () => import('redis') }, options);
}

/** The same, where tests own the world. */
export function redisIdempotencyIn(world: RedisWorld, options: RedisIdempotencyOptions): RedisIdempotency {
  const known = ['client', 'url', 'windowMs', 'prefix', 'leaseMs'];
  refuseUnknownOptions('the options of redisIdempotency', options, known);
  const { prefix = 'holdfast:idempotency:', leaseMs = 15_000 } = options;
  if (typeof prefix !== 'string') {
    throw new OptionError('prefix', `Option "prefix" must be a text; it is ${describe(prefix)}.`);
  }
  checkNumberOption('leaseMs', leaseMs, 100, 60 * 60 * 1000);
  const { windowMs, keptMs } = resolveWindow(options.windowMs);
  const link = new RedisLink(resolveSource(options), world);
  return new RedisStore(link, world.timers, { windowMs, keptMs, prefix, leaseMs: Math.ceil(leaseMs) });
}

function resolveSource({ client, url }: RedisIdempotencyOptions): RedisSource {
  if ((client === undefined) === (url === undefined)) {
    throw new OptionError('client', 'redisIdempotency needs one of the options "client" and "url".');
  }
  if (client !== undefined) {
    if (typeof client?.sendCommand === 'function') return { client };
    throw new OptionError(
      'client',
      `Option "client" must be what createClient of the package redis returns; it is ${describe(client)}.`,
    );
  }
  if (typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url)) return { url };
  // An address may hold a password and is not repeated.
  throw new OptionError('url', 'Option "url" must be an address such as redis://127.0.0.1:6379.');
}
