// A clock that stands still until a test moves it: the Clock of the transport contract for tests and the simulation.
// Timers run in the order of their due times and, where these are equal, in the order in which they were set.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';
import { OptionError } from '../protocol/errors/option-error.js';
import { checkNumberOption, describe } from '../protocol/options.js';
import type { Clock } from '../transport/contract.js';

interface Timer {
  at: number;
  readonly callback: () => void;
}

/** More timers than this at one instant are a timer that sets itself again without a delay. */
const maxTimersPerInstant = 100_000;

// Taken when the module loads, so that a test framework's fake timers cannot replace it later.
const nextTurn: (callback: () => void) => void =
  typeof setImmediate === 'function' ? setImmediate : (callback) => setTimeout(callback, 0);

/** One real turn of the event loop: every promise chain that is ready to go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}

/**
 * Time under a test's control.
 *
 * @example
 * const clock = new VirtualClock();
 * clock.setTimer(1_000, () => console.log('a second later'));
 * await clock.advance(1_000);
 */
export class VirtualClock implements Clock {
  #now: number;
  /** Sorted by due time; equal times in the order of setting. */
  readonly #timers: Timer[] = [];

  /** @param startMs What `now()` says at first, ms since the epoch. Default 0. */
  constructor(startMs: number = 0) {
    checkNumberOption('startMs', startMs, 0);
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that were set and have neither run nor been cancelled. */
  get pending(): number {
    return this.#timers.length;
  }

  /** When the next timer is due, ms since the epoch; undefined where none is set. */
  get nextAt(): number | undefined {
    return this.#timers[0]?.at;
  }

  /** Negative delays count as 0. A timer of 0 ms runs in the next `advance`, never at once. */
  setTimer(delayMs: number, callback: () => void): () => void {
    if (typeof delayMs !== 'number' || Number.isNaN(delayMs)) {
      throw new OptionError('delayMs', `A timer's delay must be a number of milliseconds; it is ${describe(delayMs)}.`);
    }
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), callback };
    this.#timers.splice(this.#placeFor(timer.at), 0, timer);
    return () => {
      const place = this.#timers.indexOf(timer);
      if (place !== -1) this.#timers.splice(place, 1);
    };
  }

  /**
   * Moves time on by `ms` and runs every timer that falls due, also those set on the way. Before the first, after each and
   * at the end the event loop makes one real turn, so that promise chains set the timers they want to set.
   * Rejects with what a callback throws.
   */
  async advance(ms: number): Promise<void> {
    checkNumberOption('ms', ms, 0, Number.MAX_SAFE_INTEGER);
    const until = this.#now + ms;
    await settle();
    let atThisInstant = 0;
    for (;;) {
      const timer = this.#timers[0];
      if (timer === undefined || timer.at > until) break;
      atThisInstant = timer.at > this.#now ? 1 : atThisInstant + 1;
      if (atThisInstant > maxTimersPerInstant) throw this.#runaway();
      this.#timers.shift();
      this.#now = Math.max(this.#now, timer.at);
      timer.callback();
      await settle();
    }
    this.#now = Math.max(this.#now, until);
  }

  /**
   * What a sleeping machine does: time goes on and timers do not. Each keeps what it had left, and is late by `ms` when it
   * fires.
   */
  sleep(ms: number): void {
    checkNumberOption('ms', ms, 0, Number.MAX_SAFE_INTEGER);
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  /** Moves time on to the next timer and runs all that are due then. False where no timer is set. */
  async advanceToNext(): Promise<boolean> {
    await settle();
    const at = this.nextAt;
    if (at === undefined || at === Number.POSITIVE_INFINITY) return false;
    await this.advance(Math.max(0, at - this.#now));
    return true;
  }

  /** Behind every timer that is due at the same time or earlier. */
  #placeFor(at: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #runaway(): Error {
    return new HoldfastError(
      `The virtual clock ran ${maxTimersPerInstant} timers at ${this.#now} ms and more are due at the same instant: ` +
        'a timer sets itself again with a delay of 0. Give it a delay, or cancel it.',
      { code: 'clock-runaway', phase: 'operation' },
    );
  }
}
