// The one thing that is made wrong in a random operation, at some place of those where it can be.

import type { Choices } from './choices.js';
import type { Fault } from './drawn.js';

/** What has few places is made wrong in the first. */
const rare: readonly (Fault | undefined)[] = [
  ...(['alias', 'values', 'typename', 'elsewhere', 'condition', 'required'] as const),
  ...(['label', 'root', 'switch', 'list'] as const),
];

export class Mistake {
  readonly #fault: Fault | undefined;
  /** So many places are left as they are first. */
  #placesBefore: number;

  constructor(fault: Fault | undefined, from: Choices) {
    this.#fault = fault;
    this.#placesBefore = rare.includes(fault) ? 0 : from.below(6);
  }

  is(fault: Fault): boolean {
    return this.#fault === fault;
  }

  /** Whether it is made here, where it can be: once. */
  isMade(fault: Fault): boolean {
    if (!this.is(fault)) return false;
    this.#placesBefore -= 1;
    return this.#placesBefore === -1;
  }
}
