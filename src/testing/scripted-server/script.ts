// A script: what a scripted server does at each point of a connection's life. Scripts are asked in order and each decides
// whether the next one is asked, by calling `proceed`; behind all of them stands a server that behaves well.

import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import type { JsonObject } from '../../protocol/json.js';
import type { Result } from '../../protocol/result.js';
import type { ReceivedMessage, ScriptedConnection } from './connection.js';
import type { ScriptedOperation } from './operation.js';

/** A client's request for a WebSocket, before there is a connection. */
export interface UpgradeRequest {
  /** How many upgrades came before this one, refused ones included. */
  readonly index: number;
  /** Path and query, as the client sent them. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The subprotocols that the client offers, in its order. */
  readonly offered: readonly string[];
}

/**
 * What an upgrade is answered with: a WebSocket, where `subprotocol` goes into the response header as it is (undefined: no
 * such header) and `speaks` is what the server then speaks (undefined: nothing, it closes with 4406); an HTTP answer; or nothing, with the socket left open or ended.
 */
export type UpgradeAnswer =
  | { readonly kind: 'accept'; readonly subprotocol: string | undefined; readonly speaks: Subprotocol | undefined }
  | {
      readonly kind: 'refuse';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: string | undefined;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

/** Handlers may be asynchronous; a message that arrives meanwhile is handled meanwhile. */
export type Done = void | Promise<void>;

/** A handler that does not call `proceed` takes the place of everything behind it. All are optional. */
export interface Script {
  /** The client asks for a WebSocket. Well behaved: accepts with the client's first choice that the server speaks. */
  upgrade?(request: UpgradeRequest, proceed: () => UpgradeAnswer): UpgradeAnswer;
  /** The socket is open; nothing was received yet. Well behaved: waits. */
  open?(connection: ScriptedConnection, proceed: () => Done): Done;
  /** Any message, before it is looked at. Well behaved: goes on to the handlers below. */
  message?(event: MessageEvent, proceed: () => Done): Done;
  /** `connection_init`. Well behaved: acknowledges. */
  init?(event: PayloadEvent, proceed: () => Done): Done;
  /** `subscribe` or `start`. Well behaved: answers queries and mutations, keeps subscriptions for `publish`. */
  operation?(operation: ScriptedOperation, proceed: () => Done): Done;
  /** The client's `complete` or `stop`; the operation is no longer live. Well behaved: legacy `complete`, else silent. */
  stop?(operation: ScriptedOperation, proceed: () => Done): Done;
  /** `ping`. Well behaved: a `pong` with the same payload. */
  ping?(event: PayloadEvent, proceed: () => Done): Done;
  /** A WebSocket ping frame. Well behaved: a pong frame with the same data. */
  pingFrame?(event: PingFrameEvent, proceed: () => Done): Done;
  /** A published result on its way to one subscription. Well behaved: sends it. */
  event?(event: PublishedEvent, proceed: () => Done): Done;
}

export interface MessageEvent {
  readonly connection: ScriptedConnection;
  readonly message: ReceivedMessage;
}

export interface PayloadEvent {
  readonly connection: ScriptedConnection;
  readonly payload: JsonObject | undefined;
}

export interface PingFrameEvent {
  readonly connection: ScriptedConnection;
  readonly data: Buffer;
}

export interface PublishedEvent {
  readonly operation: ScriptedOperation;
  readonly result: Result;
}

type Handler<Event, Answer> = (event: Event, proceed: () => Answer) => Answer;

/** Asks the handlers in order. What each gives, or `last` in the end, is what the one before it gets from `proceed`. */
export function ask<Event, Answer>(
  handlers: readonly (Handler<Event, Answer> | undefined)[],
  event: Event,
  last: () => Answer,
): Answer {
  const [handler, ...rest] = handlers;
  if (handlers.length === 0) return last();
  const proceed = () => ask(rest, event, last);
  return handler === undefined ? proceed() : handler(event, proceed);
}
