// What can go wrong with a stream that many operations share, put into the words of the contract. How it ended is told by the
// WebSocket close code that means the same.

import * as CloseCode from '../../../protocol/close-codes.js';
import type { Unreadable } from '../../../protocol/http/outcome.js';
import type { Closure, Failure, ResponseHead } from '../../contract.js';
import { quote } from '../answer.js';
import { parseRetryAfter } from '../retry-after.js';

/** What a server answers a reservation with that has never heard of one. */
const unknownMode: readonly number[] = [400, 404, 405, 501];

/** The reservation was answered with something else than a token. */
export function notReserved(place: string, head: ResponseHead, body: string, now: number): Failure {
  const { status, headers } = head;
  const said = `it answered the request to reserve an event stream (PUT) with HTTP status ${status}: ${quote(body)}`;
  if ((status >= 200 && status < 300) || unknownMode.includes(status)) {
    const message = `${place} does not know the single connection mode of GraphQL over SSE: ${said} Check the address, or leave out the option "singleConnection".`;
    return { code: 'subprotocol', phase: 'handshake', message, status, headers };
  }
  const message = `${place} gave no event stream: ${said}`;
  return { ...statusFailure(message, head, now), phase: 'connect' };
}

/** The request for the stream itself was answered with something else. */
export function notOpened(place: string, head: ResponseHead, now: number): Failure {
  const { status, headers } = head;
  if (status === 404 || status === 409) return forgotten(place, head, 'handshake');
  const said = `${place} answered the request for its event stream with HTTP status ${status}`;
  if (status !== 200) return statusFailure(`${said}.`, head, now);
  const type = headers['content-type'] ?? 'no content type';
  return {
    code: 'subprotocol',
    phase: 'handshake',
    message: `${said} and no stream of events (${type}).`,
    status,
    headers,
  };
}

/** The server is another one by now, or something between us sends requests to several of them. */
export function forgotten(place: string, { status, headers }: ResponseHead, phase: Failure['phase']): Failure {
  const message = `${place} does not know the event stream that it gave (HTTP status ${status}): it was restarted, or there are several servers behind this address that do not know each other's streams.`;
  return { code: 'closed', phase, message, status, headers };
}

/** The stream ended. There is no end in order: a server ends operations, and never the stream that they share. */
export function endedStream(place: string): Failure {
  const message = `The event stream of ${place} ended, and with it every operation on it.`;
  return { code: 'closed', phase: 'connection', message, closeCode: CloseCode.abnormal };
}

export function lostStream(failure: Failure): Failure {
  const { message, cause } = failure;
  return { code: 'closed', phase: 'connection', message, cause, closeCode: CloseCode.abnormal };
}

export function silentStream(place: string, silentMs: number): Failure {
  const message = `The event stream of ${place} has been silent for ${silentMs} ms, and counts as dead.`;
  return { code: 'silent', phase: 'connection', message, closeCode: CloseCode.terminated };
}

export function brokenStream(place: string, { reason, start, cause }: Unreadable): Failure {
  const begins = start === '' ? '' : `: ${quote(start)}`;
  const message = `The event stream of ${place} breaks the rules, so it was ended: ${reason}${begins}.`;
  return { code: 'protocol-error', phase: 'connection', message, cause, closeCode: CloseCode.badResponse };
}

export function oversizedStream(bytes: number): Failure {
  const message = `An event of the server has at least ${bytes} bytes, more than four times limits.maxMessageBytes, so the event stream was ended.`;
  return { code: 'too-large', phase: 'connection', message, closeCode: CloseCode.tooLarge };
}

export function openTimeout(place: string, ms: number): Failure {
  const message = `${place} did not give an event stream within ${ms} ms (limits.openTimeoutMs).`;
  return { code: 'timeout', phase: 'connect', message };
}

export function givenUp(): Failure {
  return { code: 'aborted', phase: 'connect', message: 'The session gave up this attempt to open.' };
}

export function closureOf(by: Closure['by'], failure: Failure): Closure {
  return { by, code: failure.closeCode ?? CloseCode.abnormal, reason: '', clean: false, failure };
}

function statusFailure(message: string, { status, headers }: ResponseHead, now: number): Failure {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
  return { code: 'http-status', phase: 'handshake', message, status, headers, retryAfterMs };
}
