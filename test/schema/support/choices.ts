// Random choices, drawn one after the other out of one number: whatever is made of them is made again from the same number.

export class Choices {
  #state: number;
  #left: number;

  /** @param most So many are drawn; after that there is nothing left, and every choice is the first. */
  constructor(seed: number, most = 1_500) {
    this.#state = seed;
    this.#left = most;
  }

  /** From 0 to `below - 1`; 0 when there is nothing left to draw. */
  below(below: number): number {
    if (this.#left <= 0) return 0;
    this.#left -= 1;
    // SplitMix of 32 bits: a counter, of which each number is then mixed on its own.
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  }

  from(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Once in `times`, and never when there is nothing left to draw. */
  rarely(times: number): boolean {
    return this.below(times) === times - 1;
  }

  some<T>(list: readonly T[], most: number): readonly T[] {
    const left = [...list];
    const picked: T[] = [];
    for (let count = this.below(Math.min(most, list.length) + 1); count > 0; count -= 1) {
      picked.push(...left.splice(this.below(left.length), 1));
    }
    return picked;
  }
}
