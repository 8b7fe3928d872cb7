// A token bucket: so much per second on average, and more at once after a silence. It can be overdrawn, so that it knows by how
// much somebody went too far. Pure: time is handed in.

export interface TokenBucketOptions {
  readonly perSecond: number;
  /** How much it holds, which is what it begins with. */
  readonly burst: number;
}

export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  /** When `#tokens` was right, ms. */
  #at: number;

  constructor({ perSecond, burst }: TokenBucketOptions, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes one token in any case; whether it was there. */
  take(now: number): boolean {
    this.#fill(now);
    this.#tokens -= 1;
    return this.#tokens >= 0;
  }

  /** Whether a whole burst more was taken than there was. */
  get isExhausted(): boolean {
    return this.#tokens <= -this.#burst;
  }

  /** How long until nothing is owed any more, ms; 0 where nothing is. */
  debtMs(now: number): number {
    this.#fill(now);
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1000) / this.#perSecond;
  }

  #fill(now: number): void {
    // The clock on the wall may be set back.
    const elapsedMs = Math.max(0, now - this.#at);
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs * this.#perSecond) / 1000);
    this.#at = now;
  }
}
