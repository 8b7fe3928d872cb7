// How one connection ends, and what is told of it: one close frame with a bound on the wait for the peer's, and one word to the
// application when the socket has gone. Who decided to end it has the say about why.

import * as CloseCode from '../../protocol/close-codes.js';
import { fitCloseReason } from '../../protocol/close-reason.js';
import type { ServerCore } from '../core.js';
import type { DisconnectContext } from '../hook-types.js';
import { sayGoodbye } from './connection-hooks.js';
import type { Socket } from './socket.js';

/** How long a peer may take to answer our close frame, ms. */
export const closeTimeoutMs = 5_000;

export class Farewell {
  /** Operations that were active when it ended. */
  lost = 0;
  readonly #core: ServerCore;
  readonly #socket: Socket;
  /** Why, where that was decided on this side. */
  #decided: Pick<DisconnectContext, 'code' | 'reason' | 'error'> | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(core: ServerCore, socket: Socket) {
    this.#core = core;
    this.#socket = socket;
    core.counters.connections += 1;
    core.telemetry.connectionOpened();
  }

  /** Begins the closing handshake. */
  close(code: number, reason: string): void {
    const fitting = fitCloseReason(reason);
    this.#decided = { code, reason: fitting, error: undefined };
    this.#socket.close(code, fitting);
    this.#cancelTimer = this.#core.timers.set(closeTimeoutMs, () => this.#socket.terminate());
  }

  /** The peer is gone, although its socket is not. */
  terminate(error?: Error): void {
    if (error !== undefined) this.#decided = { code: CloseCode.abnormal, reason: '', error };
    this.#socket.terminate();
  }

  /** The library below is closing by itself. */
  failed(error: Error, code: number): void {
    this.#core.counters.failedSockets += 1;
    this.#decided = { code, reason: '', error };
  }

  /** The socket has gone. Settles when the application has been told. */
  closed(ending: Omit<DisconnectContext, 'clean' | 'operations'>): Promise<void> {
    this.#cancelTimer?.();
    this.#core.counters.connections -= 1;
    const clean = ending.code !== CloseCode.abnormal;
    const told = { ...ending, ...this.#decided, clean, operations: this.lost };
    this.#core.telemetry.connectionClosed(told.code);
    return sayGoodbye(this.#core, told);
  }
}
