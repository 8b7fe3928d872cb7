// The seeded generator: repeatable, in range, and even enough for schedules.
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { seededRandom } from '../../src/testing/seeded-random.js';

const take = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe('seeded random numbers', () => {
  test('the same seed gives the same sequence, another seed another one', () => {
    expect(take(42, 20)).toEqual(take(42, 20));
    expect(take(42, 20)).not.toEqual(take(43, 20));
  });

  test('numbers lie in [0, 1) and fill it evenly', () => {
    const tenths = new Array<number>(10).fill(0);
    for (const number of take(7, 10_000)) {
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
      tenths[Math.floor(number * 10)]! += 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  test('a seed that is no integer is refused', () => {
    expect(() => seededRandom(0.5)).toThrow(OptionError);
    expect(() => seededRandom(Number.NaN)).toThrow(OptionError);
  });
});
