// The session could not be connected: thrown by `ready()` and `connect()`, and by calls on a session that gave up.

import type { Delivery } from '../../protocol/delivery.js';
import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

/**
 * No connection in time, or none that waiting could bring. `failure` is the last one; `attempts` counts the tries to connect.
 * `delivery` is `unknown` for an operation that an earlier connection took and did not answer.
 */
export class ConnectError extends SessionError {
  override readonly name: string = 'ConnectError';

  constructor(
    what: string,
    failure: Failure | undefined,
    attempts: number,
    retryable: boolean,
    delivery: Delivery = 'not-sent',
  ) {
    const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    super(`${what} after ${tries}${failure === undefined ? '.' : `: ${failure.message}`}`, {
      code: failure?.code ?? 'timeout',
      phase: failure?.phase ?? 'connect',
      delivery,
      retryable,
      attempts,
      failure,
    });
  }
}
