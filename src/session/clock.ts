// The platform's clock. Its timers keep the process alive while a session waits to reconnect: a permanent session is work.

import type { Clock } from '../transport/contract.js';

/** The longest delay that timers of all platforms take, ms: about 24.8 days. */
const longestDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), longestDelayMs));
    return () => clearTimeout(timer);
  },
};
