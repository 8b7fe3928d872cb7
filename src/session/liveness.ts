// When to ask a silent peer for a sign of life, and when to call it dead. Pure bookkeeping of one connection; its link owns
// the timer and the pings.

import type { LivenessMode } from './state.js';

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
  }

  keepAlive(now: number): void {
    if (this.#lastKeepAlive !== undefined) this.#interval = Math.max(this.#interval ?? 0, now - this.#lastKeepAlive);
    this.#lastKeepAlive = now;
  }

  /** What to do now, and when to look again at the latest. */
  check(now: number, mode: LivenessMode): LivenessAction {
    const { silenceMs, answerMs } = this.#policy;
    const silentMs = now - this.#lastHeard;
    if (mode === 'none' || mode === 'keep-alive') {
      // Nothing can be asked: a server that sent keep-alives and stopped is dead, one that never did cannot be judged.
      const allowedMs =
        this.#interval === undefined ? undefined : Math.max(this.#interval * missedIntervals, silenceMs);
      if (allowedMs === undefined) return { type: 'wait', ms: silenceMs };
      return silentMs >= allowedMs ? { type: 'dead', silentMs } : { type: 'wait', ms: allowedMs - silentMs };
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
