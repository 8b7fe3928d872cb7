// Checks documents against a schema, and prints a line for each problem.

import type { CommandLine } from '../command.js';
import { load, readSource } from '../source.js';
import { plural } from '../words.js';
import { problemsIn } from './check.js';
import { readDocuments } from './documents.js';

export async function run(line: CommandLine): Promise<number> {
  const source = readSource(line.get('schema') ?? '', line);
  const files = await readDocuments(line.positionals);
  const schema = await load(source);
  const problems = await problemsIn(files, await schema.graphql());
  for (const { file, line, column, message } of problems) {
    process.stdout.write(`${file}:${line}:${column} ${message}\n`);
  }
  const checked = plural(files.length, 'file');
  if (problems.length === 0) {
    process.stderr.write(`${checked} checked, no problems\n`);
    return 0;
  }
  const broken = new Set(problems.map(({ file }) => file)).size;
  process.stderr.write(`${checked} checked, ${plural(problems.length, 'problem')} in ${plural(broken, 'file')}\n`);
  return 1;
}
