// Waiting in tests for what will become true, within a bound: never for an amount of time.
import { expect } from 'vitest';

/** Waits until `actual` gives `expected`. */
export async function eventually<T>(actual: () => T, expected: T): Promise<void> {
  await expect.poll(actual, { timeout: 20_000, interval: 2 }).toEqual(expected);
}
