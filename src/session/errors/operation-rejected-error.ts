// The operation that makes the server end connections: found by sending suspects one at a time.

import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/**
 * The server ended the connection at least twice while this operation was unanswered, at last while it was on trial: alone, or for
 * the second time. It is not sent again.
 */
export class OperationRejectedError extends SessionError {
  override readonly name: string = 'OperationRejectedError';

  constructor(what: string, failure: Failure, attempts: number) {
    super(`${what} makes the server end the connection, so it is not sent again: ${failure.message}`, {
      code: 'operation-rejected',
      phase: 'operation',
      delivery: 'unknown',
      attempts,
      failure,
    });
  }
}
