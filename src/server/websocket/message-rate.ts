// How many messages one peer may send. One message too many is told to its sender; who goes on regardless is not read until
// what was sent too much is made up for, which slows it down as far as TCP reaches.

import * as CloseCode from '../../protocol/close-codes.js';
import { TokenBucket } from '../../protocol/token-bucket.js';
import type { ServerCore } from '../core.js';
import type { Reading } from './reading.js';

export class MessageRate {
  readonly #core: Pick<ServerCore, 'options' | 'timers' | 'telemetry'>;
  readonly #reading: Reading | undefined;
  readonly #owner: { close(code: number, reason: string): void };
  /** Undefined where there is no bound. */
  readonly #bucket: TokenBucket | undefined;
  /** While the peer is not read. */
  #cancel: (() => void) | undefined;

  /** `reading` is undefined where the socket cannot stop. */
  constructor(
    core: Pick<ServerCore, 'options' | 'timers' | 'telemetry'>,
    reading: Reading | undefined,
    owner: { close(code: number, reason: string): void },
  ) {
    this.#core = core;
    this.#reading = reading;
    this.#owner = owner;
    const { messagesPerSecond, messageBurst } = core.options.limits;
    if (messagesPerSecond === Number.POSITIVE_INFINITY || messageBurst === Number.POSITIVE_INFINITY) return;
    this.#bucket = new TokenBucket({ perSecond: messagesPerSecond, burst: messageBurst }, core.timers.now());
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
    this.#reading?.letGo();
  }

  #holdBack(bucket: TokenBucket, now: number): void {
    if (this.#reading === undefined) {
      const { telemetry, options } = this.#core;
      telemetry.limited('limits.messagesPerSecond');
      const reason = `Too many messages: "limits.messagesPerSecond" is ${options.limits.messagesPerSecond}`;
      this.#owner.close(CloseCode.tryAgainLater, reason);
      return;
    }
    this.#reading.hold();
    this.#wait(bucket, bucket.debtMs(now));
  }

  /** What had been received before reading stopped may still come: then it takes longer. */
  #wait(bucket: TokenBucket, debtMs: number): void {
    const { timers } = this.#core;
    this.#cancel = timers.set(Math.max(1, Math.ceil(debtMs)), () => {
      const left = bucket.debtMs(timers.now());
      if (left > 0) this.#wait(bucket, left);
      else this.stop();
    });
  }
}
