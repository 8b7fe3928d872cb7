// The server, or a proxy in front of it, answered with an HTTP status instead of GraphQL.

import { ResponseError } from './response-error.js';

/**
 * An HTTP status that is no success, with a body that is no GraphQL answer. The message quotes how it begins. `code` is
 * `http-status`; `status` and `headers` are those of the answer.
 */
export class ServerError extends ResponseError {
  override readonly name: string = 'ServerError';
}
