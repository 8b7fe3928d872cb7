// Failures are data: every error of a session can be told apart without reading its message, and keeps what it came from.

import { describe, expect, test } from 'vitest';
import {
  CancelledError,
  ConnectError,
  ConnectionLostError,
  DeadlineError,
  type Failure,
  GapError,
  GraphQLResultError,
  HoldfastError,
  OperationRejectedError,
  OutcomeUnknownError,
  ProtocolError,
  QueueFullError,
  ResponseError,
  ServerError,
  SessionClosedError,
  SessionError,
} from '../../src/index.js';

const original = new Error('socket hang up');
const failure: Failure = {
  code: 'http-status',
  phase: 'connect',
  message: 'The proxy said no.',
  status: 503,
  headers: { 'retry-after': '1' },
  closeCode: 1006,
  cause: original,
};
const title = 'Mutation "pay"';
const gap = { reason: 'connection-lost', lostAt: 0, liveAt: 5 } as const;

const errors: readonly (readonly [SessionError, Partial<Record<keyof SessionError, unknown>>])[] = [
  [
    new ConnectError('The session was not ready', failure, 3, true),
    { name: 'ConnectError', code: 'http-status', phase: 'connect', delivery: 'not-sent', retryable: true, attempts: 3 },
  ],
  [
    new ConnectionLostError(title, failure, 5, 'unknown'),
    {
      name: 'ConnectionLostError',
      code: 'http-status',
      phase: 'operation',
      delivery: 'unknown',
      retryable: true,
      attempts: 5,
    },
  ],
  [
    new OutcomeUnknownError(title, failure, 1),
    {
      name: 'OutcomeUnknownError',
      code: 'outcome-unknown',
      phase: 'operation',
      delivery: 'unknown',
      retryable: false,
      attempts: 1,
    },
  ],
  [
    new DeadlineError(title, 30, 'not-sent', 0, failure),
    { name: 'DeadlineError', code: 'deadline', phase: 'queue', delivery: 'not-sent', retryable: true, attempts: 0 },
  ],
  [
    new DeadlineError(title, 30, 'unknown', 1, failure),
    { name: 'DeadlineError', code: 'deadline', phase: 'operation', delivery: 'unknown', retryable: false, attempts: 1 },
  ],
  [
    new SessionClosedError(title, 'unknown', 2, failure),
    {
      name: 'SessionClosedError',
      code: 'session-closed',
      phase: 'close',
      delivery: 'unknown',
      retryable: false,
      attempts: 2,
    },
  ],
  [
    new OperationRejectedError(title, failure, 2),
    {
      name: 'OperationRejectedError',
      code: 'operation-rejected',
      phase: 'operation',
      delivery: 'unknown',
      retryable: false,
      attempts: 2,
    },
  ],
  [
    new ResponseError(title, failure, 1),
    {
      name: 'ResponseError',
      code: 'http-status',
      phase: 'operation',
      delivery: 'answered',
      retryable: false,
      attempts: 1,
    },
  ],
  [new ProtocolError(title, failure, 1), { name: 'ProtocolError', delivery: 'answered', attempts: 1 }],
  [new ServerError(title, failure, 1), { name: 'ServerError', code: 'http-status', delivery: 'answered' }],
];

describe('Every error of a session says what happened, where, whether it reached the server, and keeps its cause', () => {
  test.each(errors)('%s', (error, expected) => {
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject(expected);
    // What it came from is kept untouched, and can be read without unwrapping.
    expect(error.failure).toBe(failure);
    expect(error.cause).toBe(original);
    expect({ status: error.status, headers: error.headers, closeCode: error.closeCode }).toEqual({
      status: 503,
      headers: { 'retry-after': '1' },
      closeCode: 1006,
    });
    expect(error.message).toMatch(/^(Mutation "pay"|The session)/);
  });

  test('keeps all errors of an answer, its data and its extensions', () => {
    const list = [
      { message: 'No stock', path: ['order', 0, 'price'], extensions: { code: 'STOCK' } },
      { message: 'No price' },
    ];
    const error = new GraphQLResultError(title, list, { data: { order: null }, extensions: { cost: 1 } }, 2);
    expect(error).toMatchObject({ code: 'graphql-errors', delivery: 'answered', attempts: 2, retryable: false });
    expect(error.errors).toBe(list);
    expect(error.data).toEqual({ order: null });
    expect(error.extensions).toEqual({ cost: 1 });
    expect(error.message).toBe('Mutation "pay" was answered with an error at order.0.price: No stock (and 1 more)');
  });

  test('of a cancelled call has the reason of its signal as its cause', () => {
    expect(new CancelledError(title, original, 'unknown', 1)).toMatchObject({
      code: 'cancelled',
      delivery: 'unknown',
      cause: original,
    });
  });

  test('of a full queue names the option, and may be retried', () => {
    const error = new QueueFullError(title, 10);
    expect(error).toMatchObject({ code: 'queue-full', phase: 'queue', delivery: 'not-sent', retryable: true });
    expect(error.message).toContain('"maxWaiting"');
  });

  test('of a gap holds the gap', () => {
    expect(new GapError('Subscription', gap)).toMatchObject({ code: 'gap', gap });
  });
});
