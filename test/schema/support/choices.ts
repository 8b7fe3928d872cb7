// Random choices, drawn one after the other out of one number: whatever is made of them is made again from the same number.

export class Choices {
  #state: number;
  #left: number;

  /** @param most So many are drawn; after that there is nothing left, and every choice is the first. */
  constructor(seed: number, most = 1_500) {
    // Neighbouring numbers are to have nothing in common, and this generator never leaves zero.
    this.#state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) || 1;
    this.#left = most;
  }

  /** From 0 to `below - 1`; 0 when there is nothing left to draw. */
  below(below: number): number {
    if (this.#left <= 0) return 0;
    this.#left -= 1;
    // Xorshift: three shifts go through all numbers of 32 bits but zero.
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % below;
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
