// When nothing more is to be started on a WebSocket: while too much is written and not taken by the kernel, and while one more
// operation, or one more message a second, would be beyond what the server said in its acknowledgement.

import { TokenBucket } from '../../protocol/token-bucket.js';
import type { Clock, ConnectionEvents } from '../contract.js';
import type { PeerLimits } from './advertisement.js';
import type { Entry } from './entry.js';
import type { Socket } from './socket.js';

/** Above this many bytes not yet taken by the kernel nothing more is started. */
const highBytes = 2 ** 20;
const lowBytes = 2 ** 18;

export class Throttle {
  readonly #socket: Pick<Socket, 'pending'>;
  readonly #clock: Clock;
  readonly #events: Pick<ConnectionEvents, 'backlog'>;
  #maxOperations = Number.POSITIVE_INFINITY;
  #bucket: TokenBucket | undefined;
  #operations = 0;
  #calls = 0;
  #isHigh = false;
  #cancelTimer: (() => void) | undefined;
  #stopped = false;

  constructor(socket: Pick<Socket, 'pending'>, clock: Clock, events: Pick<ConnectionEvents, 'backlog'>) {
    this.#socket = socket;
    this.#clock = clock;
    this.#events = events;
  }

  /**
   * The server counts messages when they arrive, and after a stall on the way many arrive at once: half a burst is left for
   * them, and a twentieth of the rate for a clock of its own.
   */
  keepWithin({ operations = Number.POSITIVE_INFINITY, messages }: PeerLimits): void {
    this.#maxOperations = operations;
    if (messages === undefined) return;
    const { perSecond, burst } = messages;
    const now = this.#clock.now();
    this.#bucket = new TokenBucket({ perSecond: perSecond * 0.95, burst: Math.max(0, burst / 2 - 1) }, now);
    // The init was a message, too.
    this.#bucket.take(now);
    this.#weigh();
  }

  started({ single }: Entry): void {
    this.#operations += 1;
    if (single) this.#calls += 1;
  }

  /** What this lets go is sent after whoever ended has left. */
  ended({ single }: Entry): void {
    this.#operations -= 1;
    if (single) this.#calls -= 1;
    if (this.#isHigh) queueMicrotask(() => this.#weigh());
  }

  sent(): void {
    this.#bucket?.take(this.#clock.now());
    this.#weigh();
  }

  drained(): void {
    if (this.#isHigh) this.#weigh();
  }

  /** The connection has ended. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  #weigh(): void {
    if (this.#stopped) return;
    const isHigh = this.#isFull || this.#isTooFast || this.#socket.pending() > (this.#isHigh ? lowBytes : highBytes);
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#events.backlog(isHigh ? 'high' : 'low');
  }

  /** Calls end by themselves and make room. Where subscriptions alone take it all, nobody knows when: the server is to say so. */
  get #isFull(): boolean {
    return this.#calls > 0 && this.#operations >= this.#maxOperations;
  }

  get #isTooFast(): boolean {
    if (this.#cancelTimer !== undefined) return true;
    const debtMs = this.#bucket?.debtMs(this.#clock.now()) ?? 0;
    if (debtMs === 0) return false;
    this.#cancelTimer = this.#clock.setTimer(Math.ceil(debtMs), () => {
      this.#cancelTimer = undefined;
      this.#weigh();
    });
    return true;
  }
}
