// A call on a session that is closed or closing.

import type { Delivery } from '../../protocol/delivery.js';
import type { Failure } from '../../transport/contract.js';
import { SessionError } from './session-error.js';

const fates: Readonly<Record<Delivery, string>> = {
  'not-sent': 'was not sent',
  unknown: 'was sent and not answered in time',
  answered: 'was answered with a failure and not sent again',
};

/** The program closed the session. `delivery` is `unknown` for calls that were in flight when the grace ended. */
export class SessionClosedError extends SessionError {
  override readonly name: string = 'SessionClosedError';

  constructor(what: string, delivery: Delivery, attempts: number, failure?: Failure, fate: string = fates[delivery]) {
    super(`${what} ${fate}: the session was closed.`, {
      code: 'session-closed',
      phase: 'close',
      delivery,
      attempts,
      failure,
    });
  }
}
