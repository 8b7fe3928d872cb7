// The bound that newer versions of graphql-js have by themselves: on comparing the fields of a document with each other, which
// takes the square of their number. Its sentence says neither why nor what to do.

import type { GraphQLError } from '../../../protocol/result.js';

/** The same error, said in full, where it is that graphql-js gave up comparing. */
export function nameComparisonLimit(error: GraphQLError): GraphQLError {
  if (error.message !== 'Validation aborted.') return error;
  return {
    message:
      'The same names stand too often in one place of the document to be compared with each other. Ask for less at a time.',
    extensions: { code: 'DOCUMENT_TOO_COMPLEX' },
  };
}
