// The machine's own time as a Clock: what the testing tools use unless a test gives them its own.

import type { Clock } from '../transport/contract.js';

export const systemClock: Clock = Object.freeze({
  now: (): number => Date.now(),
  setTimer(delayMs: number, callback: () => void): () => void {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});
