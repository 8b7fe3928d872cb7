// What an application hooks into a server, as types: a context for every operation, and the life of every WebSocket.

import type { OperationPayload } from '../protocol/dialects/dialect.js';
import type { ExecutionContext } from '../protocol/executor.js';
import type { JsonObject } from '../protocol/json.js';
import type { OperationKind } from '../protocol/result.js';
import type { ConnectionRefused } from './connection-refused.js';

export type RequestHeaders = ExecutionContext['headers'];

/** What is known about one operation. Without the `context` option, resolvers get exactly this as their context. */
export interface OperationContext extends ExecutionContext {
  /** What the client asked to run. */
  readonly payload: OperationPayload;
}

/** What is known about one WebSocket when its client asks to be accepted. */
export interface ConnectContext {
  /** The payload of `connection_init`. */
  readonly connectionParams: JsonObject | undefined;
  /** The headers of the upgrade request, names in lower case. */
  readonly headers: RequestHeaders;
  /** Empty, and this connection's own: what is put here reaches every `context` and resolver of the connection. */
  readonly connection: Record<string, unknown>;
  /** The address of the peer's socket, where its carrier knows it. */
  readonly remoteAddress: string | undefined;
  /** Aborted when the socket ends before the hook is done. */
  readonly signal: AbortSignal;
  /** `connect`: a new socket; `reauthenticate`: new credentials on one that was accepted before. */
  readonly reason: 'connect' | 'reauthenticate';
  /**
   * Says until when what the hook accepts is good, as milliseconds since 1970: then the socket is closed with 4403, unless its
   * client has brought new credentials by then. Holdfast's sessions do that by themselves.
   */
  expireAt(timeMs: number): void;
}

/** What a principal is made of. */
export interface PrincipalContext {
  /** The headers of the HTTP request, or of the WebSocket's upgrade; names in lower case. */
  readonly headers: RequestHeaders;
  /** The payload of `connection_init`; undefined over HTTP. */
  readonly connectionParams: JsonObject | undefined;
  /** What `onConnect` made of the connection. */
  readonly connection: unknown;
  readonly remoteAddress: string | undefined;
}

/** An operation as it is named beside a failure of it. */
export interface FailedOperation {
  readonly kind: OperationKind | undefined;
  readonly name: string | undefined;
  readonly query: string;
}

/** How one WebSocket ended. */
export interface DisconnectContext {
  /** The close code: ours where the server closed, else the peer's; 1006 where there was no close frame. */
  readonly code: number;
  readonly reason: string;
  /** Both sides exchanged close frames. */
  readonly clean: boolean;
  /** What ended it, where it did not end by a close frame. */
  readonly error: Error | undefined;
  /** How many operations it took with it. */
  readonly operations: number;
  /** What `onConnect` made of it. */
  readonly connection: Record<string, unknown>;
}

/**
 * Whose failure is reported:
 * - a hook: `onConnect`, `onDisconnect`, `context`, `eventContext`, `principal`, or the store of `documents` or `idempotency`;
 * - `resolver`: what a resolver or an event source threw, where the client is not told of it: errors are masked;
 * - `limit`: somebody was turned away by a limit that may be meant for others, or a page because of its origin: told once;
 * - `source`: an event source that could not be closed; `result`: an answer that could not be serialised;
 * - `connection`, `http`: the server itself; `graphql`: the package could not be loaded, or does not fit the schema.
 */
export type FailureSource =
  | 'onConnect'
  | 'onDisconnect'
  | 'context'
  | 'eventContext'
  | 'principal'
  | 'documents'
  | 'idempotency'
  | 'resolver'
  | 'limit'
  | 'source'
  | 'result'
  | 'connection'
  | 'http'
  | 'graphql';

export interface Hooks {
  /**
   * The context of every resolver. An object: its members are merged over those of the operation's own context. A function:
   * called once per operation, and what it returns is the context; when it throws, the operation is answered with one error:
   * a GraphQLError as it is, anything else masked, and over HTTP with 500 to who accepts `application/graphql-response+json`.
   * Default: the operation's own context.
   */
  readonly context?: object | ((operation: OperationContext) => object | Promise<object>) | undefined;
  /**
   * Accepts or refuses a WebSocket. No resolver runs before it has accepted. Return nothing to accept, an object to accept
   * and send it as the payload of `connection_ack`; throw or return a {@link ConnectionRefused} to refuse. Anything else
   * thrown or returned ends the connection with 4500 (legacy: `connection_error`, 1011) and is reported to `onError`.
   */
  readonly onConnect?: ((connection: ConnectContext) => AcceptOrRefuse | Promise<AcceptOrRefuse>) | undefined;
  /**
   * The context of each event of a subscription, where one for the whole subscription would grow old: called with the
   * operation's context and the event. Default: the operation's context.
   */
  readonly eventContext?: ((context: unknown, event: unknown) => object | Promise<object>) | undefined;
  /**
   * Names who is asking: connections are counted, and idempotency keys belong to, a principal. The same name must come
   * back for the same user after a reconnect, with a new token too: a user's id is good, a token is not. Called once for each
   * accepted WebSocket and, over HTTP, for each stream and each mutation with a key. Undefined: not told apart from others who
   * are not named. Default: every address is a principal; keys belong to the credentials that they first came with.
   */
  readonly principal?: ((of: PrincipalContext) => string | undefined | Promise<string | undefined>) | undefined;
  /** Called exactly once for every WebSocket, accepted or not, after it ended. */
  readonly onDisconnect?: ((ending: DisconnectContext) => void | Promise<void>) | undefined;
  /**
   * Called once for every failure that no client is told about in full, with the operation it happened in, where there is one.
   * Default: `console.error`.
   */
  readonly onError?:
    | ((error: unknown, source: FailureSource, operation: FailedOperation | undefined) => void | Promise<void>)
    | undefined;
}

// `void` lets a hook that accepts simply end.
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type AcceptOrRefuse = void | undefined | null | JsonObject | ConnectionRefused;
