// The word that a process lives which runs a mutation, given again and again for as long as it runs.

import type { Timers } from '../timers.js';

export class RedisLease {
  readonly #renew: () => Promise<unknown>;
  readonly #everyMs: number;
  readonly #timers: Timers;
  #cancelTimer: () => void = () => {};
  #renewing: Promise<unknown> = Promise.resolve();
  #stopped = false;

  /** `renew` may reject: it is called again when its time has come. */
  constructor(renew: () => Promise<unknown>, everyMs: number, timers: Timers) {
    this.#renew = renew;
    this.#everyMs = everyMs;
    this.#timers = timers;
    this.#arm();
  }

  /** Resolves when no word of it is on its way any more. Never rejects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    await this.#renewing;
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#timers.set(this.#everyMs, () => {
      const again = (): void => this.#arm();
      this.#renewing = this.#renew().then(again, again);
    });
  }
}
