// How the driver says that it ended a connection itself, and what a transport's rejection means.

import * as CloseCode from '../protocol/close-codes.js';
import type { Closure, Failure } from '../transport/contract.js';
import { OpenError } from '../transport/open-error.js';

export const givenUp: Failure = {
  code: 'aborted',
  phase: 'connect',
  message: 'The session was closed before it was connected.',
};

export function ended(why: string): Closure {
  const message = `The session ended this connection: ${why}.`;
  return {
    by: 'us',
    code: CloseCode.normal,
    reason: '',
    clean: true,
    failure: { code: 'aborted', phase: 'close', message },
  };
}

/** A transport rejects with an OpenError; anything else is a defect of it, and still a failed attempt. */
export function failureOf(error: unknown): Failure {
  if (error instanceof OpenError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'network',
    phase: 'connect',
    message: `The transport failed to open a connection: ${message}`,
    cause: error,
  };
}
