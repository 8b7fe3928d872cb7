// The errors that operations fail with, made from their record at the moment they fail.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';
import type { GraphQLError } from '../protocol/result.js';
import type { Failure, FailureCode, ResponseHead } from '../transport/contract.js';
import { CancelledError } from './errors/cancelled-error.js';
import { ConnectError } from './errors/connect-error.js';
import { ConnectionLostError } from './errors/connection-lost-error.js';
import { DeadlineError } from './errors/deadline-error.js';
import { GraphQLResultError } from './errors/graphql-result-error.js';
import { InterceptorError } from './errors/interceptor-error.js';
import { OperationRejectedError } from './errors/operation-rejected-error.js';
import { OutcomeUnknownError } from './errors/outcome-unknown-error.js';
import { ProtocolError } from './errors/protocol-error.js';
import { QueueFullError } from './errors/queue-full-error.js';
import { ResponseError } from './errors/response-error.js';
import { ServerError } from './errors/server-error.js';
import { SessionClosedError } from './errors/session-closed-error.js';
import { SessionError } from './errors/session-error.js';
import type { Operation } from './operation.js';
import { isIncurable } from './verdicts.js';

type Head = { readonly [Name in 'status' | 'headers']?: ResponseHead[Name] | undefined };

const connectionGone: Failure = {
  code: 'closed',
  phase: 'connection',
  message: 'The connection that carried it is gone.',
};

export function answeredWithErrors({ title, sends }: Operation, failure: Failure): GraphQLResultError {
  return new GraphQLResultError(title, failure.errors ?? [], {}, sends, failure);
}

export function cancelled({ title, reached, attempts }: Operation, reason: unknown): CancelledError {
  return new CancelledError(title, reason, reached, attempts);
}

export function closed({ title, reached, attempts, lastFailure }: Operation): SessionClosedError {
  return new SessionClosedError(title, reached, attempts, lastFailure);
}

export function deadlinePassed(
  { title, deadlineMs, reached, attempts, lastFailure }: Operation,
  whyNoConnection: Failure | undefined,
): DeadlineError {
  return new DeadlineError(title, deadlineMs, reached, attempts, lastFailure ?? whyNoConnection);
}

/** What was sent before and may have run stays unknown, although no connection will come to ask again. */
export function gaveUp(operation: Operation, cause: Failure, attempts: number): SessionError {
  const { title, reached } = operation;
  if (mayHaveRun(operation)) return outcomeUnknown(operation);
  return new ConnectError(`${title} failed because the session gave up connecting`, cause, attempts, false, reached);
}

/** An interceptor ended it, with a failure of its own or by throwing; or refused it, with an error of its own. */
export function intercepted({ title, reached, sends }: Operation, failure: Failure): HoldfastError {
  const { code, cause, delivery = reached } = failure;
  if (code === 'invalid-operation' && delivery === 'not-sent' && cause instanceof HoldfastError) return cause;
  return new InterceptorError(title, failure, delivery, sends);
}

export function thrownByInterceptor(cause: unknown): Failure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: 'interceptor', phase: 'prepare', message: `It threw: ${message}`, cause };
}

/** It is not sent again, or cannot be sent at all. */
export function lost({ title, sends, delivery }: Operation, failure: Failure): SessionError {
  if (delivery !== 'not-sent' || !isIncurable(failure)) return new ConnectionLostError(title, failure, sends, delivery);
  const { code, phase, message } = failure;
  return new SessionError(`${title} cannot be sent: ${message}`, { code, phase, delivery, attempts: sends, failure });
}

export function outcomeUnknown({ title, sends, lastFailure }: Operation): OutcomeUnknownError {
  return new OutcomeUnknownError(title, lastFailure ?? connectionGone, sends);
}

export function queueFull(operation: Operation, maxWaiting: number): SessionError {
  return mayHaveRun(operation) ? outcomeUnknown(operation) : new QueueFullError(operation.title, maxWaiting);
}

export function rejected({ title, sends }: Operation, failure: Failure): OperationRejectedError {
  return new OperationRejectedError(title, failure, sends);
}

const responseErrors: { readonly [C in FailureCode]?: typeof ResponseError } = {
  'protocol-error': ProtocolError,
  'http-status': ServerError,
};

/** What a server answers about a key whose mutation it neither ran now nor answers for. */
const aboutKeys: readonly unknown[] = [
  'IDEMPOTENCY_OUTCOME_UNKNOWN',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_STILL_RUNNING',
  'IDEMPOTENCY_UNAVAILABLE',
];

/** Whoever was refused, for its credentials or its key, was not applied now, which says nothing of an earlier send. */
export function staysUnknown(operation: Operation, { status, errors = [] }: Failure): boolean {
  const code = errors[0]?.extensions?.code;
  return (status === 401 || aboutKeys.includes(code)) && mayHaveRun(operation);
}

export function unusable(operation: Operation, failure: Failure): SessionError {
  if (staysUnknown(operation, failure)) return outcomeUnknown(operation);
  const Kind = responseErrors[failure.code] ?? ResponseError;
  return new Kind(operation.title, withHead(failure, operation.head), operation.sends);
}

/** A part of an answer that breaks the rules. `fault`: how, as a clause. */
export function badPart(fault: string): Failure {
  return {
    code: 'protocol-error',
    phase: 'operation',
    message: `The server broke the rules of answers in parts: ${fault}.`,
    delivery: 'answered',
  };
}

export const noAnswer: Failure = {
  code: 'no-answer',
  phase: 'operation',
  message: 'The server completed the operation without an answer.',
};

/** It was completed between the parts of its answer. */
export const cutShort: Failure = {
  code: 'no-answer',
  phase: 'operation',
  message: 'The server completed the operation before the last part of its answer.',
  delivery: 'answered',
};

/** GraphQL errors as a Failure, for the retry rule's verdict and for the error. `head`: of the HTTP answer they came in. */
export function graphqlFailure(errors: readonly GraphQLError[], head: Head | undefined): Failure {
  const message = errors[0]?.message ?? 'The server answered with errors.';
  return withHead({ code: 'graphql-errors', phase: 'operation', message, errors }, head);
}

/** What is known of the HTTP answer that it is about, where it does not say so itself. */
export function withHead(failure: Failure, head: Head | undefined): Failure {
  if (head?.status === undefined || failure.status !== undefined) return failure;
  return { ...failure, status: head.status, headers: head.headers };
}

function mayHaveRun({ request, reached }: Operation): boolean {
  return request.kind === 'mutation' && reached === 'unknown';
}
