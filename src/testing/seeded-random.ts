// A small seeded random number generator, so that everything random in a test is repeated by repeating its seed.
// The algorithm is mulberry32: 32 bits of state, good enough for schedules and jitter, not for secrets.

import { OptionError } from '../protocol/errors/option-error.js';
import { describe } from '../protocol/options.js';

/**
 * The same sequence of numbers in [0, 1) for the same seed.
 *
 * @param seed Any integer; its lower 32 bits count.
 */
export function seededRandom(seed: number): () => number {
  if (!Number.isInteger(seed)) throw new OptionError('seed', `A seed must be an integer; it is ${describe(seed)}.`);
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
