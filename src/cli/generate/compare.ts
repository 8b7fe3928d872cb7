// How the module that is on disk and the one that is to be written differ, for people.

import { definitionsOf } from '../../schema/codegen/definitions.js';
import { readGenerated } from '../../schema/codegen/index.js';
import { compareSchemas, type Schema } from '../../schema/index.js';
import { CommandError } from '../exit-codes.js';
import type { Made } from './make.js';

/** Of each kind of difference at most so many are told. */
const mostTold = 20;

/** Throws a CommandError where the file was written by somebody else, so that a slip of the pen costs nobody his work. */
export function checkOverwriting(path: string, text: string | undefined): void {
  if (text === undefined || text.trim() === '' || text.includes('holdfast generate')) return;
  throw new CommandError(
    3,
    `${path} exists and was not made by holdfast generate. Remove it, or give --out another name.`,
  );
}

/** What programs may use that the schema no longer has: a line for each. */
export function losses(before: string, { schema }: Made): readonly string[] {
  const old = readGenerated(before);
  if (old === undefined) return [];
  const lines = compareSchemas(old, schema).map(({ message, place }) => {
    const where = place === undefined ? '' : ` (${schema.source}:${place.line}:${place.column})`;
    return `  lost: ${message}${where}`;
  });
  return shortened(lines);
}

/** Which definitions are new, changed or gone: a line for each. */
export function differences(before: string, { schema, text }: Made): readonly string[] {
  const old = readGenerated(before);
  if (old === undefined) return ['  It is no whole module of holdfast generate.'];
  const [was, is] = [byName(old), byName(schema)];
  const lines: string[] = [];
  for (const [name, definition] of is) {
    if (!was.has(name)) lines.push(`  added: ${name}`);
    else if (was.get(name) !== definition) lines.push(`  changed: ${name}`);
  }
  for (const name of was.keys()) if (!is.has(name)) lines.push(`  removed: ${name}`);
  if (lines.length > 0) return shortened(lines);
  return [
    fingerprintIn(before) === fingerprintIn(text)
      ? '  The schema is the same: the file was changed by hand, or by a formatter.'
      : '  Types and fields are the same: descriptions, options or the version of holdfast differ.',
  ];
}

/** `type Book`, `directive @cost`, and its whole text. */
function byName({ model }: Schema): ReadonlyMap<string, string> {
  return new Map(definitionsOf(model).map((text) => [/^\w+(?: @?\w+)?/.exec(text)?.[0] ?? text, text]));
}

function fingerprintIn(text: string): string | undefined {
  return /^\/\/ Fingerprint: (\w+)$/m.exec(text)?.[1];
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostTold) return lines;
  return [...lines.slice(0, mostTold), `  and ${lines.length - mostTold} more`];
}
