// What graphql-js finds wrong with a document, as problems: each with its places, and the names that it suggests taken out of
// its sentence.

import type { Problem } from '../errors/validation-error.js';
import { isName } from '../selection/names.js';

/** A GraphQLError, as far as it is read here. */
export interface FoundError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
}

export function problemOf({ message, locations }: FoundError): Problem {
  const places = locations?.map(({ line, column }) => ({ line, column }));
  return { ...withoutSuggestions(message), path: [], places };
}

/**
 * `Did you mean "title" or "titles"?` at the end of a sentence; what it suggests may be `the enum value`, too. Of values,
 * graphql 17 says behind it what it found.
 */
const suggested = / Did you mean (?:the enum value )?("[^"]*"(?:(?:, or |, | or )"[^"]*")*)\?(?=$| Found: )/;

function withoutSuggestions(message: string): Pick<Problem, 'message' | 'suggestions'> {
  const found = suggested.exec(message);
  const names = Array.from((found?.[1] ?? '').matchAll(/"([^"]*)"/g), ([, name]) => name);
  // It suggests what is no name as well, as in "author { ... }".
  if (found === null || !names.every(isName)) return { message, suggestions: [] };
  return { message: message.replace(found[0], ''), suggestions: names };
}
