// Checks that options objects share: unknown names are refused at once with the nearest known one, numbers are in range.

import { OptionError } from './errors/option-error.js';
import { suggestionsFor } from './suggestions.js';

/** Throws an OptionError where `options` is no object, and for the first key of it that `known` does not hold. */
export function refuseUnknownOptions(where: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new OptionError('options', `An object is needed for ${where}, not ${describe(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const [near] = suggestionsFor(name, known);
    const hint = near === undefined ? `Known options: ${known.join(', ')}.` : `Did you mean "${near}"?`;
    throw new OptionError(name, `Unknown option "${name}" in ${where}. ${hint}`);
  }
}

/** Throws an OptionError unless `value` is undefined or a number from `min` to `max`. `Infinity` passes only where `max` is. */
export function checkNumberOption(
  option: string,
  value: unknown,
  min: number,
  max: number = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined) return;
  if (typeof value === 'number' && value >= min && value <= max) return;
  const bounds = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `from ${min} to ${max}`;
  throw new OptionError(option, `Option "${option}" must be a number, ${bounds}; it is ${describe(value)}.`);
}

/**
 * Throws an OptionError unless `headers` is undefined or an object of texts by name. What it holds may be secret and is not
 * repeated.
 */
export function checkHeadersOption(option: string, headers: unknown): void {
  if (headers === undefined) return;
  if (typeof headers !== 'object' || headers === null || hidesItsContents(headers)) {
    throw new OptionError(
      option,
      `Option "${option}" must be an object of texts by name. Object.fromEntries() makes one of Headers, a Map or a list.`,
    );
  }
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') continue;
    throw new OptionError(option, `Option "${option}" must hold text under every name; under "${name}" it does not.`);
  }
}

/** Whether what it holds is not in its members, and would be lost without a word: a list, a Map, Headers, a promise. */
export function hidesItsContents(value: object): boolean {
  return Symbol.iterator in value || ('then' in value && typeof value.then === 'function');
}

/** A value as it may appear in a message: short, and never the contents of an object. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
