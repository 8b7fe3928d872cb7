// `npm run bench -- <bench> [--json] [--quick]`: runs one bench and prints what it found, for people or for programs.

import { parseArgs } from 'node:util';
import { benches } from './benches.js';
import { machine } from './measuring/machine.js';
import { table } from './measuring/table.js';

const usage = `Usage: npm run bench -- <bench> [options]

Benches
${benches.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n')}

Options
  --quick         a rough answer in half a minute
  --seconds <n>   how long to measure; 100, or 20 with --quick
  --only <names>  only these contenders, separated by commas; the first of the bench is always there
  --json          print the figures as JSON
  --help          print this text

typed-api counts and takes no time: it has no use for --quick, --seconds and --only.
`;

/** @param {string} fault */
function refuse(fault) {
  process.stderr.write(`${fault}\n\n${usage}`);
  process.exit(2);
}

/** @param {string[]} args */
function readArguments(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        seconds: { type: 'string' },
        only: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return refuse(error.message);
  }
}

const { values, positionals } = readArguments(process.argv.slice(2));
const seconds = Number(values.seconds ?? (values.quick ? 20 : 100));
if (values.help || positionals.length === 0) {
  process.stdout.write(usage);
} else {
  const bench = benches.find(({ name }) => name === positionals[0]);
  if (bench === undefined || positionals.length > 1) refuse(`There is no bench "${positionals.join(' ')}".`);
  if (!(seconds > 0)) refuse('--seconds must be a number above 0.');
  const found = { bench: bench.name, ...machine(), ...(await bench.run({ seconds, only: values.only?.split(',') })) };
  process.stdout.write(values.json ? `${JSON.stringify(found, undefined, 2)}\n` : (bench.print ?? table)(found));
}
