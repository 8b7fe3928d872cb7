// The server answered, and what it said breaks the rules of GraphQL or of how it is transported.

import { ResponseError } from './response-error.js';

/**
 * The answer is no GraphQL: no JSON, JSON without data and errors, a stream or parts of an answer against their rules. The
 * message quotes how it begins. `code` is `protocol-error`; over HTTP `status` and `headers` are those of the answer.
 */
export class ProtocolError extends ResponseError {
  override readonly name: string = 'ProtocolError';
}
