// Watches one stream that must not fall silent unnoticed. A server that sends heartbeats has said how often it is to be heard;
// without heartbeats, and without a bound of the program's own, silence means nothing.

import type { Clock } from '../contract.js';

/** So many intervals may be missed. */
const missedHeartbeats = 3;
/** A server that sends them very often may still pause. */
const leastSilenceMs = 15_000;
/** How long a server may take to end a stream in which it has said everything. */
const lingerMs = 5_000;

export class StreamWatch {
  readonly #clock: Clock;
  readonly #silent: (ms: number) => void;
  #boundMs: number | undefined;
  readonly #learns: boolean;
  #heardAt: number;
  #cancelTimer: (() => void) | undefined;

  /** `boundMs`: how long it may be silent; undefined: as the heartbeats say. */
  constructor(clock: Clock, boundMs: number | undefined, silent: (ms: number) => void) {
    this.#clock = clock;
    this.#boundMs = boundMs;
    this.#learns = boundMs === undefined;
    this.#silent = silent;
    this.#heardAt = clock.now();
    this.#arm();
  }

  /** Something came. Called after `heartbeat` where it was one. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** What came is a heartbeat: servers send one after so much silence. */
  heartbeat(): void {
    if (!this.#learns) return;
    const boundMs = Math.max((this.#clock.now() - this.#heardAt) * missedHeartbeats, leastSilenceMs);
    if (this.#boundMs !== undefined && boundMs <= this.#boundMs) return;
    this.#boundMs = boundMs;
    this.#arm();
  }

  /** Its reader stopped: silence is our own. */
  pause(): void {
    this.#disarm();
  }

  resume(): void {
    this.heard();
    this.#arm();
  }

  /** Everything was said: the stream has a moment to end by itself. */
  linger(overdue: () => void): void {
    this.#disarm();
    this.#cancelTimer = this.#clock.setTimer(lingerMs, overdue);
  }

  end(): void {
    this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    if (this.#boundMs !== undefined) this.#cancelTimer = this.#clock.setTimer(this.#boundMs, () => this.#look());
  }

  #look(): void {
    if (this.#boundMs === undefined) return;
    const silentMs = this.#clock.now() - this.#heardAt;
    if (silentMs >= this.#boundMs) this.#silent(silentMs);
    else this.#cancelTimer = this.#clock.setTimer(this.#boundMs - silentMs, () => this.#look());
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
