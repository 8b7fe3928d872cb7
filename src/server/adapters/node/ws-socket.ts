// The socket seam on top of the `ws` package. What is written in one turn of the event loop leaves in one system call: the
// socket below is corked until the turn ends.

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import * as CloseCode from '../../../protocol/close-codes.js';
import type { Socket, SocketEvents } from '../../websocket/socket.js';

export class WsSocket implements Socket {
  readonly #ws: WebSocket;
  readonly #raw: Duplex;
  #events: SocketEvents | undefined;
  #error: Error | undefined;
  #corked = false;
  /** Somebody waits until all is written. */
  #drains = false;

  /** `raw` is the socket that was upgraded. */
  constructor(ws: WebSocket, raw: Duplex) {
    this.#ws = ws;
    this.#raw = raw;
  }

  /** Begins to tell `events` what happens. Idle sockets are many: what is rare is listened to when it is due. */
  listen(events: SocketEvents): void {
    this.#events = events;
    const ws = this.#ws;
    ws.on('message', (data, isBinary) => {
      if (isBinary) events.binary();
      else events.message(data.toString());
    });
    ws.on('error', (error) => {
      this.#error = error;
      events.failed(error, failureCode(error));
    });
    ws.on('close', (code, reason) => {
      events.closed(code, reason.toString(), this.#error ?? this.#raw.errored ?? undefined);
    });
  }

  get backlog(): number {
    return this.#ws.bufferedAmount;
  }

  send(text: string): void {
    this.#cork();
    this.#ws.send(text);
    if (this.#drains || !this.#raw.writableNeedDrain) return;
    // One event when all is written, instead of one per message.
    this.#drains = true;
    this.#raw.once('drain', () => {
      this.#drains = false;
      this.#events?.flushed();
    });
  }

  ping(): void {
    if (this.#ws.listenerCount('pong') === 0) this.#ws.once('pong', () => this.#events?.heard());
    this.#ws.ping();
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#raw.cork();
    process.nextTick(this.#uncork);
  }

  readonly #uncork = (): void => {
    this.#corked = false;
    this.#raw.uncork();
  };
}

/** The code with which `ws` closes after an error of its own; 1006 for an error of the network. */
function failureCode(error: Error): number {
  const name = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!name.startsWith('WS_ERR_')) return CloseCode.abnormal;
  if (name === 'WS_ERR_INVALID_UTF8') return CloseCode.invalidPayload;
  if (name === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return CloseCode.policyViolation;
  return name.endsWith('_LENGTH') && name !== 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH'
    ? CloseCode.tooLarge
    : CloseCode.protocolError;
}
