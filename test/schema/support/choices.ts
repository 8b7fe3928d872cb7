// Random choices, drawn one after the other out of what fast-check gave: everything that is made of them shrinks with them,
// to the first of every choice and to fewer of everything.

import fc from 'fast-check';

export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** From 0 to `below - 1`; 0 when there is nothing left to draw. */
  below(below: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % below;
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

/** So many that a schema and an operation do not run out of them too soon. */
export const choices: fc.Arbitrary<Choices> = fc
  .array(fc.nat({ max: 0xffff }), { minLength: 50, maxLength: 1_500, size: 'max' })
  .map((numbers) => new Choices(numbers));
