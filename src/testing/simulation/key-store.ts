// The model server's memory of idempotency keys. It is longer than the window that is advertised, as a server's must be: what
// was sent within the window may arrive after it.

import type { Clock } from '../../transport/contract.js';

/** Longer than anything is on its way, ms. */
const travelMs = 30_000;

export interface Claim {
  readonly expiresAt: number;
  done: boolean;
  /** Repetitions that came while it ran. */
  readonly waiting: (() => void)[];
}

export class KeyStore {
  readonly #clock: Clock;
  readonly #claims = new Map<string, Claim>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(key: string): Claim | undefined {
    const claim = this.#claims.get(key);
    return claim !== undefined && claim.expiresAt > this.#clock.now() ? claim : undefined;
  }

  claim(key: string, windowMs: number): Claim {
    const claim: Claim = { expiresAt: this.#clock.now() + windowMs + travelMs, done: false, waiting: [] };
    this.#claims.set(key, claim);
    return claim;
  }

  /** The process that held it died: what had not run is free again, and a store in its memory is gone, as its name then says. */
  crash(shared: boolean): void {
    for (const [key, claim] of this.#claims) {
      if (!shared || !claim.done) this.#claims.delete(key);
    }
  }
}
