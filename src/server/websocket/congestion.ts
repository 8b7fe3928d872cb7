// Back pressure of one connection: a peer that reads slowly stops its own sources, not the server's memory. While more than
// the high mark waits for the kernel, no source is asked for more and nothing is read; both go on below the low mark.

import type { Socket } from './socket.js';

const highMarkBytes = 1024 * 1024;
const lowMarkBytes = 256 * 1024;

export class Congestion {
  readonly #socket: Pick<Socket, 'backlog' | 'pause' | 'resume'>;
  #relief: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(socket: Pick<Socket, 'backlog' | 'pause' | 'resume'>) {
    this.#socket = socket;
  }

  /** Settles when there is room again or the connection ended; undefined while there is room. */
  get relief(): Promise<void> | undefined {
    return this.#relief?.promise;
  }

  /** After something was sent. */
  sent(): void {
    if (this.#relief !== undefined || this.#socket.backlog <= highMarkBytes) return;
    let resolve = (): void => {};
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#relief = { promise, resolve };
    this.#socket.pause();
  }

  /** After the kernel took bytes. */
  flushed(): void {
    if (this.#relief !== undefined && this.#socket.backlog < lowMarkBytes) this.release();
  }

  release(): void {
    if (this.#relief === undefined) return;
    const { resolve } = this.#relief;
    this.#relief = undefined;
    this.#socket.resume();
    resolve();
  }
}
