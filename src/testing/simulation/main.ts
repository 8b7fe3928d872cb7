// `npm run simulate -- [--seeds N] [--seed S] [--replay FILE] [--shrink-runs N] [--json]`: runs N seeds from S on, or the
// schedule in a file. Prints the first failure with a shortest schedule for it, or the counters; exits with 1 when a promise
// was broken or a counter stayed below its floor.

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { floor } from './counters.js';
import { explain, shrinkLimits, traceOf } from './failure.js';
import { type BatchResult, runBatch } from './run-batch.js';
import { runSchedule } from './run-schedule.js';
import { describeSchedule, readSchedule, type Schedule } from './schedule.js';

const usage = 'Usage: npm run simulate -- [--seeds N] [--seed S] [--replay FILE] [--shrink-runs N] [--json]';

interface Settings {
  readonly seeds: number;
  readonly seed: number;
  readonly replay: Schedule | undefined;
  /** How many runs may be spent on shrinking a failure; 0: it is told as it is. */
  readonly shrinkRuns: number;
  readonly json: boolean;
}

async function readSettings(): Promise<Settings> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      replay: { type: 'string' },
      'shrink-runs': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const seed = wholeNumber('--seed', values.seed ?? '1', Number.MIN_SAFE_INTEGER);
  // A seed alone is one to look at.
  const seeds = wholeNumber('--seeds', values.seeds ?? (values.seed === undefined ? '2000' : '1'), 1);
  const shrinkRuns = wholeNumber('--shrink-runs', values['shrink-runs'] ?? String(shrinkLimits.maxRuns), 0);
  const replay = values.replay === undefined ? undefined : readSchedule(await readFile(values.replay, 'utf8'));
  return { seeds, seed, replay, shrinkRuns, json: values.json };
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new Error(`${name} takes a whole number${least >= 0 ? `, at least ${least}` : ''}; it is "${text}".`);
}

async function replay(schedule: Schedule, json: boolean): Promise<number> {
  const { violation } = await runSchedule(schedule, { traces: false });
  if (json) console.log(JSON.stringify({ violation }));
  else {
    const lines = [...describeSchedule(schedule), '', ...(await traceOf(schedule))];
    console.log(`${lines.join('\n')}\n\n${violation ?? 'Nothing found.'}`);
  }
  return violation === undefined ? 0 : 1;
}

async function simulate({ seed, seeds, shrinkRuns, json }: Settings): Promise<number> {
  const startedAt = performance.now();
  const { failure, ...result } = await runBatch(seed, seeds);
  if (failure !== undefined) {
    const { lines, ...told } = await explain(failure, { ...shrinkLimits, maxRuns: shrinkRuns });
    console.log(json ? JSON.stringify({ seeds: result.seeds, failure: told }) : lines.join('\n'));
    return 1;
  }
  if (json) console.log(JSON.stringify({ ...result, counters: Object.fromEntries(result.counters) }));
  else printCounters(result, performance.now() - startedAt);
  return result.belowFloor.length === 0 ? 0 : 1;
}

function printCounters({ seeds, counters, belowFloor }: Omit<BatchResult, 'failure'>, elapsedMs: number): void {
  for (const [name, count] of [...counters].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${String(count).padStart(9)}  ${name}`);
  }
  for (const name of belowFloor) console.log(`Below its floor of ${floor}: ${name}`);
  console.log(`${seeds} seeds, nothing found, in ${Math.round(elapsedMs / 100) / 10} s.`);
}

async function main(): Promise<number> {
  let settings: Settings;
  try {
    settings = await readSettings();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  return settings.replay === undefined ? simulate(settings) : replay(settings.replay, settings.json);
}

process.exitCode = await main();
