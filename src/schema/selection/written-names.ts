// Names of fields as programs write them: `title`, `headline: title`, `author.name`. What is written is read once: the same
// texts come again with every call.

import { isName } from './names.js';

export interface WrittenName {
  readonly name: string;
  /** Undefined: none, or the same as the name. */
  readonly alias: string | undefined;
}

/** So many texts are remembered; then all are forgotten. */
const mostRemembered = 10_000;
const remembered = new Map<string, WrittenNames>();

export type WrittenNames = readonly [WrittenName, ...WrittenName[]];

/** One name for each part between dots. Undefined: it is none. */
export function readNames(text: string): WrittenNames | undefined {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const [first, ...others] = text.split('.').map(readName);
  if (first === undefined || !others.every((name) => name !== undefined)) return undefined;
  const names: WrittenNames = [first, ...others];
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(text, names);
  return names;
}

function readName(text: string): WrittenName | undefined {
  const [first = '', second, ...more] = text.split(':').map((part) => part.trim());
  const name = second ?? first;
  if (more.length > 0 || !isName(name) || !isName(first)) return undefined;
  return { name, alias: first === name ? undefined : first };
}
