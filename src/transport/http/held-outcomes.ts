// Hands on what comes of a stream, and keeps it while its consumer has no room: one piece of bytes may hold many events, and
// a client of HTTP that was told to stop may still hand over a piece that it has read already.

import type { Outcome } from '../../protocol/http/outcome.js';

export class HeldOutcomes {
  readonly #tell: (outcome: Outcome) => void;
  #waiting: readonly Outcome[] = [];
  #paused = false;

  constructor(tell: (outcome: Outcome) => void) {
    this.#tell = tell;
  }

  /** Something came that could not be told yet. */
  get any(): boolean {
    return this.#waiting.length > 0;
  }

  add(outcomes: readonly Outcome[]): void {
    if (this.any) this.#waiting = [...this.#waiting, ...outcomes];
    else this.#hand(outcomes);
  }

  pause(): void {
    this.#paused = true;
  }

  /** `told`: called when nothing waits any more, at once where nothing did; not where it is paused again before. */
  resume(told: () => void): void {
    this.#paused = false;
    if (!this.any) {
      told();
      return;
    }
    queueMicrotask(() => {
      this.#hand(this.#waiting);
      if (!this.any && !this.#paused) told();
    });
  }

  /** Whoever is told may pause it. */
  #hand(outcomes: readonly Outcome[]): void {
    this.#waiting = [];
    for (let index = 0; index < outcomes.length; index++) {
      if (this.#paused) {
        this.#waiting = outcomes.slice(index);
        return;
      }
      this.#tell(outcomes[index] as Outcome);
    }
  }
}
