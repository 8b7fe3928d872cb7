// One direction of a virtual connection: what is pushed in comes out in order, each packet after its latency, unless a fault
// holds it back or swallows it.

import type { Clock } from '../../transport/contract.js';

export type Packet =
  /** `blame`: the operation that makes this packet end the connection. */
  | { readonly type: 'text'; readonly text: string; readonly blame?: string | undefined }
  | { readonly type: 'close'; readonly code: number; readonly reason: string; readonly blame?: string | undefined }
  | { readonly type: 'ping' }
  | { readonly type: 'pong' }
  /** The other side is gone without a closing handshake. */
  | { readonly type: 'end' };

interface Travelling {
  readonly packet: Packet;
  dueAt: number;
}

export class Lane {
  readonly #clock: Clock;
  readonly #latencyMs: () => number;
  readonly #deliver: (packet: Packet) => void;
  #travelling: Travelling[] = [];
  #lastDueAt = 0;
  #cancelTimer: (() => void) | undefined;
  #stalled = false;
  #swallowing = false;

  constructor(clock: Clock, latencyMs: () => number, deliver: (packet: Packet) => void) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
    this.#deliver = deliver;
  }

  push(packet: Packet): void {
    if (this.#swallowing) return;
    this.#lastDueAt = Math.max(this.#lastDueAt, this.#clock.now() + this.#latencyMs());
    this.#travelling.push({ packet, dueAt: this.#lastDueAt });
    this.#arm();
  }

  /** Nothing comes out until `release`. */
  stall(): void {
    this.#stalled = true;
    this.#disarm();
  }

  release(): void {
    this.#stalled = false;
    this.#arm();
  }

  /** Everything vanishes from now on, and nobody is told. */
  swallow(): void {
    this.#swallowing = true;
    this.drop();
  }

  /** What is pushed from now on comes out again. */
  mend(): void {
    this.#swallowing = false;
  }

  /** What is on its way never arrives. */
  drop(): void {
    this.#travelling = [];
    this.#disarm();
  }

  /** What is on its way arrives later. */
  delay(ms: number): void {
    for (const entry of this.#travelling) entry.dueAt += ms;
    this.#lastDueAt += ms;
    this.#disarm();
    this.#arm();
  }

  #arm(): void {
    const [first] = this.#travelling;
    if (first === undefined || this.#stalled || this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#clock.setTimer(first.dueAt - this.#clock.now(), () => {
      this.#cancelTimer = undefined;
      this.#travelling.shift();
      this.#deliver(first.packet);
      this.#arm();
    });
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
