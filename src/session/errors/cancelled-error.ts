// A call or subscription that its own signal cancelled.

import type { Delivery } from '../../protocol/delivery.js';
import { SessionError } from './session-error.js';

/** The caller's AbortSignal was aborted; its reason is the `cause`. */
export class CancelledError extends SessionError {
  override readonly name: string = 'CancelledError';

  constructor(what: string, reason: unknown, delivery: Delivery, attempts: number) {
    super(`${what} was cancelled by its signal.`, {
      code: 'cancelled',
      phase: 'operation',
      delivery,
      attempts,
      cause: reason,
    });
  }
}
