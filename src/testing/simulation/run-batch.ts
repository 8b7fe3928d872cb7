// A batch of runs, seed after seed, up to the first that fails; and whether it was large and wild enough to mean something.

import { declaredCounters, floor, floorSeeds } from './counters.js';
import { runSeed } from './run-seed.js';

export interface BatchFailure {
  readonly seed: number;
  readonly violation: string;
  readonly trace: readonly string[];
}

export interface BatchResult {
  /** Runs that were made. */
  readonly seeds: number;
  readonly counters: ReadonlyMap<string, number>;
  readonly failure: BatchFailure | undefined;
  /** Declared counters that a batch of this size should have brought further. */
  readonly belowFloor: readonly string[];
}

/** A turn of the event loop: here Node reports rejections that nobody handled. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function runBatch(firstSeed: number, seeds: number): Promise<BatchResult> {
  const counters = new Map(declaredCounters.map((name): [string, number] => [name, 0]));
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  try {
    for (let run = 0; run < seeds; run++) {
      const seed = firstSeed + run;
      const report = await runSeed(seed);
      await turn();
      const stray = unhandled.length === 0 ? undefined : `A rejection was not handled: ${String(unhandled[0])}`;
      const violation = report.violation ?? stray;
      for (const [name, count] of report.counters) counters.set(name, (counters.get(name) ?? 0) + count);
      if (violation !== undefined) {
        return { seeds: run + 1, counters, failure: { seed, violation, trace: report.trace }, belowFloor: [] };
      }
    }
  } finally {
    process.off('unhandledRejection', listener);
  }
  const belowFloor = seeds < floorSeeds ? [] : declaredCounters.filter((name) => (counters.get(name) ?? 0) < floor);
  return { seeds, counters, failure: undefined, belowFloor };
}
