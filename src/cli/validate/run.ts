// Checks documents against a schema, and prints a line for each problem.

import type { CommandLine } from '../command.js';
import { CommandError } from '../exit-codes.js';
import { load, readSource } from '../source.js';
import { plural } from '../words.js';
import { check } from './check.js';
import { readDocuments } from './documents.js';

export async function run(line: CommandLine): Promise<number> {
  const source = readSource(line.get('schema') ?? '', line);
  const files = await readDocuments(line.positionals);
  const schema = await load(source);
  const { problems, sdl } = await check(files, await schema.graphql());
  // A check that checks nothing would be taken for a good one.
  if (sdl.length === files.length) {
    throw new CommandError(
      3,
      `${plural(sdl.length, 'file')} of SDL and no document; name files that hold operations or fragments.`,
    );
  }
  for (const { file, line, column, message } of problems) {
    process.stdout.write(`${file}:${line}:${column} ${message}\n`);
  }
  const broken = new Set(problems.map(({ file }) => file)).size;
  const found =
    problems.length === 0 ? 'no problems' : `${plural(problems.length, 'problem')} in ${plural(broken, 'file')}`;
  const passed = sdl.length === 0 ? '' : `; passed over ${plural(sdl.length, 'file')} of SDL`;
  process.stderr.write(`${plural(files.length - sdl.length, 'file')} checked, ${found}${passed}\n`);
  return problems.length === 0 ? 0 : 1;
}
