// A query or subscription whose connection ended and that is not sent again: its retry rule is used up, or says so.

import type { Delivery } from '../../protocol/delivery.js';
import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/** The connection ended before the answer. `code` is the failure's, as in `closed`, `silent` or `protocol-error`. */
export class ConnectionLostError extends SessionError {
  override readonly name: string = 'ConnectionLostError';

  constructor(what: string, failure: Failure, attempts: number, delivery: Delivery) {
    const tries = attempts === 1 ? 'sent once' : `sent ${attempts} times`;
    super(`${what} lost its connection (${tries}): ${failure.message}`, {
      code: failure.code,
      phase: 'operation',
      delivery,
      retryable: true,
      attempts,
      failure,
    });
  }
}
