// Notices that the machine or the page comes back from sleep, or the network from being away: by the browser's events, and
// everywhere by a timer that fires much later than it was set for.

import type { Clock } from '../transport/contract.js';

/** How often the clock is looked at, and how late it has to be for a sleep, ms. */
const tickMs = 5_000;

/** What is used of a browser's globals. */
interface Page {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
  readonly document?: Page & { readonly visibilityState?: string };
}

export class WakeWatch {
  readonly #clock: Clock;
  readonly #woken: () => void;
  readonly #page: Page;
  #cancelTick: (() => void) | undefined;

  constructor(clock: Clock, woken: () => void, page: Page = globalThis as Page) {
    this.#clock = clock;
    this.#woken = woken;
    this.#page = page;
  }

  start(): void {
    if (this.#cancelTick !== undefined) return;
    this.#tick();
    this.#page.addEventListener?.('online', this.#woken);
    this.#page.document?.addEventListener?.('visibilitychange', this.#shown);
  }

  stop(): void {
    if (this.#cancelTick === undefined) return;
    this.#cancelTick();
    this.#cancelTick = undefined;
    this.#page.removeEventListener?.('online', this.#woken);
    this.#page.document?.removeEventListener?.('visibilitychange', this.#shown);
  }

  readonly #shown = (): void => {
    if (this.#page.document?.visibilityState === 'visible') this.#woken();
  };

  #tick(): void {
    const dueAt = this.#clock.now() + tickMs;
    this.#cancelTick = this.#clock.setTimer(tickMs, () => {
      this.#tick();
      if (slept(dueAt, this.#clock.now())) this.#woken();
    });
  }
}

/** Whether a timer that was due at `dueAt` is so late that the machine or page must have been asleep. */
export function slept(dueAt: number, now: number): boolean {
  return now - dueAt > tickMs;
}
