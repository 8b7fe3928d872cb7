// Draws every error class that the package exports: code, phase, delivery and retryable out of errors that are made here.

import * as holdfast from '../../../src/index.js';
import type { Failure } from '../../../src/transport/contract.js';
import { table } from './table.js';

interface ErrorRow {
  /** One for each way in which the class is used. */
  readonly made: readonly holdfast.HoldfastError[];
  readonly when: string;
  readonly cure: string;
}

const failure: Failure = { code: 'closed', phase: 'connection', message: 'It ended.' };
const tooLarge: Failure = { code: 'too-large', phase: 'operation', message: 'It is too large.' };
const noGraphQL: Failure = { code: 'protocol-error', phase: 'operation', message: 'It is no GraphQL.' };
const refused: Failure = { code: 'http-status', phase: 'operation', message: 'It has status 500.', status: 500 };
const noAnswer: Failure = { code: 'no-answer', phase: 'operation', message: 'There was none.' };
const thrown: Failure = { code: 'interceptor', phase: 'prepare', message: 'It threw.' };
const kept: Failure = { code: 'interceptor', phase: 'operation', message: 'It kept the answer.' };
const what = 'Query';
const deliveries = ['not-sent', 'unknown', 'answered'] as const;

const rows: Readonly<Record<string, ErrorRow>> = {
  ConnectError: {
    made: [
      new holdfast.ConnectError(what, failure, 1, true),
      new holdfast.ConnectError(what, failure, 1, false),
      new holdfast.ConnectError(what, failure, 1, false, 'unknown'),
    ],
    when: '`ready()` and `connect()`: not ready in time (retryable; `timeout` where nothing has failed yet). Everything else: the session gave up. `ping()`: there is nothing to ping',
    cure: 'read `failure`; after `failed` correct the cause, then `session.reconnect()`',
  },
  GraphQLResultError: {
    made: [new holdfast.GraphQLResultError(what, [], {}, 1)],
    when: '`execute`, `.data()`, and a subscription that the server refuses or ends with errors; `errors`, `data` and `extensions` are in it',
    cure: 'what the errors say; `session.result` hands errors over without throwing',
  },
  OutcomeUnknownError: {
    made: [new holdfast.OutcomeUnknownError(what, failure, 1)],
    when: 'a mutation was sent, and its connection ended before the answer',
    cure: 'read the state that it would have changed, then decide; or use a server that honours idempotency keys',
  },
  ConnectionLostError: {
    made: [
      new holdfast.ConnectionLostError(what, failure, 5, 'unknown'),
      new holdfast.ConnectionLostError(what, failure, 5, 'answered'),
    ],
    when: 'a query or subscription lost its connection, and its rule has no attempt left or says `fail`',
    cure: 'try again later, or allow more attempts',
  },
  OperationRejectedError: {
    made: [new holdfast.OperationRejectedError(what, failure, 2)],
    when: 'the server ends the connection whenever it gets this operation',
    cure: 'correct the operation or the server; it is not sent again',
  },
  DeadlineError: {
    made: deliveries.map((delivery) => new holdfast.DeadlineError(what, 1, delivery, 1, failure)),
    when: 'no answer within `deadlineMs`; the server was told to stop. Retryable where it was not sent',
    cure: 'for a mutation look at `delivery` before you repeat it',
  },
  CancelledError: {
    made: deliveries.map((delivery) => new holdfast.CancelledError(what, undefined, delivery, 1)),
    when: 'its `signal` was aborted; the reason is the `cause`; the server was told to stop',
    cure: 'for a mutation look at `delivery` before you repeat it',
  },
  ResponseError: {
    made: [new holdfast.ResponseError(what, tooLarge, 1), new holdfast.ResponseError(what, noAnswer, 1)],
    when: 'the answer is larger than `limits.maxMessageBytes`, or holds neither data nor errors',
    cure: 'ask for less or raise the limit; correct the server',
  },
  ProtocolError: {
    made: [new holdfast.ProtocolError(what, noGraphQL, 1)],
    when: 'the server answered, and the answer is no GraphQL: no JSON, JSON without data and errors, parts or a stream against their rules. A `ResponseError` too',
    cure: 'read the message, which quotes how the answer begins: is this the address of a GraphQL server?',
  },
  ServerError: {
    made: [new holdfast.ServerError(what, refused, 1)],
    when: 'HTTP transports: the server or a proxy answered with a `status` that is no success, and without GraphQL. A `ResponseError` too',
    cure: 'read `status`, `headers` and the start of the body in the message; for a mutation read the state that it would have changed, where the status says that the server failed',
  },
  InterceptorError: {
    made: [
      new holdfast.InterceptorError(what, thrown, 'not-sent', 0),
      new holdfast.InterceptorError(what, kept, 'unknown', 1),
      new holdfast.InterceptorError(what, kept, 'answered', 1),
    ],
    when: 'an interceptor threw, or ended the operation with a failure of its own, whose `code` this then has',
    cure: 'correct the interceptor; what it threw is the `cause`',
  },
  QueueFullError: {
    made: [new holdfast.QueueFullError(what, 1)],
    when: '`maxWaiting` operations wait already',
    cure: 'call less, or later',
  },
  BufferFullError: {
    made: [new holdfast.BufferFullError(what, 1, 1, 1)],
    when: 'the consumer of a subscription is too slow, and `whenFull` is `fail`',
    cure: 'take events faster, or choose another `whenFull`',
  },
  GapError: {
    made: [new holdfast.GapError(what, { reason: 'parked', lostAt: 0, liveAt: 0 })],
    when: 'a gap, and `.data({ onGap: "fail" })`; the gap is in it',
    cure: 'read the state anew and subscribe again',
  },
  SessionClosedError: {
    made: deliveries.map((delivery) => new holdfast.SessionClosedError(what, delivery, 1)),
    when: 'the session was closed: before the call, before it was sent, or before its answer came within the grace',
    cure: 'nothing; a session that was closed stays closed',
  },
  DocumentError: {
    made: [new holdfast.DocumentError('')],
    when: 'the document is malformed, or does not say which of its operations is meant; nothing was sent',
    cure: 'correct it; `line` and `column` say where',
  },
  OptionError: {
    made: [new holdfast.OptionError('', '')],
    when: 'an option is unknown or cannot work; nothing was sent',
    cure: 'correct it; `option` says which',
  },
  MissingDependencyError: {
    made: [new holdfast.MissingDependencyError('', '', '')],
    when: 'an optional package is needed and not installed',
    cure: 'install it; the message holds the command',
  },
};

/** The classes from which the others descend. */
const roots = ['HoldfastError', 'SessionError'];

export function drawErrors(): string {
  const exported = Object.entries(holdfast).filter(([name, value]) => isErrorClass(value) && !roots.includes(name));
  const missing = exported.filter(([name]) => rows[name] === undefined).map(([name]) => name);
  if (missing.length > 0) throw new Error(`The guide has no row for ${missing.join(', ')}.`);
  return table(
    ['error', '`code`', '`phase`', '`delivery`', '`retryable`', 'when', 'what to do'],
    Object.entries(rows).map(([name, { made, when, cure }]) => [
      `\`${name}\``,
      codes(made),
      values(made, ({ phase }) => (phase === failure.phase ? "the failure's" : phase)),
      values(made, ({ delivery }) => delivery),
      values(made, ({ retryable }) => (retryable ? 'yes' : 'no')),
      when,
      cure,
    ]),
  );
}

function isErrorClass(value: unknown): boolean {
  return (
    typeof value === 'function' &&
    (value === holdfast.HoldfastError || value.prototype instanceof holdfast.HoldfastError)
  );
}

/** A code that is the failure's own says so. */
function codes(made: readonly holdfast.HoldfastError[]): string {
  return made.some(({ code }) => code === failure.code) ? "the failure's" : values(made, ({ code }) => `\`${code}\``);
}

function values(made: readonly holdfast.HoldfastError[], of: (error: holdfast.HoldfastError) => string): string {
  return [...new Set(made.map(of))].join(', ');
}
