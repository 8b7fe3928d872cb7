// Watches one stream that must not fall silent unnoticed. A server that goes on sending heartbeats says how often it is to be
// heard; without them, and without a bound of the program's own, silence means nothing.

import type { Clock } from '../contract.js';

/** So many intervals may be missed. */
const missedHeartbeats = 3;
/** A server that sends them very often may still pause. */
const leastSilenceMs = 15_000;
/** What follows sooner is one heartbeat in several pieces, or several that the network had held back. */
const leastIntervalMs = 1_000;
/** How long a server may take to end a stream in which it has said everything. */
const lingerMs = 5_000;

export class StreamWatch {
  readonly #clock: Clock;
  readonly #silent: (ms: number) => void;
  #boundMs: number | undefined;
  readonly #learns: boolean;
  #heardAt: number;
  /** When the last heartbeat came, where nothing else has come since. */
  #beatAt: number | undefined;
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

  /** Bytes came. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** They were more than a heartbeat: after them the next one may be early or late. */
  spoke(): void {
    this.#beatAt = undefined;
  }

  /**
   * They were a heartbeat. Servers send one at once when a stream opens, and some never again, so that only the second one in
   * a row tells an interval; the longest counts.
   */
  heartbeat(): void {
    const now = this.#clock.now();
    const intervalMs = now - (this.#beatAt ?? now);
    if (this.#beatAt !== undefined && intervalMs < leastIntervalMs) return;
    this.#beatAt = now;
    const boundMs = Math.max(intervalMs * missedHeartbeats, leastSilenceMs);
    if (!this.#learns || intervalMs === 0 || boundMs <= (this.#boundMs ?? 0)) return;
    this.#boundMs = boundMs;
    this.#arm();
  }

  /** Its reader stopped: silence is our own. */
  pause(): void {
    this.#disarm();
    this.#beatAt = undefined;
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
