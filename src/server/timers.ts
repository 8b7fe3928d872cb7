// Time as the server sees it, behind a seam: tests own it, production has Node's. Monotonic, because it only measures waits.

export interface Timers {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls back once after `delayMs`. The returned function cancels and may be called any number of times. */
  set(delayMs: number, callback: () => void): () => void;
}

export const nodeTimers: Timers = {
  now: () => performance.now(),
  set(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
