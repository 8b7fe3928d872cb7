// Everybody who waits for the session to be ready, and until when.

import type { Clock, Failure } from '../transport/contract.js';
import { CancelledError } from './errors/cancelled-error.js';
import { ConnectError } from './errors/connect-error.js';
import { SessionClosedError } from './errors/session-closed-error.js';
import type { SessionState } from './state.js';

export interface ReadyOptions {
  /** How long to wait, ms. Default 30,000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is known when a wait ends in vain. */
export interface ReadinessSource {
  readonly state: SessionState;
  readonly attempts: number;
  readonly lastFailure: Failure | undefined;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const subject = 'Waiting for the session';

export class Readiness {
  readonly #clock: Clock;
  readonly #source: ReadinessSource;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock, source: ReadinessSource) {
    this.#clock = clock;
    this.#source = source;
  }

  /** Whether anybody waits, who is told of a failure in the end. */
  get awaited(): boolean {
    return this.#waiters.size > 0;
  }

  /** Resolves when the session is ready; rejects at the deadline, or at once when it never will be. */
  wait({ deadlineMs = 30_000, signal }: ReadyOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      let cancelTimer = (): void => {};
      const aborted = (): void =>
        waiter.reject(new CancelledError(subject, signal?.reason, 'not-sent', this.#source.attempts));
      const settle = (): void => {
        cancelTimer();
        signal?.removeEventListener('abort', aborted);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        resolve: () => {
          settle();
          resolve();
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      if (signal?.aborted) return aborted();
      signal?.addEventListener('abort', aborted, { once: true });
      if (deadlineMs !== Number.POSITIVE_INFINITY) {
        cancelTimer = this.#clock.setTimer(deadlineMs, () => waiter.reject(this.#late(deadlineMs)));
      }
      this.settle(this.#source.state);
    });
  }

  /** Lets everybody go for whom this state is the answer. */
  settle(state: SessionState): void {
    for (const waiter of [...this.#waiters]) {
      if (state.status === 'ready') waiter.resolve();
      else if (state.status === 'failed') {
        waiter.reject(new ConnectError('The session gave up connecting', state.cause, state.attempts, false));
      } else if (state.status === 'closing' || state.status === 'closed') {
        waiter.reject(new SessionClosedError(subject, 'not-sent', this.#source.attempts, undefined, 'ended'));
      }
    }
  }

  #late(deadlineMs: number): ConnectError {
    const { lastFailure, attempts } = this.#source;
    return new ConnectError(`The session was not ready within ${deadlineMs} ms`, lastFailure, attempts, true);
  }
}
