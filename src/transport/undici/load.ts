// The one door to undici: an optional peer, imported when the first session opens.

import { importFailure } from '../../protocol/errors/import-failure.js';
import { MissingDependencyError } from '../../protocol/errors/missing-dependency-error.js';
import type { Failure } from '../contract.js';
import { OpenError } from '../open-error.js';

type Undici = Pick<typeof import('undici'), 'Client'>;

/** Rejects with an OpenError where undici is not installed, or does not run on this Node. */
export async function loadUndici(): Promise<Undici> {
  try {
    return await import('undici');
  } catch (error) {
    throw new OpenError(loadFailure(error));
  }
}

/** Of the versions that will do, the one that loads on every Node that we support. */
const advised = '^7.0.0';

export function loadFailure(error: unknown): Failure {
  const cause = importFailure(error, 'undici', advised, 'holdfast/undici');
  const why = error instanceof Error ? error.message : String(error);
  const message =
    cause instanceof MissingDependencyError
      ? cause.message
      : `The package "undici" could not be loaded: ${why}. Install a version that is made for this version of Node.`;
  return { code: 'missing-dependency', phase: 'prepare', message, cause };
}
