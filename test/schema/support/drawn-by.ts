// What is drawn by a function, for fast-check: drawn out of one number, which costs nothing, and made smaller by what it is
// instead of by the number, so that a failure soon comes down to what it needs.

import fc from 'fast-check';
import { Choices } from './choices.js';

/** A failure is to be told within seconds: so many smaller ones are tried in all. */
const mostTries = 2_000;

/** Makes one smaller thing of another; undefined: it would be none. */
export type Smaller<T> = () => T | undefined;

/**
 * @param draw Makes the same of the same choices.
 * @param smaller What is tried where something failed, the boldest first; each must be smaller, or there is no end.
 */
export function drawnBy<T>(draw: (from: Choices) => T, smaller: (value: T) => Iterable<Smaller<T>>): fc.Arbitrary<T> {
  return fc.limitShrink(new Drawn(draw, smaller), mostTries);
}

class Drawn<T> extends fc.Arbitrary<T> {
  readonly #draw: (from: Choices) => T;
  readonly #smaller: (value: T) => Iterable<Smaller<T>>;

  constructor(draw: (from: Choices) => T, smaller: (value: T) => Iterable<Smaller<T>>) {
    super();
    this.#draw = draw;
    this.#smaller = smaller;
  }

  override generate(random: fc.Random): fc.Value<T> {
    // Small things come about as often as big ones.
    const choices = new Choices(random.nextInt(0, 0x7fff_ffff), random.nextInt(50, 1_500));
    return new fc.Value(this.#draw(choices), 0);
  }

  override canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  /** @param first What was tried before it did not fail when there was more, and is tried last. */
  override shrink(value: T, first: number): fc.Stream<fc.Value<T>> {
    return fc.stream(this.#values([...this.#smaller(value)], first));
  }

  *#values(smaller: readonly Smaller<T>[], first: number): IterableIterator<fc.Value<T>> {
    for (let count = 0; count < smaller.length; count += 1) {
      const index = (first + count) % smaller.length;
      const value = smaller[index]?.();
      if (value !== undefined) yield new fc.Value(value, index);
    }
  }
}
