// Objects that hold values by name, as arguments, variables, codecs and input objects are.

import { OptionError } from '../protocol/errors/option-error.js';
import { describe, hidesItsContents } from '../protocol/options.js';

export type Members = Readonly<Record<string, unknown>>;

/** A Map, a promise or a Date has something, but not as members. */
export function hasMembers(value: unknown): value is Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || hidesItsContents(value)) return false;
  return !('toJSON' in value && typeof value.toJSON === 'function');
}

/** Throws an OptionError unless the option is such an object. */
export function checkMembers(option: string, value: unknown): asserts value is Members {
  if (hasMembers(value)) return;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const what = isObject ? 'an object of another kind, such as a Map or a promise' : describe(value);
  throw new OptionError(option, `Option "${option}" must be an object of values by name; it is ${what}.`);
}
