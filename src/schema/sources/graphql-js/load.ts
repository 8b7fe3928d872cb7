// The one door of the schema's half of the house to graphql-js: an optional peer, imported when something first needs it.

import { importFailure } from '../../../protocol/errors/import-failure.js';

/**
 * @param neededBy What needs it, as the sentence begins: `Reading SDL`.
 * @throws MissingDependencyError where `graphql` is not installed.
 */
export async function loadGraphQL(neededBy: string): Promise<typeof import('graphql')> {
  try {
    return await import('graphql');
  } catch (error) {
    throw importFailure(error, 'graphql', '^16.11.0 || ^17.0.0', neededBy);
  }
}
