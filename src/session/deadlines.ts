// One timer for the deadlines of all calls. When it fires, the calls are looked through once: calls end long before their
// deadline as a rule, so a timer or heap entry for each would cost more than it saves.

import type { Clock } from '../transport/contract.js';

export class DeadlineSweep {
  readonly #clock: Clock;
  /** Ends what is due at `now` and answers with the earliest deadline left; undefined when there is none. */
  readonly #sweep: (now: number) => number | undefined;
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, sweep: (now: number) => number | undefined) {
    this.#clock = clock;
    this.#sweep = sweep;
  }

  /** Makes sure that the sweep runs no later than `at`. */
  watch(at: number): void {
    if (at >= this.#armedFor) return;
    this.stop();
    this.#armedFor = at;
    this.#cancel = this.#clock.setTimer(at - this.#clock.now(), () => this.#run());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #run(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    const next = this.#sweep(this.#clock.now());
    if (next !== undefined) this.watch(next);
  }
}
