// All chance in the simulation comes from here, and all of it from the seed. What was drawn before never shifts what is drawn
// next: each part has a stream of its own, and what the network throws depends on the moment alone. So a step can be taken
// out of a schedule, and the others stay what they are.

import type { Clock } from '../../transport/contract.js';
import { seededRandom } from '../seeded-random.js';

export class Dice {
  /** From 0 up to 1. */
  readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number, both bounds included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.random() * choices.length)] ?? choices[0];
  }
}

/** The stream of one part of a world, by its name. */
export function diceOf(seed: number, part: string): Dice {
  let mixed = seed;
  for (const letter of part) mixed = scramble(mixed + (letter.codePointAt(0) ?? 0));
  return new Dice(seededRandom(mixed));
}

/** At every moment a stream of its own: how often it was thrown before does not matter. */
export function momentaryDice(seed: number, clock: Clock): Dice {
  let moment = Number.NaN;
  let state = 0;
  return new Dice(() => {
    const now = clock.now();
    if (now !== moment) {
      moment = now;
      state = scramble(seed ^ scramble(Math.floor(now * 1_000) % 2 ** 32));
    }
    state = (state + 0x9e3779b9) | 0;
    return (scramble(state) >>> 0) / 2 ** 32;
  });
}

/** The same throw every time: a world without surprises. */
export const calmDice: Dice = new Dice(() => 0.5);

/** Spreads a change of any bit over all of them: the finaliser of MurmurHash3. */
function scramble(number: number): number {
  let mixed = number | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
