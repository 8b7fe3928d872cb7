// The one door to undici: an optional peer, imported when the first session opens.

import { MissingDependencyError } from '../../protocol/errors/missing-dependency-error.js';
import type { Failure } from '../contract.js';
import { OpenError } from '../open-error.js';

type Undici = Pick<typeof import('undici'), 'Client'>;

/** Rejects with an OpenError where undici is not installed, or does not run on this Node. */
export async function loadUndici(): Promise<Undici> {
  try {
    return await import('undici');
  } catch (error) {
    throw new OpenError(importFailure(error));
  }
}

/** Of the versions that will do, the one that loads on every Node that we support. */
const advised = '^7.0.0';

export function importFailure(error: unknown): Failure {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  const cause = missing ? new MissingDependencyError('undici', advised, 'holdfast/undici', error) : error;
  const why = error instanceof Error ? error.message : String(error);
  const message =
    cause instanceof MissingDependencyError
      ? cause.message
      : `The package "undici" could not be loaded: ${why}. Install a version that is made for this version of Node.`;
  return { code: 'missing-dependency', phase: 'prepare', message, cause };
}
