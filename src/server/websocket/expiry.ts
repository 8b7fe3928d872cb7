// A moment at which something is over, however far away it is: a timer reaches no further than 2^31 - 1 ms, and this one waits
// as often as it takes.

import { longestWaitMs, type Timers } from '../timers.js';

export class Expiry {
  readonly #timers: Pick<Timers, 'now' | 'set'>;
  readonly #expired: () => void;
  #cancel: (() => void) | undefined;

  constructor(timers: Pick<Timers, 'now' | 'set'>, expired: () => void) {
    this.#timers = timers;
    this.#expired = expired;
  }

  /** In so many milliseconds from now instead of whatever was set before; `Infinity` is never. */
  setIn(delayMs: number): void {
    this.stop();
    if (delayMs !== Number.POSITIVE_INFINITY) this.#waitUntil(this.#timers.now() + delayMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #waitUntil(at: number): void {
    const left = at - this.#timers.now();
    this.#cancel = this.#timers.set(Math.min(Math.max(left, 0), longestWaitMs), () => {
      if (left > longestWaitMs) this.#waitUntil(at);
      else this.#expired();
    });
  }
}
