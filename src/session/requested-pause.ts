// The pause that a server asks for with Retry-After: nobody of the session sends anything until it is over, because whoever
// sends meanwhile makes it longer for everybody. RFC 9110, section 10.2.3.

import type { Clock } from '../transport/contract.js';

/** A server that asks for more has made a mistake, or will not mind being asked again, ms. */
const longestPauseMs = 300_000;

export class RequestedPause {
  readonly #clock: Clock;
  #until = 0;
  #cancelTimer: (() => void) | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A server asked for it. The longest one holds. */
  ask(ms: number): void {
    this.#until = Math.max(this.#until, this.#clock.now() + Math.min(ms, longestPauseMs));
  }

  get active(): boolean {
    return this.#until > 0 && this.#until > this.#clock.now();
  }

  /** Calls once when it is over; for the same callback only once, however often it is asked for. */
  whenOver(callback: () => void): void {
    this.#waiting.add(callback);
    this.#cancelTimer ??= this.#clock.setTimer(this.#until - this.#clock.now(), () => this.#look());
  }

  /** Who gave this callback does not wait any more: nobody's timer would keep a process alive. */
  leave(callback: () => void): void {
    if (!this.#waiting.delete(callback) || this.#waiting.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** The session ends: no timer is left. */
  end(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#waiting.clear();
    this.#until = 0;
  }

  /** It may have become longer in between. */
  #look(): void {
    this.#cancelTimer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    if (this.active) for (const callback of waiting) this.whenOver(callback);
    else for (const callback of waiting) callback();
  }
}
