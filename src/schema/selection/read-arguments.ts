// Reads the arguments of a field or directive. Nobody else reads them out of what the program wrote: getters and proxies
// answer once, and a selection that is kept does not change with it.

import type { Members } from '../members.js';
import { isNothing } from './variable.js';

/**
 * By name, without those that are given as nothing.
 *
 * @param path Of the arguments; while one is read, its name is at the end.
 */
export function readArguments(given: Members, path: (string | number)[]): Members {
  const args: [string, unknown][] = [];
  for (const name of Object.keys(given)) {
    path.push(name);
    const value = given[name];
    if (!isNothing(value)) args.push([name, value]);
    path.pop();
  }
  return Object.fromEntries(args);
}
