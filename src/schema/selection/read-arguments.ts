// Reads the arguments of a field or directive. Nobody else reads them out of what the program wrote: getters and proxies
// answer once, and a selection that is kept does not change with it.

import { describe } from '../../protocol/options.js';
import { ValidationError } from '../errors/validation-error.js';
import type { Members } from '../members.js';
import { isName } from './names.js';
import { isNothing } from './variable.js';

/**
 * By name, without those that are given as nothing.
 *
 * @param path Of the arguments; while one is read, its name is at the end.
 * @throws ValidationError for what is no name.
 */
export function readArguments(given: Members, path: (string | number)[]): Members {
  // Without a prototype: one may be called `__proto__`.
  const args: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(given)) {
    path.push(name);
    // What is no name could be taken for two, by what is built once for all requests of one form.
    if (!isName(name)) throw noName(name, path);
    const value = given[name];
    if (!isNothing(value)) args[name] = value;
    path.pop();
  }
  return args;
}

function noName(name: string, path: readonly (string | number)[]): ValidationError {
  const message = `${describe(name)} is no name of an argument.`;
  return new ValidationError([{ message, path: [...path], suggestions: [] }]);
}
