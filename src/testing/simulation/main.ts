// `npm run simulate -- [--seeds N] [--seed S] [--json]`: runs N seeds from S on. Prints the first seed that fails with the end
// of its trace, or the counters; exits with 1 when a promise was broken or a counter stayed below its floor.

import { parseArgs } from 'node:util';
import { floor } from './counters.js';
import { type BatchResult, runBatch } from './run-batch.js';

const usage = 'Usage: npm run simulate -- [--seeds N] [--seed S] [--json]';
/** Lines of a failed run's trace that are printed. */
const traceLines = 80;

function readArguments(): { readonly seeds: number; readonly seed: number; readonly json: boolean } {
  const { values } = parseArgs({
    options: { seeds: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const seed = Number(values.seed ?? 1);
  // A seed alone is one to look at.
  const seeds = Number(values.seeds ?? (values.seed === undefined ? 2_000 : 1));
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(seeds) || seeds < 1) {
    throw new Error('--seeds and --seed take whole numbers, --seeds at least 1.');
  }
  return { seeds, seed, json: values.json };
}

function printResult({ seeds, counters, failure, belowFloor }: BatchResult, elapsedMs: number): void {
  if (failure !== undefined) {
    console.log(`Seed ${failure.seed}: ${failure.violation}`);
    console.log(`Again: npm run simulate -- --seed ${failure.seed}\n\n${failure.trace.slice(-traceLines).join('\n')}`);
    return;
  }
  for (const [name, count] of [...counters].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${String(count).padStart(9)}  ${name}`);
  }
  for (const name of belowFloor) console.log(`Below its floor of ${floor}: ${name}`);
  console.log(`${seeds} seeds, nothing found, in ${Math.round(elapsedMs / 100) / 10} s.`);
}

async function main(): Promise<number> {
  let settings: ReturnType<typeof readArguments>;
  try {
    settings = readArguments();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  const startedAt = performance.now();
  const result = await runBatch(settings.seed, settings.seeds);
  if (settings.json) console.log(JSON.stringify({ ...result, counters: Object.fromEntries(result.counters) }));
  else printResult(result, performance.now() - startedAt);
  return result.failure === undefined && result.belowFloor.length === 0 ? 0 : 1;
}

process.exitCode = await main();
