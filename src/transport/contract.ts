// The contract between the session and its transports, as types. A transport is the recipe for reaching a server; a
// connection is one life of it. Callbacks on the hot path: the session makes promises and iterators, once.

import type { Delivery } from '../protocol/delivery.js';
import type { Phase } from '../protocol/errors/holdfast-error.js';
import type { JsonCodec, JsonObject } from '../protocol/json.js';
import type { JsonText } from '../protocol/json-text.js';
import type { GraphQLError, OperationKind, Result } from '../protocol/result.js';
import type { UploadField } from '../protocol/upload.js';

/** Time, injected so that tests and the simulation own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** Bounds that hold for every connection of a session. */
export interface Limits {
  /** From the start of `open` to an open socket, ms. */
  readonly openTimeoutMs: number;
  /** From the open socket to the server's acknowledgement, ms. */
  readonly ackTimeoutMs: number;
  /** How long a closing handshake may take before the socket is terminated, ms. */
  readonly closeTimeoutMs: number;
  /** Soft limit, bytes: a larger message fails its operation alone. Four times it ends the connection. */
  readonly maxMessageBytes: number;
}

/** What one connection is opened with. */
export interface Credentials {
  /** Headers of the WebSocket upgrade and of every HTTP request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The payload of `connection_init`. */
  readonly connectionParams?: JsonObject | undefined;
  /** When they stop being valid, ms since the epoch. */
  readonly expiresAt?: number | undefined;
}

/**
 * What went wrong, as data: the tables of verdicts are asked with it and errors are made from it.
 * - `network`: name resolution, refused, reset, any socket error; `timeout`: `openTimeoutMs` or `ackTimeoutMs` passed;
 * - `closed`: ended by a close frame, or without one (`closeCode` 1006); `silent`: the peer showed no sign of life;
 * - `http-status`: the upgrade or request was answered with `status`; `tls`: the certificate was not accepted;
 * - `refused`: a legacy `connection_error`; `subprotocol`: no common subprotocol;
 * - `protocol-error`: the peer broke the protocol; `too-large`: a message beyond a limit;
 * - `graphql-errors`: the operation was answered with errors; `no-answer`: it was completed without an answer;
 * - `interceptor`: an interceptor of the program ended the operation; `invalid-operation`: one refused it, its `cause` says why;
 * - `credentials`: the provider failed; `aborted`: given up by our own side; `bad-address`, `missing-dependency`, `bad-option`:
 *   nothing that waiting could cure.
 */
export type FailureCode =
  | 'network'
  | 'timeout'
  | 'closed'
  | 'silent'
  | 'http-status'
  | 'tls'
  | 'refused'
  | 'subprotocol'
  | 'protocol-error'
  | 'too-large'
  | 'graphql-errors'
  | 'no-answer'
  | 'interceptor'
  | 'invalid-operation'
  | 'credentials'
  | 'aborted'
  | 'bad-address'
  | 'missing-dependency'
  | 'bad-option';

export interface Failure {
  readonly code: FailureCode;
  readonly phase: Phase;
  /** One sentence for a person: what happened and, where there is something to do, what to do. */
  readonly message: string;
  readonly closeCode?: number | undefined;
  readonly closeReason?: string | undefined;
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** From a Retry-After header, ms from now. */
  readonly retryAfterMs?: number | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
  /** For failures of one operation: overrides what the session knows, where the transport has proof. */
  readonly delivery?: Delivery | undefined;
  /** The original error, untouched. */
  readonly cause?: unknown;
}

/** How a connection ended. */
export interface Closure {
  readonly by: 'us' | 'peer' | 'network';
  /** The WebSocket close code, 1006 where there was no close frame. */
  readonly code: number;
  readonly reason: string;
  /** Both sides exchanged close frames. */
  readonly clean: boolean;
  /** The same as a Failure, for verdicts and errors. */
  readonly failure: Failure;
}

/** How an HTTP answer began. */
export interface ResponseHead {
  readonly status: number;
  /** Names in lower case; a header that came several times is one, joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** From a Retry-After header, ms from when it came. */
  readonly retryAfterMs?: number | undefined;
}

/** The immutable thing to run. */
export interface OperationRequest {
  readonly kind: OperationKind;
  /** Empty where the server knows the document by `documentId` or `extensions.persistedQuery`: then the text is not sent. */
  readonly query: string;
  /** GraphQL over HTTP, appendix "Persisted Documents". */
  readonly documentId?: string | undefined;
  /** Whether the answer may come in parts, where that is not to be read from the text. */
  readonly incremental?: boolean | undefined;
  readonly operationName: string | undefined;
  /** Written down when the call was made: what a program changes afterwards does not reach it. */
  readonly variables: JsonText | undefined;
  readonly extensions: JsonText | undefined;
  /** Those with the same one go in one request over HTTP, as far as they are sent in the same turn. */
  readonly batch?: string | undefined;
  /** For transports that send headers with each request. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** The files among the variables, which hold `null` in their places. A transport that cannot carry them refuses the request. */
  readonly uploads?: readonly UploadField[] | undefined;
}

/** One send of it. */
export interface Request extends OperationRequest {
  /** Unique within the session and never reused: a decimal counter. */
  readonly id: string;
}

/** Where the answers to one request go. Nothing is called after `error` or `complete`, nor after `cancel()`. */
export interface Sink {
  /** Called before the first byte is handed to anything outside our memory: from here on delivery is `unknown`. */
  sending(): void;
  /** `bytes` is the size of the message as it was received: what buffers count. `head`: of the HTTP answer it came in. */
  next(result: Result, bytes: number, head?: ResponseHead | undefined): void;
  error(failure: Failure): void;
  complete(): void;
}

/** One request in progress on one connection. */
export interface Handle {
  /** Tells the server to stop; idempotent; does nothing once the operation ended. */
  cancel(): void;
  /** Where the transport can hold back one operation alone. */
  readonly flow?: { pause(): void; resume(): void } | undefined;
}

export interface Capabilities {
  /** `connection`: losing it loses every operation on it. `pool`: a failed request concerns only itself. */
  readonly kind: 'connection' | 'pool';
  readonly operations: readonly OperationKind[];
  /** A subscription can be resumed from a position. */
  readonly resume: boolean;
  /** New credentials can be sent on the live connection. */
  readonly reauthenticate: boolean;
  /** How long the server remembers idempotency keys, ms; 0 where it does not honour them. */
  readonly idempotencyWindowMs: number;
  /** Names what remembers them: a server with another name knows nothing of the keys that were sent to this one. */
  readonly idempotencyStore?: string | undefined;
}

/** What a connection tells its session. Synchronous; ignored once `closed` has settled. */
export interface ConnectionEvents {
  /** A sign of life: any inbound byte where the platform shows bytes, else any message. */
  heard(): void;
  /** The server's keep-alive message (legacy `ka`): where nothing can be asked, its absence is the sign of death. */
  keepAlive(): void;
  /** The answer to `ping`. */
  pong(payload: JsonObject | undefined): void;
  /** Our own extension, out of a ping, pong or ka payload. */
  control(payload: JsonObject): void;
  /** Open the next connection and start nothing more on this one. */
  goingAway(notice: { readonly reason: string; readonly withinMs?: number | undefined }): void;
  /** `high`: nothing more is to be started for now, because bytes pile up or the server said that it would be too much. */
  backlog(level: 'high' | 'low'): void;
}

export interface OpenContext {
  /** Aborted when the session gives up on this attempt. */
  readonly signal: AbortSignal;
  readonly generation: number;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly json?: JsonCodec | undefined;
}

export interface Connection {
  readonly capabilities: Capabilities;
  /** What the server answered the upgrade with, names in lower case; undefined where the platform does not tell. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Never throws, and never calls the sink's `error` synchronously.
   * On a connection that has begun to end it does nothing: the session learns from `closed` that nothing was sent.
   */
  start(request: Request, sink: Sink): Handle;
  /** Asks for a sign of life. Undefined where the platform and dialect have no ping. */
  readonly ping?: ((payload?: JsonObject | undefined) => void) | undefined;
  /** Uses new credentials from now on; nothing in progress is disturbed. Undefined where the connection cannot. */
  readonly reauthenticate?: ((credentials: Credentials) => void) | undefined;
  /** Settles exactly once. */
  readonly closed: Promise<Closure>;
  /** Closes with a closing handshake, terminates after `graceMs`. */
  close(closure: Closure, graceMs: number): Promise<void>;
  /** Ends it at once and waits for nobody. */
  terminate(closure: Closure): void;
}

export interface Transport {
  /** For messages and diagnostics, as in `websocket wss://example.com/graphql`. Never holds credentials. */
  readonly name: string;
  /** Rejects with an OpenError that carries the Failure. */
  open(context: OpenContext, events: ConnectionEvents): Promise<Connection>;
  /** Where operations go better by several ways than over the one connection of `open`: a session takes these instead. */
  readonly lanes?: Route['lanes'] | undefined;
}

/**
 * Several transports as one: each operation goes to the first lane that takes it. Every lane is a connection of its own, with
 * its own life; all but the first are opened when they are first needed.
 */
export interface Route {
  /** For messages and diagnostics. Never holds credentials. */
  readonly name: string;
  readonly lanes: readonly [Lane, ...Lane[]];
}

export interface Lane {
  readonly transport: Transport;
  readonly takes: (request: OperationRequest) => boolean;
}
