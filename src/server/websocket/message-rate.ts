// How many messages one peer may send. One message too many is told to its sender; who goes on regardless is not read until
// what was sent too much is made up for, which slows it down as far as TCP reaches.

import type { ResolvedLimits } from '../server-limits.js';
import type { Timers } from '../timers.js';
import { TokenBucket } from './token-bucket.js';

export interface MessageRateOptions {
  readonly limits: Pick<ResolvedLimits, 'messagesPerSecond' | 'messageBurst'>;
  readonly timers: Timers;
  /** Stops and starts reading; undefined where the socket cannot. */
  readonly reading: { hold(): void; letGo(): void } | undefined;
  /** The peer went on and cannot be held back. */
  readonly flooded: () => void;
}

export class MessageRate {
  readonly #options: MessageRateOptions;
  /** Undefined where there is no bound. */
  readonly #bucket: TokenBucket | undefined;
  /** While the peer is not read. */
  #cancel: (() => void) | undefined;

  constructor(options: MessageRateOptions) {
    this.#options = options;
    const { messagesPerSecond, messageBurst } = options.limits;
    if (messagesPerSecond === Number.POSITIVE_INFINITY || messageBurst === Number.POSITIVE_INFINITY) return;
    this.#bucket = new TokenBucket({ perSecond: messagesPerSecond, burst: messageBurst }, options.timers.now());
  }

  /** A message came; whether it was within the bound. */
  take(now: number): boolean {
    if (this.#bucket === undefined || this.#bucket.take(now)) return true;
    if (this.#bucket.isExhausted && this.#cancel === undefined) this.#holdBack(this.#bucket, now);
    return false;
  }

  stop(): void {
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.#cancel = undefined;
    this.#options.reading?.letGo();
  }

  #holdBack(bucket: TokenBucket, now: number): void {
    const { reading, flooded } = this.#options;
    if (reading === undefined) {
      flooded();
      return;
    }
    reading.hold();
    this.#wait(bucket.debtMs(now));
  }

  /** What had been received before reading stopped may still come: then it takes longer. */
  #wait(debtMs: number): void {
    const { timers } = this.#options;
    this.#cancel = timers.set(Math.max(1, Math.ceil(debtMs)), () => {
      const left = this.#bucket?.debtMs(timers.now()) ?? 0;
      if (left > 0) this.#wait(left);
      else this.stop();
    });
  }
}
