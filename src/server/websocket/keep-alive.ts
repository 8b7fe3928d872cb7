// Signs of life of one accepted connection, in both directions. Ours: a message of the dialect after an interval in which
// nothing was sent. The peer's: after an interval in which nothing was heard it is asked, by a ping frame where the runtime has
// them, because every WebSocket library answers those; silence for one more interval is death.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { ServerCore } from '../core.js';
import type { Timers } from '../timers.js';
import type { Socket } from './socket.js';

export interface KeepAliveOptions {
  readonly timers: Timers;
  /** At least 1. */
  readonly intervalMs: number;
  /**
   * Send a sign at least every second interval even while data flows: the classic legacy client counts nothing but `ka`
   * and gives up after 30 s without one.
   */
  readonly insist: boolean;
  /** Sends our sign of life. */
  readonly sign: () => void;
  /** Asks the peer for one; `sign` where that asks, too. Undefined where nothing does: then its silence says nothing. */
  readonly probe: (() => void) | undefined;
  /** Whether we are not reading at the moment: then the peer's silence says nothing. */
  readonly isDeaf: () => boolean;
  readonly dead: (error: PeerSilentError) => void;
}

/** The peer of a WebSocket showed no sign of life in time, also when asked for one. Handed to `onDisconnect`. */
export class PeerSilentError extends HoldfastError {
  override readonly name: string = 'PeerSilentError';

  constructor(silentMs: number) {
    super(
      `The peer was silent for ${silentMs} ms, also when asked for a sign of life: its machine or the network between has gone.`,
      { code: 'peer-silent', phase: 'connection' },
    );
  }
}

export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #cancel: (() => void) | undefined;
  #heardAt = 0;
  #sentAt = 0;
  #signedAt = 0;
  #probedAt: number | undefined;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  start(): void {
    const now = this.#options.timers.now();
    this.#heardAt = now;
    this.#sentAt = now;
    this.#signedAt = now;
    this.#wait(now);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Anything came from the peer, or it cannot be expected to say anything. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#probedAt = undefined;
  }

  /** Data was sent. */
  sent(): void {
    this.#sentAt = this.#options.timers.now();
  }

  readonly #tick = (): void => {
    const { timers, intervalMs, isDeaf, sign, probe, dead } = this.#options;
    const now = timers.now();
    if (probe === undefined || isDeaf()) this.heard(now);
    if (this.#probedAt !== undefined && now >= this.#probedAt + intervalMs) {
      this.stop();
      dead(new PeerSilentError(Math.round(now - this.#heardAt)));
      return;
    }
    if (probe !== undefined && this.#probedAt === undefined && now >= this.#heardAt + intervalMs) {
      this.#probedAt = now;
      if (probe === sign) this.#signedAt = now;
      probe();
    }
    if (now >= this.#signDue()) {
      this.#signedAt = now;
      sign();
    }
    if (this.#cancel !== undefined) this.#wait(now);
  };

  /** One timer, armed for whatever is due first; traffic moves what is due and leaves the timer alone. */
  #wait(now: number): void {
    const peerDue = (this.#probedAt ?? this.#heardAt) + this.#options.intervalMs;
    this.#cancel = this.#options.timers.set(Math.max(1, Math.min(peerDue, this.#signDue()) - now), this.#tick);
  }

  #signDue(): number {
    const { intervalMs, insist } = this.#options;
    const due = Math.max(this.#sentAt, this.#signedAt) + intervalMs;
    return insist ? Math.min(due, this.#signedAt + 2 * intervalMs) : due;
  }
}

/** Undefined where it is turned off. `hasPong`: whether the peer answers our sign by one of its own. */
export function keepAliveOf(
  { timers, options }: Pick<ServerCore, 'timers' | 'options'>,
  socket: Pick<Socket, 'ping'>,
  hasPong: boolean,
  rest: Pick<KeepAliveOptions, 'sign' | 'isDeaf' | 'dead'>,
): KeepAlive | undefined {
  const { keepAliveMs: intervalMs } = options;
  if (intervalMs === 0) return undefined;
  const ask = hasPong ? rest.sign : undefined;
  const probe = socket.ping === undefined ? ask : () => socket.ping?.();
  return new KeepAlive({ timers, intervalMs, insist: !hasPong, probe, ...rest });
}
