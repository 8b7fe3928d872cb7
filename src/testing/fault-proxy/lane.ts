// One direction of one proxied connection: what is read from one socket is written to the other, in order, after whatever
// the weather does to it. One write is under way at a time and what is held is bounded, so a slow reader slows its writer.

import type { Socket } from 'node:net';
import type { Clock } from '../../transport/contract.js';

/** What happens to bytes of one direction. Shared by all connections of a proxy and changed by its commands. */
export interface Weather {
  stalled: boolean;
  delayMs: number;
  /** Write in pieces of at most this many bytes; undefined: as they come. */
  splitBytes: number | undefined;
}

/** Bytes or, where `bytes` is undefined, the end of the stream: a FIN keeps its place behind the bytes before it. */
interface Held {
  readonly dueAt: number;
  readonly bytes: Buffer | undefined;
}

/** Held beyond this, nothing more is read: the kernel's buffers fill and the sender feels it, as on a real network. */
const maxHeldBytes = 256 * 1024;

export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #weather: Weather;
  readonly #clock: Clock;
  readonly #queue: Held[] = [];
  #heldBytes = 0;
  #writing = false;
  #vanishing = false;
  #cancelTimer: (() => void) | undefined;

  constructor(from: Socket, to: Socket, weather: Weather, clock: Clock) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    this.#clock = clock;
    from.on('data', (bytes: Buffer) => this.#hold(bytes));
    from.on('end', () => this.#hold(undefined));
  }

  /** The weather changed. */
  update(): void {
    this.#pump();
  }

  /** From now on everything that comes in is read and forgotten, also the end of the stream. */
  vanish(): void {
    this.#vanishing = true;
    this.clear();
    this.#from.resume();
  }

  /** Forgets what is held and cancels what is planned. */
  clear(): void {
    this.#queue.length = 0;
    this.#heldBytes = 0;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #hold(bytes: Buffer | undefined): void {
    if (this.#vanishing) return;
    this.#queue.push({ dueAt: this.#clock.now() + this.#weather.delayMs, bytes });
    this.#heldBytes += bytes?.length ?? 0;
    if (this.#heldBytes > maxHeldBytes) this.#from.pause();
    this.#pump();
  }

  #pump(): void {
    if (this.#writing || this.#weather.stalled) return;
    const head = this.#queue[0];
    if (head === undefined) return;
    const waitMs = head.dueAt - this.#clock.now();
    if (waitMs > 0) {
      this.#cancelTimer ??= this.#clock.setTimer(waitMs, () => {
        this.#cancelTimer = undefined;
        this.#pump();
      });
      return;
    }
    this.#queue.shift();
    if (head.bytes === undefined) this.#to.end();
    else this.#write(head.bytes, head.dueAt);
  }

  #write(bytes: Buffer, dueAt: number): void {
    const size = this.#weather.splitBytes ?? bytes.length;
    if (bytes.length > size) this.#queue.unshift({ dueAt, bytes: bytes.subarray(size) });
    const piece = bytes.subarray(0, size);
    this.#heldBytes -= piece.length;
    this.#writing = true;
    this.#to.write(piece, () => {
      // A whole turn of the event loop between pieces, so that a reader takes one before the next is written: the first
      // callback may still belong to the turn of the write.
      if (this.#weather.splitBytes === undefined) this.#written();
      else setImmediate(() => setImmediate(() => this.#written()));
    });
  }

  #written(): void {
    this.#writing = false;
    if (this.#heldBytes <= maxHeldBytes && this.#from.isPaused()) this.#from.resume();
    this.#pump();
  }
}
