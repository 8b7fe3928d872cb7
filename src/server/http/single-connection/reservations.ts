// The streams of single connection mode that a server has, by their tokens: each holds a place among its connections, and a
// reservation that nobody comes for is given up.

import type { ServerCore } from '../../core.js';
import { ReservedStream } from './reserved-stream.js';

const reservedMs = 10_000;

export class Reservations {
  readonly #core: Pick<ServerCore, 'timers' | 'counters'>;
  readonly #streams = new Map<string, ReservedStream>();
  /** Those that are not open yet, each with what stops its clock. */
  readonly #waiting = new Map<ReservedStream, () => void>();
  #closed = false;

  constructor(core: Pick<ServerCore, 'timers' | 'counters'>) {
    this.#core = core;
  }

  /** `leave` gives its place back when it ends. Undefined where the server is closing: then the place stays the caller's. */
  reserve(leave: () => void): ReservedStream | undefined {
    if (this.#closed) return undefined;
    const stream = new ReservedStream(this.#core.counters, leave);
    this.#streams.set(stream.token, stream);
    this.#waiting.set(
      stream,
      this.#core.timers.set(reservedMs, () => this.remove(stream)),
    );
    return stream;
  }

  find(token: string): ReservedStream | undefined {
    return this.#streams.get(token);
  }

  /** Its client has come for it. */
  claim(stream: ReservedStream): void {
    this.#waiting.get(stream)?.();
    this.#waiting.delete(stream);
  }

  /** Ends it. Its token means nothing any more. */
  remove(stream: ReservedStream): void {
    this.claim(stream);
    this.#streams.delete(stream.token);
    stream.close();
  }

  /** Gives up every reservation that nobody has come for, and takes no more. Streams that are open stay. */
  close(): void {
    this.#closed = true;
    for (const stream of [...this.#waiting.keys()]) this.remove(stream);
  }
}
