// `npm run simulate -- --seeds N [--seed S] [--json]`: runs seeds, prints the counters, or the first seed that fails.

import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
    trace: { type: 'boolean' },
  },
});
const first = Number(values.seed ?? 1);
const count = Number(values.seeds ?? (values.seed === undefined ? 1_000 : 1));
const totals = new Map<string, number>();
const started = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const report = await runSeed(seed);
  if (values.trace) console.log(report.trace.join('\n'));
  if (report.violation !== undefined) {
    console.log(`Seed ${seed}: ${report.violation}\n${report.trace.slice(-60).join('\n')}`);
    process.exit(1);
  }
  for (const [name, n] of report.counters) totals.set(name, (totals.get(name) ?? 0) + n);
}
for (const name of [...totals.keys()].sort()) console.log(String(totals.get(name)).padStart(8), name);
console.log(`${count} seeds, ${Math.round(performance.now() - started)} ms`);
