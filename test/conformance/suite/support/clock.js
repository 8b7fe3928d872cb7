// A clock that a case puts forward itself: what a session gives a time for is over when the case says so, and neither earlier
// on a slow machine nor later on a fast one.

/** The machine's time and what has been skipped of it. */
export function clockToSkip() {
  let skippedMs = 0;
  /** @type {Set<{ readonly at: number, readonly fire: () => void }>} */
  const timers = new Set();
  const now = () => Date.now() + skippedMs;
  return {
    now,
    /**
     * @param {number} delayMs
     * @param {() => void} callback
     */
    setTimer(delayMs, callback) {
      const fire = () => {
        cancel();
        callback();
      };
      const timer = { at: now() + delayMs, fire };
      const handle = setTimeout(fire, Math.min(delayMs, 2 ** 31 - 1));
      const cancel = () => {
        clearTimeout(handle);
        timers.delete(timer);
      };
      timers.add(timer);
      return cancel;
    },
    /**
     * Whatever is due within this time is due now.
     *
     * @param {number} ms
     */
    skip(ms) {
      skippedMs += ms;
      const due = [...timers].filter(({ at }) => at <= now()).sort((one, other) => one.at - other.at);
      for (const timer of due) if (timers.has(timer)) timer.fire();
    },
  };
}
