// What a WebSocket implementation does for us, as a seam: Node's `ws`, the platform's WebSocket, and the simulation's virtual
// socket stand behind it. The GraphQL side of a connection knows nothing else.

import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import type { Failure } from '../contract.js';

export interface Socket {
  /** Headers of the answered upgrade, names in lower case; undefined where the platform does not tell. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether what is sent now would be handed on: false as soon as either side began to close. */
  readonly writable: boolean;
  send(text: string): void;
  /** A ping of the WebSocket protocol itself; undefined where the platform has none. */
  readonly ping?: (() => void) | undefined;
  close(code: number, reason: string): void;
  /** Ends it at once, without a closing handshake. */
  terminate(): void;
  /** Bytes that were sent and not yet taken by the kernel. */
  pending(): number;
}

/** How a socket ended, as its implementation tells it. */
export interface SocketEnd {
  /** 1005 for a close frame without a code, 1006 where there was no close frame. */
  readonly code: number;
  readonly reason: string;
  readonly clean: boolean;
  /** Our own implementation failed it: it broke a rule of the WebSocket protocol or a size limit. */
  readonly failedByUs: boolean;
  readonly error: Error | undefined;
}

/** What a socket tells its connection. `socketClosed` is the last call, and comes exactly once. */
export interface SocketEvents {
  /** `bytes`: the size of the message in UTF-8. */
  text(data: string, bytes: number): void;
  binary(): void;
  /** Bytes arrived, whether or not they completed a message. Comes before what they complete. */
  heard(): void;
  pong(): void;
  /** What was pending has been taken by the kernel. */
  drained(): void;
  socketClosed(end: SocketEnd): void;
}

export interface SocketRequest {
  readonly address: string;
  /** The address as it may be shown: without user, password and query. */
  readonly place: string;
  /** Empty where the server speaks something that has no name. */
  readonly protocols: readonly Subprotocol[];
  /** The subprotocol to speak with a server that selects none. */
  readonly assume: Subprotocol | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the credentials reach the server without headers as well, in its first message. */
  readonly hasConnectionParams: boolean;
  /** Hard limit of one message, bytes: a larger one fails the socket with 1009. */
  readonly maxPayloadBytes: number;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Exactly one of the two is called, once. */
export interface SocketOpening {
  /**
   * The socket is open: answers with who hears what arrives, so that not even the first message is missed. Where no
   * subprotocol was offered, the one it is called with means nothing.
   */
  opened(socket: Socket, subprotocol: Subprotocol): SocketEvents;
  failed(failure: Failure): void;
}

/** Opens a socket. When the signal aborts before it is open, it is given up and `failed` is called with code `aborted`. */
export type OpenSocket = (request: SocketRequest, opening: SocketOpening) => void;
