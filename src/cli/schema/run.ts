// Prints a schema, or writes it to a file.

import type { Schema } from '../../schema/index.js';
import { loadGraphQL } from '../../schema/sources/graphql-js/load.js';
import { introspectionOf } from '../../schema/sources/introspection/write.js';
import type { CommandLine } from '../command.js';
import { UsageError } from '../exit-codes.js';
import { load, readSource } from '../source.js';
import { writeIfChanged } from '../write-file.js';

export async function run(line: CommandLine): Promise<number> {
  const [given = ''] = line.positionals;
  const source = readSource(given, line);
  if (line.has('sdl') && line.has('json')) throw new UsageError('--sdl and --json cannot both be given');
  const out = line.get('out');
  const asJson = line.has('json') || (!line.has('sdl') && out?.endsWith('.json') === true);
  const schema = await load(source);
  const text = asJson ? `${JSON.stringify(introspectionOf(schema.model), undefined, 2)}\n` : await sdlOf(schema);
  if (out === undefined) {
    process.stdout.write(text);
  } else {
    const result = await writeIfChanged(out, text);
    // What was sent may have gone to stdout, where nothing else belongs.
    if (result !== 'sent') process.stdout.write(result === 'written' ? `wrote ${out}\n` : `${out} is up to date\n`);
  }
  return 0;
}

async function sdlOf(schema: Schema): Promise<string> {
  const { printSchema } = await loadGraphQL('Printing SDL');
  return `${printSchema(await schema.graphql())}\n`;
}
