// The ten tasks, and what a program has to write for each: every contender has a `tasks.ts` with a part for each of them, which
// begins with a comment of its number.

import { readFileSync } from 'node:fs';

/** The name of its function in every `tasks.ts`, and what it is about. */
export const tasks = {
  nestedFields: 'a query with arguments and nested fields',
  sameFieldTwice: 'the same field twice, under two names',
  severalFields: 'several root fields in one request',
  union: 'a union, told apart by `__typename`',
  sharedFragment: 'a fragment in two places, and a function that takes what it selects',
  mutation: 'a mutation with an input object',
  subscription: 'a subscription in a `for await` loop',
  dates: 'a custom scalar as `Date`, in and out',
  conditional: 'a field with `@include`',
  unknownField: 'an unknown field of a schema that only the running program knows, refused before it is sent',
};

const head = /^\/\/ (?:Setup|Task (\d+))\b.*\n/gm;

/** The text of a `tasks.ts` in parts: `imports`, `0` for the setup, and the tasks by number. */
export function partsOf(file) {
  const text = readFileSync(file, 'utf8');
  const heads = [...text.matchAll(head)];
  const parts = { imports: text.slice(0, heads[0]?.index) };
  for (const [index, { 0: line, 1: number = '0', index: start }] of heads.entries())
    parts[number] = text.slice(start + line.length, heads[index + 1]?.index);
  return parts;
}

/** Lines that say something, and their characters without white space. Neither imports nor comments are among them. */
export function written(text = '') {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//') && !line.startsWith('import '));
  return { lines: lines.length, characters: lines.join('').replaceAll(/\s/g, '').length };
}
