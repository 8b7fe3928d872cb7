// Whether a socket is read. There may be several reasons not to at a time: it is read again when the last one has gone.

import type { Socket } from './socket.js';

export class Reading {
  readonly #socket: Pick<Socket, 'pause' | 'resume'>;
  #holds = 0;

  constructor(socket: Pick<Socket, 'pause' | 'resume'>) {
    this.#socket = socket;
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  /** One more reason not to read, until as many are let go. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds === 1) this.#socket.pause?.();
  }

  letGo(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#socket.resume?.();
  }
}
