// The server answered, and the answer cannot be used.

import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/**
 * `code` says why: `no-answer` (completed without data), `too-large`; a `ProtocolError` or `ServerError` is one too. The session
 * and other operations go on.
 */
export class ResponseError extends SessionError {
  override readonly name: string = 'ResponseError';

  constructor(what: string, failure: Failure, attempts: number) {
    super(`${what} got no usable answer: ${failure.message}`, {
      code: failure.code,
      phase: 'operation',
      delivery: failure.delivery ?? 'answered',
      attempts,
      failure,
    });
  }
}
