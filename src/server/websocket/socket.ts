// The seam between a connection and the socket below it: three things that every runtime's WebSocket can do, and what some can
// do besides. All that a connection needs, and all that a test has to imitate.

/** What a connection does to its socket. No method throws, also when the socket has ended. */
export interface Socket {
  send(text: string): void;
  /** Begins the closing handshake. The reason fits a close frame. */
  close(code: number, reason: string): void;
  /** Ends it at once, or as fast as the runtime can; `closed` follows in any case. */
  terminate(): void;
  /** A WebSocket ping frame: every peer's library answers it, which is told by `heard`. */
  ping?(): void;
  /** Stops and starts reading. */
  pause?(): void;
  resume?(): void;
  /** Bytes that were sent and not yet taken by the kernel. */
  readonly backlog?: number | undefined;
}

/** What a socket tells its connection. */
export interface SocketEvents {
  message(text: string): void;
  binary(): void;
  /** A frame arrived that carries no message: a pong to a ping of ours at least. */
  heard(): void;
  /** The kernel took bytes: `backlog` may have fallen. */
  flushed(): void;
  /** The library below found the peer breaking RFC 6455 or the message limit, and is closing with `code` by itself. */
  failed(error: Error, code: number): void;
  /** Once, last. `code` is 1006 where the peer sent no close frame. */
  closed(code: number, reason: string, error: Error | undefined): void;
}
