// An optional peer package that is needed now and is not installed.

import { HoldfastError } from './holdfast-error.js';

/** A package that this feature needs is not installed. The message holds the command that installs it. */
export class MissingDependencyError extends HoldfastError {
  override readonly name: string = 'MissingDependencyError';
  readonly dependency: string;

  constructor(dependency: string, range: string, neededBy: string, cause?: unknown) {
    super(
      `${neededBy} needs the package "${dependency}", which is not installed. Install it with: npm install "${dependency}@${range}"`,
      {
        code: 'missing-dependency',
        phase: 'prepare',
        cause,
      },
    );
    this.dependency = dependency;
  }
}
