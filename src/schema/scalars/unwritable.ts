// What JSON leaves out, changes without a word or never comes to an end with, found before it is written. ECMA-262,
// section 25.5.2 (JSON.stringify).

import { describe, hidesItsContents } from '../../protocol/options.js';
import { isBlob, isBytes, isOneShot } from '../../protocol/upload/source.js';
import { reasonOf } from './codec.js';

/** Deeper values are refused: readers and writers of JSON fail at some depth, each at another. */
export const mostLevels = 500;

export interface Unwritable {
  /** What it is, as in `It is a function`. */
  readonly what: string;
  /** Where within the value. */
  readonly path: readonly (string | number)[];
}

/**
 * The first thing in a value that cannot be written as JSON; undefined where there is none. Numbers of any size (`bigint`) are
 * for the session's `json` option, and files for the session itself, to write or to refuse. What writes itself is asked how.
 * Throws what getters in it throw.
 */
export function findUnwritable(value: unknown): Unwritable | undefined {
  return search(value, [], new Set());
}

function search(value: unknown, path: (string | number)[], around: Set<object>): Unwritable | undefined {
  const what = faultOf(value);
  if (what !== undefined) return { what, path };
  if (typeof value !== 'object' || value === null || isFile(value)) return undefined;
  if (writesItself(value)) return failedWriting(value, path);
  if (around.has(value)) return { what: `${describe(value)} that contains itself`, path };
  if (around.size === mostLevels) return { what: `a value of more than ${mostLevels} levels`, path };
  around.add(value);
  const found = Array.isArray(value) ? searchList(value, path, around) : searchMembers(value, path, around);
  around.delete(value);
  return found;
}

/** What it gives is its own affair. */
function failedWriting(
  value: { toJSON(key: string): unknown },
  path: readonly (string | number)[],
): Unwritable | undefined {
  try {
    value.toJSON(String(path.at(-1) ?? ''));
    return undefined;
  } catch (error) {
    return { what: `an object whose toJSON() failed (${reasonOf(error)})`, path };
  }
}

function searchList(list: readonly unknown[], path: (string | number)[], around: Set<object>): Unwritable | undefined {
  for (let index = 0; index < list.length; index += 1) {
    const found = search(list[index], [...path, index], around);
    if (found !== undefined) return found;
  }
  return undefined;
}

function searchMembers(holder: object, path: (string | number)[], around: Set<object>): Unwritable | undefined {
  for (const [name, value] of Object.entries(holder)) {
    // JSON has a rule for these, and everybody relies on it: they are left out.
    const found = value === undefined ? undefined : search(value, [...path, name], around);
    if (found !== undefined) return found;
  }
  return undefined;
}

function faultOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'undefined':
    case 'function':
    case 'symbol':
      return describe(value);
    case 'number':
      return Number.isFinite(value) ? undefined : describe(value);
    case 'object':
      if (value === null || Array.isArray(value)) return undefined;
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : undefined;
      return hidesItsContents(value) && !isFile(value) && !writesItself(value)
        ? 'an object whose contents are not in its members'
        : undefined;
    default:
      return undefined;
  }
}

function writesItself(value: object): value is { toJSON(key: string): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** Or what the session says is to be sent as one. */
export function isFile(value: object): boolean {
  return isBlob(value) || isBytes(value) || isOneShot(value);
}
