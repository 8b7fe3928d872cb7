// What the dialects of GraphQL over WebSocket have in common, as types: one is pure, one protocol, one side, one connection.
// Encoders make text; `receive` turns any text into a verdict and never throws, whatever it is fed.

import type { JsonObject } from '../json.js';
import type { JsonText } from '../json-text.js';
import type { GraphQLError, Result } from '../result.js';

export type Subprotocol = 'graphql-transport-ws' | 'graphql-ws';

/** The payload of `subscribe` (graphql-transport-ws) and `start` (graphql-ws). */
export interface OperationPayload {
  /** Empty where the document is named by its id or its hash. */
  readonly query: string;
  /** Where the server knows the document by it. GraphQL over HTTP, appendix "Persisted Documents". */
  readonly documentId?: string | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: JsonObject | undefined;
  readonly extensions?: JsonObject | undefined;
}

/** The same as a client sends it, where the parts may have been written already. */
export interface OperationStart extends Omit<OperationPayload, 'variables' | 'extensions'> {
  readonly variables?: JsonObject | JsonText | undefined;
  readonly extensions?: JsonObject | JsonText | undefined;
}

/** What a client can hear from a server. */
export type ServerMessage =
  | { readonly type: 'ack'; readonly payload: JsonObject | undefined }
  /** Legacy `connection_error`: the connection was refused, whatever close follows. */
  | { readonly type: 'refused'; readonly payload: JsonObject | undefined }
  | { readonly type: 'next'; readonly id: string; readonly result: Result }
  /** Ends the operation. Never empty: an empty list on the wire is `invalid`. */
  | { readonly type: 'error'; readonly id: string; readonly errors: readonly [GraphQLError, ...GraphQLError[]] }
  | { readonly type: 'complete'; readonly id: string }
  | { readonly type: 'ping'; readonly payload: JsonObject | undefined }
  | { readonly type: 'pong'; readonly payload: JsonObject | undefined }
  /** Legacy `ka`. */
  | { readonly type: 'alive'; readonly payload: JsonObject | undefined }
  /** The server ended what it serves on this connection, as if it had closed it with this code. */
  | { readonly type: 'ended'; readonly code: number; readonly reason: string }
  /** The protocol wants this sent now. */
  | { readonly type: 'send'; readonly text: string }
  /** All of them, in this order. Empty for what is no news. */
  | { readonly type: 'several'; readonly messages: readonly ServerMessage[] }
  /** Not a message of this dialect. `reason` is for a person; `id` is set where the message named an operation. */
  | { readonly type: 'invalid'; readonly reason: string; readonly id: string | undefined };

export interface ClientDialect {
  /** Undefined where the opening handshake negotiates none. */
  readonly subprotocol: Subprotocol | undefined;
  init(payload: JsonObject | undefined): string;
  start(id: string, payload: OperationStart): string;
  /** Undefined where there is nothing to tell the server. */
  stop(id: string): string | undefined;
  /** Undefined where the dialect has no ping. */
  ping(payload: JsonObject | undefined): string | undefined;
  /** Undefined where the dialect has no pong. */
  pong(payload: JsonObject | undefined): string | undefined;
  /** A farewell before the close frame: legacy `connection_terminate`. Undefined where the dialect has none. */
  terminate(): string | undefined;
  /** `parse`: how JSON is read; it may throw. Default: `JSON.parse`. */
  receive(text: string, parse?: (text: string) => unknown): ServerMessage;
}

/** What a server can hear from a client. */
export type ClientMessage =
  | { readonly type: 'init'; readonly payload: JsonObject | undefined }
  | { readonly type: 'start'; readonly id: string; readonly payload: OperationPayload }
  | { readonly type: 'stop'; readonly id: string }
  | { readonly type: 'ping'; readonly payload: JsonObject | undefined }
  | { readonly type: 'pong'; readonly payload: JsonObject | undefined }
  /** Legacy `connection_terminate`. */
  | { readonly type: 'terminate' }
  /** Tolerated noise: nothing to do (legacy: an unknown type). */
  | { readonly type: 'ignored'; readonly reason: string }
  /** Concerns one operation: answer it with `error` and go on (legacy: `start` without a usable payload). */
  | { readonly type: 'bad-operation'; readonly id: string; readonly reason: string }
  /** Legacy: answer with `connectionError` and go on; the socket stays open. */
  | { readonly type: 'bad-message'; readonly reason: string }
  /** Ends the connection with this code and reason (already fit for a close frame). */
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

export interface ServerDialect {
  readonly subprotocol: Subprotocol;
  ack(payload: JsonObject | null | undefined): string;
  /** Legacy `connection_error`. Undefined where refusal is a close code alone. */
  connectionError(payload: JsonObject): string | undefined;
  next(id: string, result: Result): string;
  error(id: string, errors: readonly [GraphQLError, ...GraphQLError[]]): string;
  complete(id: string): string;
  /** A sign of life: `ping`, or the legacy `ka`. */
  ping(payload: JsonObject | undefined): string;
  /** Undefined where the dialect has no pong. */
  pong(payload: JsonObject | undefined): string | undefined;
  receive(text: string): ClientMessage;
}
