// The two tables of verdicts: what follows when a connection failed, and when an operation did. Data, in one place; a retry
// rule's own `verdict` is asked before them.

import * as CloseCode from '../protocol/close-codes.js';
import type { OperationKind } from '../protocol/result.js';
import type { Failure, FailureCode } from '../transport/contract.js';

/** `retry-slowly`: at the cap of the backoff. `refresh`: with new credentials at once; where that does not help, `fail` at first contact and else `retry-slowly`. */
export type ConnectVerdict = 'retry' | 'retry-slowly' | 'refresh' | 'fail';

/** What waiting cannot cure. */
const incurable: readonly FailureCode[] = ['bad-address', 'missing-dependency', 'bad-option'];

interface ConnectRow {
  readonly codes: readonly FailureCode[];
  /** Narrows `closed` by close code and `http-status` by status; undefined: any. */
  readonly numbers?: readonly number[] | undefined;
  /** Until the session has been ready once. */
  readonly atFirst: ConnectVerdict;
  readonly afterwards: ConnectVerdict;
}

/** HTTP statuses that say "later", at the handshake and for operations. */
const temporaryStatuses = [408, 425, 429, 500, 502, 503, 504] as const;

/** The first row that matches decides; a failure that matches none is worth another try. */
const connectTable: readonly ConnectRow[] = [
  { codes: ['http-status'], numbers: [401, 403], atFirst: 'refresh', afterwards: 'refresh' },
  {
    codes: ['closed'],
    numbers: [CloseCode.unauthorized, CloseCode.forbidden, CloseCode.policyViolation],
    atFirst: 'refresh',
    afterwards: 'refresh',
  },
  { codes: ['refused'], atFirst: 'refresh', afterwards: 'refresh' },
  { codes: ['http-status'], numbers: temporaryStatuses, atFirst: 'retry', afterwards: 'retry' },
  { codes: ['subprotocol', 'tls'], atFirst: 'fail', afterwards: 'retry-slowly' },
  { codes: ['closed'], numbers: [CloseCode.subprotocolNotAcceptable], atFirst: 'fail', afterwards: 'retry-slowly' },
  // After the session has been ready it was right once: a token that no header can hold, say, may be followed by a good one.
  { codes: incurable, atFirst: 'fail', afterwards: 'retry-slowly' },
];

/** What follows when opening failed, or when a ready connection ended. */
export function connectVerdict(failure: Failure, contacted: boolean): ConnectVerdict {
  const row = connectTable.find((candidate) => matches(candidate, failure));
  if (row !== undefined) return contacted ? row.afterwards : row.atFirst;
  // Any other 3xx or 4xx: this address does not take us, and waiting alone will not change that.
  if (failure.code === 'http-status' && (failure.status ?? 500) < 500) return contacted ? 'retry-slowly' : 'fail';
  return 'retry';
}

function matches(row: ConnectRow, failure: Failure): boolean {
  if (!row.codes.includes(failure.code)) return false;
  if (row.numbers === undefined) return true;
  const number = failure.code === 'closed' ? failure.closeCode : failure.status;
  return number !== undefined && row.numbers.includes(number);
}

/** Endings of a ready connection that one of the operations on it may have caused. */
const suspiciousCloseCodes: readonly number[] = [
  CloseCode.protocolError,
  CloseCode.unsupportedData,
  CloseCode.invalidPayload,
  CloseCode.tooLarge,
  CloseCode.internalError,
  CloseCode.badRequest,
  CloseCode.subscriberAlreadyExists,
  CloseCode.serverError,
];

/**
 * Whether the operations unanswered on a connection that ended like this are suspects, to be tried one at a time. Besides
 * the server's close codes: what made us end it, a malformed or oversized message, which may be the answer to one of them.
 */
export function raisesSuspicion(failure: Failure): boolean {
  if (failure.code === 'protocol-error' || failure.code === 'too-large') return true;
  return (
    failure.code === 'closed' && failure.closeCode !== undefined && suspiciousCloseCodes.includes(failure.closeCode)
  );
}

/**
 * `again`: send it again within its rule. `refresh`: once more, with new credentials, where the server did not accept them and
 * so did nothing. `unknown`: it may have run; only its caller can find out. `fail`: it is settled.
 */
export type OperationVerdict = 'again' | 'refresh' | 'unknown' | 'fail';

const lostTable: Readonly<Record<OperationKind, OperationVerdict>> = {
  query: 'again',
  mutation: 'unknown',
  subscription: 'again',
};

const temporaryAnswerTable: Readonly<Record<OperationKind, OperationVerdict>> = {
  query: 'again',
  mutation: 'fail',
  subscription: 'again',
};

/** 401: the request was not applied (RFC 9110, section 15.5.2). 403 does not say so, and a write is not repeated by accident. */
const refusedTable: Readonly<Record<401 | 403, Readonly<Record<OperationKind, OperationVerdict>>>> = {
  401: { query: 'refresh', mutation: 'refresh', subscription: 'refresh' },
  403: { query: 'refresh', mutation: 'fail', subscription: 'refresh' },
};

/** Whether an operation that could not be sent will meet the same again, however often it is tried. */
export function isIncurable(failure: Failure): boolean {
  return incurable.includes(failure.code);
}

/** What follows for an operation that was sent and whose connection ended. One that was not sent waits: it needs no verdict. */
export function lostVerdict(kind: OperationKind): OperationVerdict {
  return lostTable[kind];
}

/**
 * What follows for an operation that was answered with a failure of its own. GraphQL errors without data are a request error:
 * nothing was executed (GraphQL specification, section 7.1), and 401 beside them says why.
 */
export function answeredVerdict(kind: OperationKind, failure: Failure, withData: boolean = false): OperationVerdict {
  const { code, status } = failure;
  if (code === 'graphql-errors') return status === 401 && !withData ? refusedTable[status][kind] : 'fail';
  if (code !== 'http-status') return 'fail';
  if (status === 401 || status === 403) return refusedTable[status][kind];
  const temporary = temporaryStatuses.some((one) => one === status && status !== 500);
  return temporary ? temporaryAnswerTable[kind] : 'fail';
}
