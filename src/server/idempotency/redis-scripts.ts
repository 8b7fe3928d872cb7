// What is done to one idempotency key in Redis, in one step each: scripts, because every step depends on what is there. Redis
// 5 or newer. The clock is Redis' own, so that servers whose clocks differ agree on when a run is given up.
//
// A key is a hash: `fingerprint`, `token` of the run, `lease` (until when its runner is believed to live), then `answer`.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';

/** Milliseconds of Redis' clock, as a function of the scripts below. */
const clock = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end`;

/**
 * Takes the key where nobody has it (`run`), else says what became of it. Arguments: fingerprint, token, lease, how long it is
 * kept. An empty token only looks.
 */
export const beginScript: string = `${clock}
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'answer', 'lease')
if not known[1] then
  if ARGV[2] ~= '' then
    redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'token', ARGV[2], 'lease', now() + ARGV[3])
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
  end
  return {'run'}
end
if known[1] ~= ARGV[1] then return {'mismatch'} end
if known[2] then return {'replay', known[2]} end
if now() < tonumber(known[3]) then return {'wait'} end
return {'unknown'}`;

/** What the script above answers. */
export type Found =
  | { readonly type: 'run' }
  | { readonly type: 'wait' }
  | { readonly type: 'replay'; readonly answer: string }
  | { readonly type: 'mismatch' }
  | { readonly type: 'unknown' };

/** @throws HoldfastError for what the script does not answer. */
export function readFound(reply: unknown): Found {
  const [type, answer] = Array.isArray(reply) ? reply.map(String) : [];
  if (type === 'replay' && answer !== undefined) return { type, answer };
  if (type === 'run' || type === 'wait' || type === 'mismatch' || type === 'unknown') return { type };
  throw new HoldfastError(
    'Redis answered a script of redisIdempotency with something else. The client must answer scripts with lists of texts: ' +
      'use one that `createClient` of the package redis made, without a type mapping.',
    { code: 'redis-reply-unknown', phase: 'operation' },
  );
}

/**
 * Says that the run lives: a key that Redis has lost is put back, one that would expire is kept. Arguments as above. 0 where the
 * key is somebody else's.
 */
export const renewScript: string = `${clock}
local held = redis.call('HMGET', KEYS[1], 'token', 'answer')
if held[2] or (held[1] and held[1] ~= ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'token', ARGV[2], 'lease', now() + ARGV[3])
local lease, kept = tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('PTTL', KEYS[1]) < lease then redis.call('PEXPIRE', KEYS[1], math.max(lease, kept)) end
return 1`;

/** Keeps the answer. Arguments: fingerprint, token, answer, how long it is kept. 0 where the key is somebody else's. */
export const recordScript: string = `
local token = redis.call('HGET', KEYS[1], 'token')
if token and token ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'token', ARGV[2], 'answer', ARGV[3])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
return 1`;

/** Frees the key. Arguments: fingerprint, token. */
export const abandonScript: string = `
if redis.call('HGET', KEYS[1], 'token') == ARGV[2] then redis.call('DEL', KEYS[1]) end
return 1`;

/** The name of everything that is kept there: the first one that somebody gave it. Argument: a name. */
export const nameScript: string = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`;
