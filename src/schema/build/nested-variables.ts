// Variables inside of a value that becomes a variable itself: the value of the inner one stands there, because a document
// shares variables between arguments, not between parts of them.

import { mostLevels } from '../scalars/unwritable.js';
import { isPlainObject } from '../selection/plain-object.js';
import { Variable } from '../selection/variable.js';

/**
 * The value with the values of the variables inside of it; the same object where it has none. What is too deep to be written stays
 * as it is.
 */
export function withoutVariables(value: unknown): unknown {
  return holdsVariable(value, 0, new Set()) ? replaced(value, 0, new Map()) : value;
}

/** @param seen Objects that were looked into: some are inside of themselves. */
function holdsVariable(value: unknown, level: number, seen: Set<object>): boolean {
  if (typeof value !== 'object' || value === null || level > mostLevels || seen.has(value)) return false;
  seen.add(value);
  const isHeld = (inner: unknown): boolean => holdsVariable(inner, level + 1, seen);
  try {
    if (value instanceof Variable) return true;
    if (Array.isArray(value)) return value.some(isHeld);
    return isPlainObject(value) && Object.keys(value).some((name) => isHeld(value[name]));
  } catch {
    // What cannot be read is refused by who writes it, with its path.
    return false;
  }
}

function heldBy({ value, defaultValue }: Variable): unknown {
  return value === undefined ? defaultValue : value;
}

/** @param known What objects were replaced with: by themselves where they are inside of themselves. */
function replaced(value: unknown, level: number, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null || level > mostLevels) return value;
  if (known.has(value)) return known.get(value);
  known.set(value, value);
  const inside = (inner: unknown): unknown => replaced(inner, level + 1, known);
  try {
    known.set(value, copied(value, inside));
  } catch {
    // The same: it stays as it is.
  }
  return known.get(value);
}

function copied(value: object, inside: (inner: unknown) => unknown): unknown {
  if (value instanceof Variable) return inside(heldBy(value));
  if (Array.isArray(value)) return value.map(inside);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, inside(value[name])]));
}
