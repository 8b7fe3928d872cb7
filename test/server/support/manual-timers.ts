// Time that stands still until a test moves it.

import type { Timers } from '../../../src/server/timers.js';

export class ManualTimers implements Timers {
  #now = 0;
  readonly #waiting = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }

  set(delayMs: number, callback: () => void): () => void {
    const entry = (): void => callback();
    this.#waiting.set(entry, this.#now + delayMs);
    return () => {
      this.#waiting.delete(entry);
    };
  }

  setIdle(delayMs: number, callback: () => void): () => void {
    return this.set(delayMs, callback);
  }

  /** How many timers are armed. */
  get armed(): number {
    return this.#waiting.size;
  }

  /** Moves on, firing what is due in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#waiting].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b)[0];
      if (due === undefined) break;
      this.#waiting.delete(due[0]);
      this.#now = due[1];
      due[0]();
    }
    this.#now = end;
  }
}
