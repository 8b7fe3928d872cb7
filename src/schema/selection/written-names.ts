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
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(colon + 1).trimStart();
  const alias = colon < 0 ? name : text.slice(0, colon).trimEnd();
  if (!isName(name) || !isName(alias)) return undefined;
  return { name, alias: alias === name ? undefined : alias };
}
