// A source of results that can always be left: `next()` settles when the signal aborts, even while the source hangs in an
// await, and the source's `return()` is called once, waited for within a bound, and never heard of again when it throws.
// A source that comes after its signal was aborted is closed like any other. GraphQL specification, section 6.2.3.

import type { ExecutionResult } from 'graphql';
import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { Result } from '../../protocol/result.js';
import type { Report } from '../call-hook.js';
import type { Counters } from '../stats.js';
import type { Timers } from '../timers.js';

export interface EventStreamOptions {
  readonly signal: AbortSignal;
  readonly finaliseTimeoutMs: number;
  readonly timers: Timers;
  readonly report: Report;
  readonly counters: Counters;
  /** The answer as its client gets it. */
  toResult(answer: ExecutionResult): Result;
  /** What the source threw, as its client gets it. */
  toError(thrown: unknown): Error;
  /** Once: how it ended, whoever ended it. */
  ended(how: 'ok' | 'failed' | 'stopped'): void;
}

type Step = IteratorResult<Result, undefined>;

const end: Step = { done: true, value: undefined };

/** An event source did not close in time. Reported through `onError`. */
export class FinaliseTimeoutError extends HoldfastError {
  override readonly name: string = 'FinaliseTimeoutError';

  constructor(timeoutMs: number) {
    super(
      `An event source did not close within ${timeoutMs} ms after its operation ended. ` +
        'Let its subscribe resolver end its waits when the signal of its context aborts.',
      { code: 'finalise-timeout', phase: 'operation' },
    );
  }
}

export class EventStream implements AsyncIterator<Result, undefined> {
  readonly #source: AsyncIterator<ExecutionResult, unknown>;
  readonly #options: EventStreamOptions;
  /** Ends the `next()` that is waiting now. */
  #release: (() => void) | undefined;
  /** Why it was given up, where whoever asks is to hear of it. */
  #failure: Error | undefined;
  #closed: Promise<Step> | undefined;

  constructor(source: AsyncIterator<ExecutionResult, unknown>, options: EventStreamOptions) {
    this.#source = source;
    this.#options = options;
    options.counters.sources += 1;
    options.signal.addEventListener('abort', this.#onAbort);
    if (options.signal.aborted) this.#onAbort();
  }

  /** Rejects with what the source throws; that ends the stream. One call at a time. */
  next(): Promise<Step> {
    if (this.#failure !== undefined) return this.#fails(this.#failure);
    if (this.#closed !== undefined) return this.#closed;
    return new Promise<Step>((resolve, reject) => {
      const fail = (thrown: unknown): void => {
        // Left before: whatever its source says now, nobody asked for it.
        if (this.#closed !== undefined) return;
        const error = this.#options.toError(thrown);
        this.#ended('failed');
        reject(error);
      };
      this.#release = () => {
        if (this.#failure === undefined) resolve(end);
        else reject(this.#failure);
      };
      let next: Promise<IteratorResult<ExecutionResult, unknown>>;
      try {
        next = Promise.resolve(this.#source.next());
      } catch (thrown) {
        fail(thrown);
        return;
      }
      next.then((step) => {
        if (this.#closed !== undefined) return;
        try {
          if (step.done !== true) resolve({ done: false, value: this.#options.toResult(step.value) });
          else {
            this.#ended('ok');
            resolve(end);
          }
        } catch (thrown) {
          // No step at all, or no result: an engine of the application's own may give anything.
          this.fail(this.#options.toError(thrown));
        }
      }, fail);
    });
  }

  /** Closes the source, and ends the `next()` that waits. Resolves when it has closed or its time is over; never rejects. */
  return(): Promise<Step> {
    if (this.#closed === undefined) {
      this.#closed = this.#close().then(() => end);
      this.#options.ended(this.#failure === undefined ? 'stopped' : 'failed');
    }
    this.#release?.();
    return this.#closed;
  }

  /** Closes the source; whoever waits for the next event, or asks once more, is told why. */
  fail(error: Error): void {
    if (this.#closed !== undefined) return;
    this.#failure = error;
    void this.return();
  }

  readonly #onAbort = (): void => {
    void this.return();
  };

  /** The source has ended by itself: there is nothing left to close. */
  #ended(how: 'ok' | 'failed'): void {
    if (this.#closed !== undefined) return;
    this.#closed = Promise.resolve(end);
    this.#leave();
    this.#options.ended(how);
  }

  /** Once: then it has ended like any other. */
  #fails(error: Error): Promise<Step> {
    this.#failure = undefined;
    return Promise.reject(error);
  }

  #leave(): void {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#options.counters.sources -= 1;
  }

  async #close(): Promise<void> {
    const { timers, finaliseTimeoutMs, report } = this.#options;
    try {
      const closing = Promise.resolve(this.#source.return?.());
      await new Promise<unknown>((resolve, reject) => {
        const cancel = timers.set(finaliseTimeoutMs, () => reject(new FinaliseTimeoutError(finaliseTimeoutMs)));
        closing.then(resolve, reject).finally(cancel);
      });
    } catch (error) {
      report(error, 'source');
    } finally {
      this.#leave();
    }
  }
}
