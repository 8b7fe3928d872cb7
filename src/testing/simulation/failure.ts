// What is told of a failure: the check that failed, a shortest schedule that fails in the same way, and how to see it again.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kindOf } from './report.js';
import type { BatchFailure } from './run-batch.js';
import { runSchedule } from './run-schedule.js';
import { describeSchedule, type Schedule } from './schedule.js';
import { type ShrinkLimits, shrink } from './shrink.js';

/** Long enough for the longest schedules; the time is for a machine that is very slow. */
export const shrinkLimits: ShrinkLimits = { maxRuns: 3_000, maxMs: 60_000 };
/** Lines of a trace that are told. */
const traceLines = 80;

export interface FailureReport {
  readonly seed: number;
  readonly violation: string;
  /** A shortest schedule that fails in the same way, or the one that was drawn. */
  readonly schedule: Schedule;
  /** Where it was written. */
  readonly file: string;
  readonly lines: readonly string[];
}

/** Shrinks it, keeps the result in a file under the working directory, and tells it all. */
export async function explain({ schedule, violation }: BatchFailure, limits: ShrinkLimits): Promise<FailureReport> {
  const { seed } = schedule;
  const kind = kindOf(violation);
  const shrunk = await shrink(schedule, async (candidate) => (await violationOf(candidate)) === kind, limits);
  const file = join('.cache', 'simulation', `seed-${seed}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(shrunk.schedule, undefined, 2)}\n`);
  const [before, after] = [schedule.steps.length, shrunk.schedule.steps.length];
  const end = shrunk.complete ? 'nothing more can be taken away' : 'stopped at its limit';
  const lines = [
    `Seed ${seed}: ${violation}`,
    `Shrunk from ${before} steps to ${after} in ${shrunk.runs} runs; ${end}:`,
    ...describeSchedule(shrunk.schedule),
    `Again: npm run simulate -- --replay ${file}`,
    `As it was drawn: npm run simulate -- --seed ${seed}`,
    '',
    ...(await traceOf(shrunk.schedule)),
  ];
  return { seed, violation, schedule: shrunk.schedule, file, lines };
}

/** The last lines of what happens in it. */
export async function traceOf(schedule: Schedule): Promise<readonly string[]> {
  return (await runSchedule(schedule, { traces: true })).trace.slice(-traceLines);
}

async function violationOf(schedule: Schedule): Promise<string | undefined> {
  const { violation } = await runSchedule(schedule, { traces: false });
  return violation === undefined ? undefined : kindOf(violation);
}
