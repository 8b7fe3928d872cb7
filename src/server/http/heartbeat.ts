// A sign of life on an answer that stays open, after every interval in which nothing else was sent: proxies end connections
// that are quiet, and clients notice a dead server by its silence. One timer; traffic moves what is due and leaves it alone.

import type { Timers } from '../timers.js';

export class Heartbeat {
  readonly #timers: Timers;
  readonly #intervalMs: number;
  readonly #beat: () => void;
  #sentAt: number;
  #cancel: () => void;

  /** `intervalMs` is at least 1. */
  constructor(timers: Timers, intervalMs: number, beat: () => void) {
    this.#timers = timers;
    this.#intervalMs = intervalMs;
    this.#beat = beat;
    this.#sentAt = timers.now();
    this.#cancel = timers.set(intervalMs, this.#tick);
  }

  /** Something was sent. */
  sent(): void {
    this.#sentAt = this.#timers.now();
  }

  stop(): void {
    this.#cancel();
  }

  readonly #tick = (): void => {
    const now = this.#timers.now();
    if (now >= this.#sentAt + this.#intervalMs) {
      this.#sentAt = now;
      this.#beat();
    }
    this.#cancel = this.#timers.set(Math.max(1, this.#sentAt + this.#intervalMs - now), this.#tick);
  };
}
