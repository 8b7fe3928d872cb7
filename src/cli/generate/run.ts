// Writes the TypeScript module of a schema, once or whenever the schema changes, or compares it with the file that is there.

import type { CommandLine } from '../command.js';
import { UsageError } from '../exit-codes.js';
import { load, readSource, type SchemaSource, sourceFor } from '../source.js';
import { readIfThere, writeIfChanged } from '../write-file.js';
import { checkOverwriting, differences, losses } from './compare.js';
import { type Made, make } from './make.js';
import { type Outcome, watch } from './watch.js';

export async function run(line: CommandLine): Promise<number> {
  const [given = ''] = line.positionals;
  const out = line.get('out') ?? '';
  if (!/[^/\\]\.[cm]?ts$/.test(out) || /\.d\.[cm]?ts$/.test(out)) {
    throw new UsageError(`--out is a TypeScript module, whose name ends in .ts, .mts or .cts; it is "${out}"`);
  }
  const source = readSource(given, line);
  const intervalMs = readInterval(line, source);
  if (line.has('check') && line.has('watch')) throw new UsageError('--check and --watch cannot both be given');
  const options = {
    scalars: readScalars(line.all('scalar')),
    codecs: line.get('codecs'),
    source: sourceFor(source, out),
  };
  const makeModule = async (signal?: AbortSignal): Promise<Made> => make(await load(source, signal), options);
  if (line.has('check')) return check(out, await makeModule());
  if (line.has('watch')) {
    if (source.kind === 'text') throw new UsageError('--watch is for a file or an address; a text does not change');
    return watch(source, intervalMs, async (signal) => write(out, await makeModule(signal)));
  }
  const { message } = await write(out, await makeModule());
  process.stdout.write(`${message}\n`);
  return 0;
}

async function write(out: string, made: Made): Promise<Outcome> {
  const before = await readIfThere(out);
  checkOverwriting(out, before);
  const done = (await writeIfChanged(out, made.text)) !== 'unchanged';
  const lost = done && before !== undefined ? losses(before, made) : [];
  if (lost.length > 0) {
    process.stderr.write(
      `The schema lost what the module had; code that uses it no longer compiles:\n${lost.join('\n')}\n`,
    );
  }
  return done
    ? { result: 'written', message: `wrote ${out}` }
    : { result: 'unchanged', message: `${out} is up to date` };
}

async function check(out: string, made: Made): Promise<number> {
  const before = await readIfThere(out);
  // Git may have given the file the line ends of its system.
  if (before?.replaceAll('\r\n', '\n') === made.text) {
    process.stdout.write(`${out} is up to date\n`);
    return 0;
  }
  const why =
    before === undefined ? ['There is no such file.'] : [...differences(before, made), ...losses(before, made)];
  process.stderr.write(`${out} is stale. Generate it again, without --check.\n${why.join('\n')}\n`);
  return 1;
}

function readScalars(given: readonly string[]): Readonly<Record<string, string>> {
  const scalars = new Map<string, string>();
  for (const text of given) {
    const [, name, type] = /^([_A-Za-z]\w*)=(.*\S.*)$/.exec(text) ?? [];
    if (name === undefined || type === undefined) {
      throw new UsageError(`--scalar is NAME=TYPE, as in DateTime=string; it is "${text}"`);
    }
    if (scalars.has(name)) throw new UsageError(`--scalar gives ${name} two types`);
    scalars.set(name, type);
  }
  return Object.fromEntries(scalars);
}

function readInterval(line: CommandLine, { kind }: SchemaSource): number {
  const text = line.get('interval');
  if (text === undefined) return 10_000;
  const seconds = Number(text);
  if (!line.has('watch') || kind !== 'address') {
    throw new UsageError('--interval is for --watch of an address; a file is seen to change at once');
  }
  if (!(seconds >= 0.1 && seconds <= 86_400)) {
    throw new UsageError(`--interval is a number of seconds, from 0.1 to 86400; it is "${text}"`);
  }
  return seconds * 1_000;
}
