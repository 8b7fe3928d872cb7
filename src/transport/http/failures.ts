// What Node's sockets and clients report when the network fails a request, put into the words of the contract: one Failure
// with its code, and with proof that nothing was sent where the error itself is that proof.

import type { Failure, FailureCode } from '../contract.js';

/** `connect`: nothing of the request had been handed to the network yet. */
export type NetworkPhase = 'connect' | 'operation';

/** What a check of the peer's certificate ends with: OpenSSL's names of verification results, and Node's own. */
const certificateTrouble =
  /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|^CRL_|^INVALID_CA$|^INVALID_PURPOSE$|^PATH_LENGTH_EXCEEDED$/;
/** The peer says that about ours, after we took the handshake for finished (TLS 1.3) or within it. */
const certificateAlert = /_ALERT_(?:.*CERTIFICATE|UNKNOWN_CA)/;

const codes: Readonly<Record<string, FailureCode>> = {
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  HPE_HEADER_OVERFLOW: 'too-large',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too-large',
  UND_ERR_INVALID_ARG: 'bad-option',
  UND_ERR_NOT_SUPPORTED: 'bad-option',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'bad-option',
  UND_ERR_CLOSED: 'bad-option',
  UND_ERR_DESTROYED: 'bad-option',
  HPE_INVALID_EOF_STATE: 'network',
};

/** Errors before a connection exists. */
const beforeConnection: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
const callsBeforeConnection: readonly unknown[] = ['connect', 'getaddrinfo'];

const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check the address, or start the server.',
  ENOTFOUND: 'The name is not known: check the host of the address.',
  EAI_AGAIN: 'The name could not be resolved just now: check the network and its DNS server.',
  ENOENT: 'The socket does not exist: check its path, or start the server.',
  UND_ERR_HEADERS_OVERFLOW: 'Node takes larger heads with --max-http-header-size.',
  HPE_HEADER_OVERFLOW: 'Node takes larger heads with --max-http-header-size.',
  UND_ERR_CLOSED: 'Give the transport a dispatcher that lives longer than its sessions.',
  UND_ERR_DESTROYED: 'Give the transport a dispatcher that lives longer than its sessions.',
};

/**
 * `place`: the address as it may be shown, without credentials and query. In phase `connect` the failure says `not-sent`; in
 * phase `operation` it leaves `delivery` out.
 */
export function networkFailure(error: unknown, phase: NetworkPhase, place: string): Failure {
  const root = rootOf(error);
  const code = errorCode(root);
  const kind = isParserError(root) ? 'protocol-error' : kindOf(code);
  const failure: Failure = { code: kind, phase, message: messageOf(kind, phase, place, root, code), cause: error };
  return phase === 'connect' ? { ...failure, delivery: 'not-sent' } : failure;
}

/** Whether an error of a request is proof that nothing of it was sent: name resolution, connecting, the peer's certificate. */
export function provesNotSent(error: unknown): boolean {
  const root = rootOf(error);
  const code = errorCode(root);
  if (code === undefined) return false;
  if (beforeConnection.includes(code) || refusedByUs(code)) return true;
  return typeof root === 'object' && root !== null && 'syscall' in root && callsBeforeConnection.includes(root.syscall);
}

function kindOf(code: string | undefined): FailureCode {
  if (code === undefined) return 'network';
  const known = codes[code];
  if (known !== undefined) return known;
  if (refusedByUs(code) || certificateAlert.test(code)) return 'tls';
  return code.startsWith('HPE_') ? 'protocol-error' : 'network';
}

/** The parser of undici leaves its code out. An end in the middle is the network's doing. */
function isParserError(root: unknown): boolean {
  return root instanceof Error && root.name === 'HTTPParserError' && !/EOF/.test(root.message);
}

function refusedByUs(code: string): boolean {
  return certificateTrouble.test(code) && !certificateAlert.test(code);
}

function messageOf(
  kind: FailureCode,
  phase: NetworkPhase,
  place: string,
  root: unknown,
  code: string | undefined,
): string {
  const what = describe(root, code);
  const cure = code === undefined || advice[code] === undefined ? '' : ` ${advice[code]}`;
  switch (kind) {
    case 'tls':
      return code !== undefined && certificateAlert.test(code)
        ? `${place} did not accept our certificate: ${what} Option "tls" takes "cert" and "key".`
        : `The certificate of ${place} was not accepted: ${what} Trust its CA, with option "tls" where there is one or with the environment variable NODE_EXTRA_CA_CERTS.`;
    case 'timeout':
      return phase === 'connect'
        ? `${place} did not accept the connection in time: ${what}${cure}`
        : `${place} did not answer in time: ${what}${cure}`;
    case 'bad-option':
      return `The request to ${place} cannot be sent: ${what}${cure}`;
    case 'protocol-error':
      return `${place} broke the protocol of HTTP: ${what}`;
    case 'too-large':
      return `The answer of ${place} is beyond a limit: ${what}${cure}`;
    default:
      return phase === 'connect'
        ? `Connecting to ${place} failed: ${what}${cure}`
        : `The connection to ${place} was lost: ${what}`;
  }
}

/** The error's own sentence, with its code where that is not part of it. */
function describe(root: unknown, code: string | undefined): string {
  const text = root instanceof Error ? (opensslReason(root) ?? (root.message || root.name)) : String(root);
  const named = code === undefined || text.includes(code) ? text : `${text} (${code})`;
  return /[.!?]$/.test(named) ? named : `${named}.`;
}

/** OpenSSL's messages are made of numbers and file names; this is the part for people. */
function opensslReason(error: Error): string | undefined {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined;
}

/** Through what `fetch` wraps around it, and what Node joins when a host has several addresses: the first tells enough. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 5; depth++) {
    if (root instanceof AggregateError && root.errors.length > 0) root = root.errors[0];
    else if (root instanceof Error && errorCode(root) === undefined && root.cause !== undefined) root = root.cause;
    else break;
  }
  return root;
}

/** The code of one of Node's errors; undefined for any other. */
function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
