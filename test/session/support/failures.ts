// Failures as transports report them, one line each.

import type { Failure } from '../../../src/transport/contract.js';

export const refusedByNetwork: Failure = { code: 'network', phase: 'connect', message: 'connect ECONNREFUSED' };

/** A connection that ended: by the peer's close frame, or without one (1006). */
export function closedWith(closeCode: number, closeReason: string = ''): Failure {
  return { code: 'closed', phase: 'connection', message: `closed with ${closeCode}`, closeCode, closeReason };
}

/** An HTTP answer: to the upgrade, or instead of a GraphQL result. */
export function httpStatus(status: number, retryAfterMs?: number): Failure {
  return { code: 'http-status', phase: 'connect', message: `HTTP status ${status}`, status, retryAfterMs };
}
