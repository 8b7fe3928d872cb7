// Bounds a trial: a suspect that the server has lived with for this long is cleared even where no ping comes back.

import type { Clock } from '../transport/contract.js';

const defaultTrialMs = 5_000;

export class TrialTimer {
  readonly #clock: Clock;
  readonly #trialMs: number;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, trialMs: number = defaultTrialMs) {
    this.#clock = clock;
    this.#trialMs = trialMs;
  }

  begin(over: () => void): void {
    this.end();
    this.#cancel = this.#clock.setTimer(this.#trialMs, over);
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
