// Waiting for something to become true, with an end: the signal's.

import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 5;

/** Resolves when the condition holds; rejects with the signal's reason when that comes first. */
export async function until(condition: () => boolean, signal: AbortSignal): Promise<void> {
  while (!condition()) {
    signal.throwIfAborted();
    // The signal ends the wait at its next look: its own reason is worth more than the timer's AbortError.
    await wait(pollMs);
  }
}
