// One bound in time for many pieces of work. All have the same, so they run out in the order in which they began: one list
// and one timer for a server, instead of a timer for each operation.

import { Linked, LinkedList } from '../../protocol/linked-list.js';
import type { Timers } from '../timers.js';

class Waiting extends Linked<Waiting> {
  readonly dueAt: number;
  readonly expire: () => void;

  constructor(dueAt: number, expire: () => void) {
    super();
    this.dueAt = dueAt;
    this.expire = expire;
  }
}

export class TimeLimit {
  readonly limitMs: number;
  readonly #timers: Timers;
  readonly #waiting = new LinkedList<Waiting>();
  #isArmed = false;

  constructor(limitMs: number, timers: Timers) {
    this.limitMs = limitMs;
    this.#timers = timers;
  }

  /** What the work settles with, or what `expired` makes when its time is over first; then nobody waits for the work any more. */
  bound<T>(work: PromiseLike<T>, expired: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = new Waiting(this.#timers.now() + this.limitMs, () => resolve(expired()));
      this.#waiting.add(waiting);
      if (!this.#isArmed) this.#arm(waiting.dueAt);
      work.then(
        (value) => {
          this.#waiting.delete(waiting);
          resolve(value);
        },
        (thrown: unknown) => {
          this.#waiting.delete(waiting);
          reject(thrown);
        },
      );
    });
  }

  /** Most work is done sooner than a timer is armed and cancelled: it is left to run out, once, for what comes meanwhile. */
  #arm(dueAt: number): void {
    this.#isArmed = true;
    this.#timers.setIdle(Math.max(1, dueAt - this.#timers.now()), this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#isArmed = false;
    const now = this.#timers.now();
    for (let { first } = this.#waiting; first !== undefined && first.dueAt <= now; { first } = this.#waiting) {
      this.#waiting.delete(first);
      first.expire();
    }
    const { first } = this.#waiting;
    if (first !== undefined) this.#arm(first.dueAt);
  };
}
