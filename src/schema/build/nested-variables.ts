// Variables inside of a value that becomes a variable itself: the value of the inner one stands there, because a document
// shares variables between arguments, not between parts of them.

import { isPlainObject } from '../selection/same-value.js';
import { Variable } from '../selection/variable.js';

/** Deeper values are left as they are: they cannot be written. */
const mostLevels = 500;

/** The value with the values of the variables inside of it; the same object where it has none. */
export function withoutVariables(value: unknown): unknown {
  return holdsVariable(value) ? replaced(value) : value;
}

function holdsVariable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return isHeld(value, 0);
  } catch {
    // What cannot be read is refused by who writes it, with its path.
    return false;
  }
}

function isHeld(value: unknown, level: number): boolean {
  if (typeof value !== 'object' || value === null || level > mostLevels) return false;
  if (value instanceof Variable) return true;
  if (Array.isArray(value)) return value.some((item) => isHeld(item, level + 1));
  return isPlainObject(value) && Object.keys(value).some((name) => isHeld(value[name], level + 1));
}

function heldBy({ value, defaultValue }: Variable): unknown {
  return value === undefined ? defaultValue : value;
}

function replaced(value: unknown, level = 0): unknown {
  if (typeof value !== 'object' || value === null || level > mostLevels) return value;
  if (value instanceof Variable) return replaced(heldBy(value), level + 1);
  if (Array.isArray(value)) return value.map((item) => replaced(item, level + 1));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.keys(value).map((name) => [name, replaced(value[name], level + 1)]));
}
