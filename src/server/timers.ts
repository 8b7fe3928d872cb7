// Time as the server sees it, behind a seam: tests own it, production has Node's. Monotonic, because it only measures waits.

/** The longest wait that Node's timers can measure, ms. */
export const longestWaitMs: number = 2 ** 31 - 1;

export interface Timers {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls back once after `delayMs`. The returned function cancels and may be called any number of times. */
  set(delayMs: number, callback: () => void): () => void;
  /** The same for what nobody waits for at the end: it does not keep the process alive. */
  setIdle(delayMs: number, callback: () => void): () => void;
}

export const nodeTimers: Timers = {
  now: () => performance.now(),
  set(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  setIdle(delayMs, callback) {
    const timer: unknown = setTimeout(callback, delayMs);
    // Only Node's timers keep anything alive, and have this.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
      timer.unref();
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};
