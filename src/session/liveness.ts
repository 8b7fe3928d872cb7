// When to ask a silent peer for a sign of life, and when to call it dead. Pure bookkeeping of one connection; its link owns
// the timer and the pings.

import type { LivenessMode } from './state.js';
import { slept } from './wake.js';

export interface LivenessPolicy {
  /** Silence after which the peer is asked, ms. */
  readonly silenceMs: number;
  /** How long it may take to answer, ms. */
  readonly answerMs: number;
}

export type LivenessAction =
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'ask'; readonly ms: number }
  | { readonly type: 'dead'; readonly silentMs: number };

/** How many intervals of a server's keep-alive may be missed where nothing can be asked. */
const missedIntervals = 3;

export class Liveness {
  readonly #policy: LivenessPolicy;
  #lastHeard: number;
  #askedAt: number | undefined;
  #lastKeepAlive: number | undefined;
  /** The longest distance between two keep-alive messages seen so far. */
  #interval: number | undefined;
  /** When the next look is due. */
  #dueAt = Number.POSITIVE_INFINITY;
  /** Just woken: until then the peer is not judged by a silence that was our own. */
  #excusedUntil = 0;
  /** Asked anew on waking, and not heard since. */
  #askedAnew = false;

  constructor(policy: LivenessPolicy, now: number) {
    this.#policy = policy;
    this.#lastHeard = now;
  }

  get lastHeard(): number {
    return this.#lastHeard;
  }

  heard(now: number): void {
    this.#lastHeard = now;
    this.#askedAt = undefined;
    this.#askedAnew = false;
  }

  keepAlive(now: number): void {
    if (this.#lastKeepAlive !== undefined) this.#interval = Math.max(this.#interval ?? 0, now - this.#lastKeepAlive);
    this.#lastKeepAlive = now;
  }

  /** What to do now, and when to look again at the latest. */
  check(now: number, mode: LivenessMode): LivenessAction {
    // Once, unless it is heard: a hidden page's timers are always late, and its peer must not live for ever by that.
    const excused = slept(this.#dueAt, now) && !this.#askedAnew;
    return this.#planned(excused ? this.#askAnew(now, mode) : this.#judge(now, mode), now);
  }

  /** The machine or page was asleep or offline: the peer is asked at once, whatever was due meanwhile. */
  woken(now: number, mode: LivenessMode): LivenessAction {
    return this.#planned(this.#askAnew(now, mode), now);
  }

  #planned(action: LivenessAction, now: number): LivenessAction {
    if (action.type !== 'dead') this.#dueAt = now + action.ms;
    return action;
  }

  #askAnew(now: number, mode: LivenessMode): LivenessAction {
    const { answerMs } = this.#policy;
    this.#askedAnew = true;
    if (mode === 'none' || mode === 'keep-alive') {
      this.#excusedUntil = now + answerMs;
      return { type: 'wait', ms: answerMs };
    }
    // Several signs of waking come together: one question is enough.
    if (this.#askedAt !== undefined && now - this.#askedAt < answerMs) {
      return { type: 'wait', ms: this.#askedAt + answerMs - now };
    }
    this.#askedAt = now;
    return { type: 'ask', ms: answerMs };
  }

  #judge(now: number, mode: LivenessMode): LivenessAction {
    const { silenceMs, answerMs } = this.#policy;
    const silentMs = now - this.#lastHeard;
    if (mode === 'none' || mode === 'keep-alive') {
      // Nothing can be asked: a server that sent keep-alives and stopped is dead, one that never did cannot be judged.
      if (this.#interval === undefined) return { type: 'wait', ms: silenceMs };
      const deadAt = Math.max(
        this.#lastHeard + Math.max(this.#interval * missedIntervals, silenceMs),
        this.#excusedUntil,
      );
      return now >= deadAt ? { type: 'dead', silentMs } : { type: 'wait', ms: deadAt - now };
    }
    if (this.#askedAt !== undefined) {
      const leftMs = this.#askedAt + answerMs - now;
      return leftMs <= 0 ? { type: 'dead', silentMs } : { type: 'wait', ms: leftMs };
    }
    if (silentMs < silenceMs) return { type: 'wait', ms: silenceMs - silentMs };
    this.#askedAt = now;
    return { type: 'ask', ms: answerMs };
  }
}
