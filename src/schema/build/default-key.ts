// Which defaults are the same in a document, as a part of its key: read at every call, before anything is known of their types.

import { isPlainObject } from '../selection/plain-object.js';

/** Numbers of what is told apart by identity. */
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** Undefined, for none, has its own. */
export function keyOfDefault(value: unknown): string {
  if (value === undefined) return '';
  try {
    return `=${keyOf(value, new Map())}`;
  } catch {
    // What cannot be read is refused by who writes it, with its path.
    return `=${typeof value === 'object' && value !== null ? identityOf(value) : typeof value}`;
  }
}

/**
 * Plain objects, lists and Dates by what they hold, everything else that is an object by identity.
 *
 * @param known Numbers of the objects that were met in it: some are inside of themselves.
 */
function keyOf(value: unknown, known: Map<object, number>): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return identityOf(value);
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  const before = known.get(value);
  if (before !== undefined) return `^${before}`;
  known.set(value, known.size);
  if (Array.isArray(value)) return `[${value.map((item) => keyOf(item, known)).join()}]`;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (!isPlainObject(value)) return identityOf(value);
  const members = Object.keys(value).map((name) => `${JSON.stringify(name)}:${keyOf(value[name], known)}`);
  return `{${members.join()}}`;
}

function identityOf(value: object): string {
  const known = identities.get(value);
  if (known !== undefined) return `#${known}`;
  lastIdentity += 1;
  identities.set(value, lastIdentity);
  return `#${lastIdentity}`;
}
