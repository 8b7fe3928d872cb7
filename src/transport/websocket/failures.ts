// What can go wrong with a WebSocket, put into the words of the contract: one Failure for each kind of trouble.

import * as CloseCode from '../../protocol/close-codes.js';
import type { JsonObject } from '../../protocol/json.js';
import type { Closure, Failure } from '../contract.js';
import { parseRetryAfter } from '../http/retry-after.js';
import { TunnelRefused } from '../http/tunnel-refused.js';
import type { SocketEnd } from './socket.js';

/** Errors of Node's TLS that say that the certificate was not accepted. */
const certificateTrouble = /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/;

/** The socket never opened. */
export function openFailure(address: string, error: unknown): Failure {
  if (error instanceof TunnelRefused) {
    return { code: 'http-status', phase: 'connect', message: error.message, status: error.status, cause: error };
  }
  const cause = firstOf(error);
  const code = codeOf(cause);
  const what = cause instanceof Error ? cause.message || cause.name : String(cause);
  if (code !== undefined && certificateTrouble.test(code)) {
    const message = `The certificate of ${address} was not accepted (${code}): ${what}. Option "tls" takes your own CA.`;
    return { code: 'tls', phase: 'connect', message, cause: error };
  }
  return { code: 'network', phase: 'connect', message: `Connecting to ${address} failed: ${what}`, cause: error };
}

/** The platform refused the address or an option before anything was attempted: waiting will not cure it. */
export function refusedByPlatform(address: string, cause: unknown): Failure {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return {
    code: 'bad-option',
    phase: 'prepare',
    message: `A WebSocket to ${address} cannot be made: ${detail}`,
    cause,
  };
}

export function statusFailure(
  address: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  now: number,
): Failure {
  return {
    code: 'http-status',
    phase: 'connect',
    message: `${address} answered the WebSocket upgrade with HTTP status ${status}.`,
    status,
    headers,
    retryAfterMs: parseRetryAfter(headers['retry-after'], now),
  };
}

export function timeoutFailure(phase: 'connect' | 'handshake', address: string, ms: number): Failure {
  const message =
    phase === 'connect'
      ? `${address} did not accept the connection within ${ms} ms (limits.openTimeoutMs).`
      : `${address} did not acknowledge the connection within ${ms} ms (limits.ackTimeoutMs).`;
  return { code: 'timeout', phase, message };
}

export function abortedFailure(): Failure {
  return { code: 'aborted', phase: 'connect', message: 'The session gave up this attempt to connect.' };
}

export function subprotocolFailure(selected: string | undefined, offered: readonly string[]): Failure {
  const message =
    selected === undefined
      ? `The server selected no subprotocol. If you know that it speaks one, name it in the option "assume", as in { assume: '${offered[0]}' }.`
      : `The server selected the subprotocol "${selected}"; offered were ${offered.join(', ')}.`;
  return { code: 'subprotocol', phase: 'handshake', message };
}

/** The peer sent what is no message of the dialect, or not at this time. */
export function protocolFailure(phase: 'handshake' | 'connection', detail: string): Failure {
  return {
    code: 'protocol-error',
    phase,
    message: `The server broke the protocol: ${detail}`,
    closeCode: CloseCode.badResponse,
  };
}

/** Of what a server says that goes into a message, characters. */
const longestDetail = 500;

/** The server said so in a message, whatever close code follows. */
export function refusal(payload: JsonObject | undefined): Closure {
  const detail = payload === undefined ? 'it gave no reason' : JSON.stringify(payload).slice(0, longestDetail);
  const failure: Failure = {
    code: 'refused',
    phase: 'handshake',
    message: `The server refused the connection: ${detail}`,
  };
  return { by: 'peer', code: CloseCode.normal, reason: '', clean: true, failure };
}

/** The server said in a message that nothing more will come; closing the socket is left to us. */
export function endOfService(
  { code, reason }: { readonly code: number; readonly reason: string },
  phase: 'handshake' | 'connection',
): Closure {
  const closure = closureOf({ code, reason, clean: true, failedByUs: false, error: undefined }, phase);
  return { ...closure, code: CloseCode.normal, reason: '' };
}

/** The server of subscriptions-transport-ws accepts whatever is offered first, and ends the connection if that is not its own. */
const offerLegacyAlone = " If it speaks only the legacy subprotocol, offer that alone: { protocols: ['graphql-ws'] }.";

/** How an open socket ended, unless we ended it ourselves. */
export function closureOf(end: SocketEnd, phase: 'handshake' | 'connection'): Closure {
  const { code, reason, clean, error } = end;
  if (end.failedByUs) {
    const tooLarge = code === CloseCode.tooLarge;
    const message = tooLarge
      ? 'A message of the server was larger than four times limits.maxMessageBytes, so the connection was ended.'
      : `The server broke the WebSocket protocol: ${error?.message ?? 'unknown error'}`;
    const failure: Failure = {
      code: tooLarge ? 'too-large' : 'protocol-error',
      phase,
      message,
      closeCode: code,
      cause: error,
    };
    return { by: 'us', code, reason, clean, failure };
  }
  const by = clean ? 'peer' : 'network';
  // A reason that is a sentence of its own has its full stop already.
  const why = reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`;
  const when = phase === 'handshake' ? ' before it acknowledged it' : '';
  const cure = phase === 'handshake' && clean && code === CloseCode.protocolError ? offerLegacyAlone : '';
  const message = clean
    ? `The server closed the connection${when} with code ${code}${why}.${cure}`
    : `The connection ended without a closing handshake${when}${error === undefined ? '' : `: ${error.message}`}.`;
  const failure: Failure = { code: 'closed', phase, message, closeCode: code, closeReason: reason, cause: error };
  return { by, code, reason, clean, failure };
}

/** An answer beyond the soft limit: it fails alone. */
export function tooLarge(bytes: number, limit: number): Failure {
  const message = `The answer has ${bytes} bytes; limits.maxMessageBytes allows ${limit}.`;
  return { code: 'too-large', phase: 'operation', message, delivery: 'answered' };
}

export function answeredWithErrors(errors: NonNullable<Failure['errors']>): Failure {
  const message = errors[0]?.message ?? 'The server answered with errors.';
  return { code: 'graphql-errors', phase: 'operation', message, errors, delivery: 'answered' };
}

/** Node joins the failures of a host's several addresses; the first tells enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
