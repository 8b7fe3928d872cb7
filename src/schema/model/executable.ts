// Which directives are of use to a client: those that may stand in a document, not only in a schema.
// GraphQL specification, section 3.13.

import type { DirectiveModel } from './model.js';

export const executableLocations: readonly string[] = [
  'QUERY',
  'MUTATION',
  'SUBSCRIPTION',
  'FIELD',
  'FRAGMENT_DEFINITION',
  'FRAGMENT_SPREAD',
  'INLINE_FRAGMENT',
  'VARIABLE_DEFINITION',
];

export function isExecutable({ locations }: DirectiveModel): boolean {
  return locations.some((location) => executableLocations.includes(location));
}
