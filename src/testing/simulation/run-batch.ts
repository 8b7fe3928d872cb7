// A batch of runs, seed after seed, up to the first that fails; and whether it was large and wild enough to mean something.

import { declaredCounters, floor, floorSeeds } from './counters.js';
import { drawSchedule } from './draw-schedule.js';
import { runSchedule } from './run-schedule.js';
import type { Schedule } from './schedule.js';

export interface BatchFailure {
  readonly schedule: Schedule;
  readonly violation: string;
}

export interface BatchResult {
  /** Runs that were made. */
  readonly seeds: number;
  readonly counters: ReadonlyMap<string, number>;
  readonly failure: BatchFailure | undefined;
  /** Declared counters that a batch of this size should have brought further. */
  readonly belowFloor: readonly string[];
}

export async function runBatch(firstSeed: number, seeds: number): Promise<BatchResult> {
  const counters = new Map(declaredCounters.map((name): [string, number] => [name, 0]));
  for (let run = 0; run < seeds; run++) {
    const schedule = drawSchedule(firstSeed + run);
    const report = await runSchedule(schedule, { traces: false });
    for (const [name, count] of report.counters) counters.set(name, (counters.get(name) ?? 0) + count);
    if (report.violation !== undefined) {
      return { seeds: run + 1, counters, failure: { schedule, violation: report.violation }, belowFloor: [] };
    }
  }
  const belowFloor = seeds < floorSeeds ? [] : declaredCounters.filter((name) => (counters.get(name) ?? 0) < floor);
  return { seeds, counters, failure: undefined, belowFloor };
}
