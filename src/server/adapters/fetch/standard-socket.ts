// The socket seam on a WebSocket with the standard interface: WebSockets standard, section 3. It tells of no pings and cannot stop
// reading; that bytes were taken is seen by looking again.

import * as CloseCode from '../../../protocol/close-codes.js';
import type { Timers } from '../../timers.js';
import type { Socket, SocketEvents } from '../../websocket/socket.js';
import type { ServerWebSocket } from './platform.js';

/** How often a backlog is looked at while there is one, ms. */
const lookAgainMs = 50;
/** Of `readyState`. */
const open = 1;
const closed = 3;

export interface StandardSocketOptions {
  readonly timers: Timers;
  /** The largest message, bytes of UTF-8; then 1009. */
  readonly messageBytes: number;
}

export class StandardSocket implements Socket {
  readonly #ws: ServerWebSocket;
  readonly #options: StandardSocketOptions;
  #events: SocketEvents | undefined;
  #cancelLook: (() => void) | undefined;

  constructor(ws: ServerWebSocket, options: StandardSocketOptions) {
    this.#ws = ws;
    this.#options = options;
  }

  /** Begins to tell `events` what happens. */
  listen(events: SocketEvents): void {
    this.#events = events;
    const ws = this.#ws;
    let failure: Error | undefined;
    ws.addEventListener('message', ({ data }) => this.#hear(data));
    ws.addEventListener('error', (event) => {
      failure ??= errorOf(event);
    });
    ws.addEventListener('close', ({ code, reason }) => this.#closed(code, reason, failure));
    if (ws.readyState === closed) this.#closed(CloseCode.abnormal, '', undefined);
  }

  get backlog(): number | undefined {
    return this.#ws.bufferedAmount;
  }

  send(text: string): void {
    if (this.#ws.readyState !== open) return;
    this.#ws.send(text);
    if (this.#isBehind) this.#look();
  }

  close(code: number, reason: string): void {
    // Some runtimes let programs close with 1000 and codes from 3000 only.
    if (!this.#tryClose(code, reason)) this.#tryClose(code + 2_000, reason);
  }

  terminate(): void {
    if (this.#ws.terminate !== undefined) this.#ws.terminate();
    else this.#tryClose(undefined, undefined);
    this.#closed(CloseCode.abnormal, '', undefined);
  }

  get #isBehind(): boolean {
    return (this.backlog ?? 0) > 0;
  }

  #hear(data: unknown): void {
    if (typeof data !== 'string') this.#events?.binary();
    else if (isLonger(data, this.#options.messageBytes)) this.#refuse();
    else this.#events?.message(data);
  }

  #refuse(): void {
    const { messageBytes } = this.#options;
    this.#events?.failed(new Error(`A message is larger than ${messageBytes} bytes.`), CloseCode.tooLarge);
    this.close(CloseCode.tooLarge, `A message is larger than ${messageBytes} bytes`);
  }

  #tryClose(code: number | undefined, reason: string | undefined): boolean {
    try {
      this.#ws.close(code, reason);
      return true;
    } catch {
      return false;
    }
  }

  #look(): void {
    this.#cancelLook ??= this.#options.timers.set(lookAgainMs, () => {
      this.#cancelLook = undefined;
      this.#events?.flushed();
      if (this.#events !== undefined && this.#isBehind) this.#look();
    });
  }

  #closed(code: number, reason: string, error: Error | undefined): void {
    const events = this.#events;
    this.#events = undefined;
    this.#cancelLook?.();
    events?.closed(code, reason, error);
  }
}

function isLonger(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  return text.length * 3 > bytes && new TextEncoder().encode(text).byteLength > bytes;
}

function errorOf(event: unknown): Error {
  const { error } = event as { readonly error?: unknown };
  return error instanceof Error ? error : new Error('The WebSocket failed, and its runtime does not say why.');
}
