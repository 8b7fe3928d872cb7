// What can go wrong with a connection of HTTP/2, put into the words of the contract. RFC 9113, section 7 for the error codes;
// how a connection ended is told by the WebSocket close code that means the same.

import { constants } from 'node:http2';
import * as CloseCode from '../../protocol/close-codes.js';
import { fitCloseReason } from '../../protocol/close-reason.js';
import type { Closure, Failure } from '../contract.js';
import { networkFailure } from '../http/failures.js';

/** RFC 9113, section 7, in the order of their numbers. */
const errorNames: readonly string[] = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** The close codes that lead to the same verdicts: for the first two an operation may have been the cause. */
const closeCodes: Readonly<Record<number, number>> = {
  [constants.NGHTTP2_PROTOCOL_ERROR]: CloseCode.protocolError,
  [constants.NGHTTP2_INTERNAL_ERROR]: CloseCode.internalError,
  [constants.NGHTTP2_FLOW_CONTROL_ERROR]: CloseCode.protocolError,
  [constants.NGHTTP2_STREAM_CLOSED]: CloseCode.protocolError,
  [constants.NGHTTP2_FRAME_SIZE_ERROR]: CloseCode.protocolError,
  [constants.NGHTTP2_COMPRESSION_ERROR]: CloseCode.protocolError,
  [constants.NGHTTP2_ENHANCE_YOUR_CALM]: CloseCode.tryAgainLater,
};

const useHttp1 = 'The transport of holdfast/undici speaks HTTP/1.1.';

/** Node's error for what its parser of HTTP/2 refuses to read. */
const brokenProtocol = 'ERR_HTTP2_ERROR';

export type Phase = 'handshake' | 'connection';

/** A notice of the peer that it will take nothing new. */
export interface GoAway {
  readonly code: number;
  /** What the peer adds for a person. */
  readonly detail: string;
}

function errorName(code: number): string {
  return errorNames[code] ?? `error ${code}`;
}

export function abortedFailure(): Failure {
  return { code: 'aborted', phase: 'connect', message: 'The session gave up this attempt to connect.' };
}

export function openTimeout(place: string, ms: number): Failure {
  const message = `${place} did not open an HTTP/2 connection within ${ms} ms (limits.openTimeoutMs).`;
  return { code: 'timeout', phase: 'connect', message };
}

/** TCP or TLS failed. */
export function connectFailure(error: unknown, place: string): Failure {
  return isNode(error, 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL')
    ? noHttp2(place, error)
    : networkFailure(error, 'connect', place);
}

/** Node refused an option before anything was attempted. */
export function refusedOption(place: string, cause: unknown): Failure {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const message = `An HTTP/2 connection to ${place} cannot be made: ${detail}`;
  return { code: 'bad-option', phase: 'prepare', message, cause };
}

/** The peer speaks, but not HTTP/2. */
export function noHttp2(place: string, cause?: unknown): Failure {
  const message = `${place} does not speak HTTP/2 (over TLS it is agreed on by ALPN, as "h2"). ${useHttp1}`;
  return { code: 'subprotocol', phase: 'handshake', message, cause };
}

/** Nothing of the request was sent, or the peer says that it did nothing with it: it may be sent elsewhere. */
export function notSent(message: string): Failure {
  return { code: 'network', phase: 'operation', message, delivery: 'not-sent' };
}

/** It waited here when the connection was closed. */
export function closedFailure(place: string): Failure {
  const message = `The request to ${place} was not sent: the HTTP/2 connection is being closed.`;
  return { code: 'aborted', phase: 'close', message, delivery: 'not-sent' };
}

export function unsendable(problem: string): Failure {
  const message = `${problem} Correct it where the program sets it: option "headers", credentials or the call.`;
  return { code: 'bad-option', phase: 'operation', message, delivery: 'not-sent' };
}

export function refusedStream(place: string): Failure {
  return notSent(`${place} refused the request without looking at it (REFUSED_STREAM).`);
}

/** The stream ended before the answer was complete. */
export function resetStream(place: string, code: number, cause: unknown): Failure {
  if (code === constants.NGHTTP2_HTTP_1_1_REQUIRED) {
    const message = `${place} takes this request over HTTP/1.1 only (HTTP_1_1_REQUIRED). ${useHttp1}`;
    return { code: 'subprotocol', phase: 'operation', message, cause };
  }
  const message = `${place} ended the request before its answer was complete (${errorName(code)}).`;
  return { code: 'network', phase: 'operation', message, cause };
}

/** The program's own source of a body failed while it was sent. */
export function bodyFailure(place: string, cause: unknown): Failure {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const message = `The request to ${place} was given up, because what it uploads could not be read: ${detail}`;
  return { code: 'aborted', phase: 'operation', message, cause };
}

/** The body is compressed, and not as its header says, or in a way that we do not know. */
export function packedFailure(place: string, coding: string, why: string, cause?: unknown): Failure {
  const message = `The answer of ${place} came compressed (${coding}) and could not be read: ${why}`;
  return { code: 'protocol-error', phase: 'operation', message, cause };
}

/** We ended it. */
export function endedByUs(): Closure {
  const failure: Failure = {
    code: 'aborted',
    phase: 'close',
    message: 'The HTTP/2 connection was closed by its user.',
  };
  return { by: 'us', code: CloseCode.normal, reason: '', clean: true, failure };
}

/** The peer announced the end: with an error, or everything that it took was finished. */
export function endedByPeer({ code, detail }: GoAway, phase: Phase, place: string): Closure {
  const reason = fitCloseReason(detail);
  const closeCode = closeCodes[code] ?? CloseCode.goingAway;
  const said = detail === '' ? '' : `: ${detail}`;
  const failure: Failure =
    code === constants.NGHTTP2_HTTP_1_1_REQUIRED
      ? noHttp2(place)
      : {
          code: 'closed',
          phase,
          message: `${place} ended the HTTP/2 connection (GOAWAY, ${errorName(code)}${said}).`,
          closeCode,
          closeReason: reason,
        };
  return { by: 'peer', code: closeCode, reason, clean: true, failure };
}

/** It ended without an announcement. */
export function endedByNetwork(error: unknown, phase: Phase, place: string): Closure {
  if (isNode(error, brokenProtocol)) return brokenByPeer(error, phase, place);
  const lost: Failure = {
    code: 'closed',
    phase,
    message:
      phase === 'handshake'
        ? `${place} closed the connection before it had said anything in HTTP/2. If it speaks HTTP/1.1 only: ${useHttp1}`
        : `The connection to ${place} ended without an announcement.`,
    closeCode: CloseCode.abnormal,
    closeReason: '',
  };
  const failure = error === undefined ? lost : explained(lost, error, phase, place);
  return { by: 'network', code: CloseCode.abnormal, reason: '', clean: false, failure };
}

function explained(lost: Failure, error: unknown, phase: Phase, place: string): Failure {
  if (phase === 'handshake') return networkFailure(error, 'connect', place);
  return { ...lost, message: networkFailure(error, 'operation', place).message, cause: error };
}

function brokenByPeer(error: unknown, phase: Phase, place: string): Closure {
  const code = CloseCode.protocolError;
  const detail = error instanceof Error ? error.message : String(error);
  const failure: Failure =
    phase === 'handshake'
      ? noHttp2(place, error)
      : {
          code: 'protocol-error',
          phase,
          message: `${place} broke the HTTP/2 protocol, so the connection was ended: ${detail}.`,
          closeCode: code,
          cause: error,
        };
  return { by: 'us', code, reason: '', clean: false, failure };
}

function isNode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
