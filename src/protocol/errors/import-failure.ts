// What became of the import of an optional peer: one question, for everybody who imports one at first use.

import { MissingDependencyError } from './missing-dependency-error.js';

/** A MissingDependencyError where the package is not installed, else the error as it came. */
export function importFailure(error: unknown, dependency: string, range: string, neededBy: string): unknown {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return missing ? new MissingDependencyError(dependency, range, neededBy, error) : error;
}
