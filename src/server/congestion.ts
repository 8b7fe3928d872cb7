// Back pressure of one peer: somebody who reads slowly stops its own sources, not the server's memory. While more than the
// high mark waits for the kernel, no source is asked for more; they go on below the low mark. One who never gets there is
// given up after a deadline.

import type { Timers } from './timers.js';

export interface CongestionOptions {
  /** Bytes that were sent and not yet taken by the kernel. */
  backlog(): number;
  /** Stops and starts reading from the peer, where what it sends makes for more to be sent. */
  pause?(): void;
  resume?(): void;
  readonly timers: Timers;
  readonly stallTimeoutMs: number;
  /** The peer has not read enough for `stallTimeoutMs`: time to let go of it, and to call `release`. */
  stalled(): void;
}

export const highMarkBytes: number = 1024 * 1024;
const lowMarkBytes = 256 * 1024;

export class Congestion {
  readonly #options: CongestionOptions;
  #relief: { readonly promise: Promise<void>; readonly resolve: () => void; readonly cancel: () => void } | undefined;

  constructor(options: CongestionOptions) {
    this.#options = options;
  }

  /** Settles when there is room again or the peer is gone; undefined while there is room. */
  get relief(): Promise<void> | undefined {
    return this.#relief?.promise;
  }

  /** After something was sent. */
  sent(): void {
    if (this.#relief !== undefined || this.#options.backlog() <= highMarkBytes) return;
    const { timers, stallTimeoutMs } = this.#options;
    let resolve = (): void => {};
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    const cancel = timers.set(stallTimeoutMs, () => this.#options.stalled());
    this.#relief = { promise, resolve, cancel };
    this.#options.pause?.();
  }

  /** After the kernel took bytes. */
  flushed(): void {
    if (this.#relief !== undefined && this.#options.backlog() < lowMarkBytes) this.release();
  }

  /** Lets everybody go on: there is room, or the peer is gone. */
  release(): void {
    if (this.#relief === undefined) return;
    const { resolve, cancel } = this.#relief;
    this.#relief = undefined;
    cancel();
    this.#options.resume?.();
    resolve();
  }
}
