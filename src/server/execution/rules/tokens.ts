// The rule of `limits.tokens`. graphql-js counts while it parses and stops there; its sentence does not name our option.

import type { GraphQLError } from '../../../protocol/result.js';

const parsingAborted = /^Syntax Error: Document contains more tha[nt] \d+ tokens\. Parsing aborted\.$/;

/** The same error, naming the option, where it says that a document has more than `most` lexical tokens. */
export function nameTokenLimit(error: GraphQLError, most: number): GraphQLError {
  if (!parsingAborted.test(error.message)) return error;
  return {
    message: `A document may have ${most} lexical tokens; this one has more. Ask for less at a time, or raise the server's option "limits.tokens".`,
    extensions: { code: 'TOKEN_LIMIT_EXCEEDED' },
  };
}
