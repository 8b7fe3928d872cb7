// One WebSocket connection of a scripted server: what it received and how it ended, and commands to send anything at all,
// right or wrong. Commands on a connection that is no longer open do nothing.

import type { Socket } from 'node:net';
import type { ClientMessage, ServerDialect, Subprotocol } from '../../protocol/dialects/dialect.js';
import { serverDialect } from '../../protocol/dialects/index.js';
import type { JsonObject, JsonValue } from '../../protocol/json.js';
import type { GraphQLError, Result } from '../../protocol/result.js';
import type { ScriptedOperation } from './operation.js';
import type { UpgradeRequest } from './script.js';

export interface ReceivedMessage {
  /** The `type` on the wire, as in `connection_init`; `binary` or `invalid` for what is no message. */
  readonly type: string;
  /** The same in the words of both dialects, as in `init`, `start`, `stop`. */
  readonly meaning: ClientMessage;
  /** As it was received. Undefined for a binary message. */
  readonly text: string | undefined;
}

/** How a connection ended: the client's close frame, or 1006 without one. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
}

/** What is used of the WebSocket of `ws`: the types of that package are none of ours, and a consumer need not have them. */
interface AcceptedSocket {
  readonly protocol: string;
  readonly readyState: number;
  readonly OPEN: number;
  on(event: 'close', listener: (code: number, reason: Buffer) => void): unknown;
  send(data: string | Buffer, options: { readonly binary: boolean }): void;
  ping(data: string | Buffer): void;
  pong(data: string | Buffer): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export class ScriptedConnection {
  /** 0 for the first WebSocket of this server. */
  readonly index: number;
  /** What the response header named; empty where there was none. */
  readonly subprotocol: string;
  /** What the server speaks on it; undefined where it had nothing in common with the client. */
  readonly speaks: Subprotocol | undefined;
  readonly url: string;
  /** Headers of the upgrade request, names in lower case. */
  readonly headers: UpgradeRequest['headers'];
  /** In the order of arrival. */
  readonly received: ReceivedMessage[] = [];
  /** Live operations by id. */
  readonly operations: Map<string, ScriptedOperation> = new Map();
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<ConnectionEnd>;
  readonly #socket: AcceptedSocket;
  readonly #tcp: Socket;
  readonly #dialect: ServerDialect;
  #end: ConnectionEnd | undefined;
  #acknowledged = false;

  /** For the server that accepted it. */
  constructor(
    index: number,
    socket: AcceptedSocket,
    tcp: Socket,
    request: UpgradeRequest,
    speaks: Subprotocol | undefined,
  ) {
    this.index = index;
    this.subprotocol = socket.protocol;
    this.speaks = speaks;
    this.url = request.url;
    this.headers = request.headers;
    this.#socket = socket;
    this.#tcp = tcp;
    this.#dialect = serverDialect(speaks ?? 'graphql-transport-ws');
    this.ended = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#end = { code, reason: reason.toString() };
        this.operations.clear();
        resolve(this.#end);
      });
    });
  }

  /** Whether messages can be sent: neither side has begun to close. */
  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** How it ended; undefined before. */
  get end(): ConnectionEnd | undefined {
    return this.#end;
  }

  /** Whether an ack was sent. */
  get acknowledged(): boolean {
    return this.#acknowledged;
  }

  /** What a message means in this connection's dialect. */
  read(text: string): ClientMessage {
    return this.#dialect.receive(text);
  }

  ack(payload?: JsonObject | undefined): void {
    this.#acknowledged = true;
    this.raw(this.#dialect.ack(payload));
  }

  /** The legacy refusal, whatever the dialect. */
  connectionError(payload: JsonObject): void {
    this.#send({ type: 'connection_error', payload });
  }

  next(id: string, result: Result): void {
    this.raw(this.#dialect.next(id, result));
  }

  error(id: string, errors: readonly [GraphQLError, ...GraphQLError[]]): void {
    this.raw(this.#dialect.error(id, errors));
  }

  complete(id: string): void {
    this.raw(this.#dialect.complete(id));
  }

  /** The message `ping`, whatever the dialect. */
  ping(payload?: JsonObject | undefined): void {
    this.#send({ type: 'ping', payload });
  }

  /** The message `pong`, whatever the dialect. */
  pong(payload?: JsonObject | undefined): void {
    this.#send({ type: 'pong', payload });
  }

  /** The legacy message `ka`, whatever the dialect. */
  keepAlive(payload?: JsonObject | undefined): void {
    this.#send({ type: 'ka', payload });
  }

  /** A WebSocket ping frame. */
  pingFrame(data: string | Buffer = ''): void {
    if (this.open) this.#socket.ping(data);
  }

  /** A WebSocket pong frame. */
  pongFrame(data: string | Buffer = ''): void {
    if (this.open) this.#socket.pong(data);
  }

  /** A text message, as it is. */
  raw(text: string): void {
    if (this.open) this.#socket.send(text, { binary: false });
  }

  /** A binary message. */
  binary(bytes: Buffer): void {
    if (this.open) this.#socket.send(bytes, { binary: true });
  }

  /** Sends a close frame. Codes that may not be on the wire (1005, 1006) are refused by a TypeError: use `drop`. */
  close(code: number, reason: string = ''): void {
    if (this.open) this.#socket.close(code, reason);
  }

  /** Destroys the TCP socket: no close frame, and what was not yet written is lost. */
  drop(): void {
    this.#socket.terminate();
  }

  /** Destroys the TCP socket after everything sent so far was handed to the kernel. */
  dropAfterSending(): void {
    this.#tcp.destroySoon();
  }

  #send(message: Readonly<Record<string, JsonValue | undefined>>): void {
    this.raw(JSON.stringify(message));
  }
}
