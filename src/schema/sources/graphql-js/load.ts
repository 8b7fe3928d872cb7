// The one door of the schema's half of the house to graphql-js: an optional peer, imported when something first needs it.

import { MissingDependencyError } from '../../../protocol/errors/missing-dependency-error.js';

/**
 * @param neededBy What needs it, as the sentence begins: `Reading SDL`.
 * @throws MissingDependencyError where `graphql` is not installed.
 */
export async function loadGraphQL(neededBy: string): Promise<typeof import('graphql')> {
  try {
    return await import('graphql');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw missing ? new MissingDependencyError('graphql', '^16.11.0 || ^17.0.0', neededBy, error) : error;
  }
}
