// What can go wrong with one operation within the process, put into the words of the contract.

import type { Errors } from '../../protocol/to-graphql-error.js';
import type { Failure } from '../contract.js';

/** The executor threw or rejected, which it promises not to do: nobody knows how far it came. */
export function executorFailed(cause: unknown): Failure {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const message = `The executor failed instead of answering: ${detail}`;
  return { code: 'no-answer', phase: 'operation', message, delivery: 'unknown', cause };
}

export function answeredWithErrors(errors: Errors, cause: unknown): Failure {
  return {
    code: 'graphql-errors',
    phase: 'operation',
    message: errors[0].message,
    errors,
    delivery: 'answered',
    cause,
  };
}

export function noResult(detail: string): Failure {
  const message = `The executor answered with what is no GraphQL result: ${detail}.`;
  return { code: 'protocol-error', phase: 'operation', message, delivery: 'answered' };
}

export function tooLarge(bytes: number, limit: number): Failure {
  const message = `The answer has ${bytes} bytes; limits.maxMessageBytes allows ${limit}.`;
  return { code: 'too-large', phase: 'operation', message, delivery: 'answered' };
}
