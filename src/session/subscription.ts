// A subscription and the iterator its consumer holds. It outlives its connections: the same iterator goes on after each
// interruption, and says so with a gap, in order. Written out by hand, because an async generator per idle subscription
// costs three times the memory and cannot be ended while it waits.
/// <reference lib="esnext.disposable" preserve="true" />

import { OptionError } from '../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Result } from '../protocol/result.js';
import type { OperationRequest } from '../transport/contract.js';
import { GapError } from './errors/gap-error.js';
import { GraphQLResultError } from './errors/graphql-result-error.js';
import { type BufferBounds, EventBuffer } from './event-buffer.js';
import { Operation } from './operation.js';
import type { ResolvedRule } from './retry.js';
import type { Gap, GapReason, SubscriptionEvent } from './subscription-event.js';

/** What to do at a gap: nothing, end with a GapError, or call and await a function before the next event. */
export type OnGap = 'continue' | 'fail' | ((gap: Gap) => unknown);

/** What a subscription asks of its session. */
export interface SubscriptionOwner {
  /** The consumer is done with it. */
  cancel(subscription: Operation): void;
  /** Its buffer is full: the server has to stop. */
  park(subscription: Operation): void;
  /** Its buffer has room again. */
  unpark(subscription: Operation): void;
}

interface Pull<T> {
  readonly resolve: (result: IteratorResult<SubscriptionEvent<T>, undefined>) => void;
  readonly reject: (error: Error) => void;
}

const done = { done: true, value: undefined } as const;

/**
 * The events of one subscription, for one consumer. It was started when it was made; breaking out of the loop, `return()` or
 * `await using` stops it on the server.
 *
 * @example
 * ```ts
 * for await (const event of session.subscribe('subscription { orderChanged { id } }')) {
 *   if (event.type === 'gap') await reload();
 *   else show(event.data);
 * }
 * ```
 */
export interface Subscription<T = unknown>
  extends AsyncIterableIterator<SubscriptionEvent<T>, undefined>,
    AsyncDisposable {
  /**
   * The data alone. Gaps go to `onGap`; an event with errors ends the loop with a GraphQLResultError that holds its data.
   */
  data(options: { readonly onGap: OnGap }): AsyncIterableIterator<T, undefined>;
}

export class SubscriptionOperation<T> extends Operation implements Subscription<T> {
  readonly #owner: SubscriptionOwner;
  readonly #buffer: EventBuffer<T>;
  #pulls: Pull<T>[] = [];
  /** Open, or how it ends once the buffer is empty. */
  #end: { readonly error: Error | undefined } | undefined;
  #interruption: { readonly reason: GapReason; readonly since: number } | undefined;

  constructor(request: OperationRequest, rule: ResolvedRule, bounds: BufferBounds, owner: SubscriptionOwner) {
    super(request, rule, undefined);
    this.#owner = owner;
    this.#buffer = new EventBuffer(bounds);
  }

  /** How many events wait for the consumer. */
  get buffered(): { readonly events: number; readonly bytes: number } {
    return { events: this.#buffer.events, bytes: this.#buffer.bytes };
  }

  override started(at: number): void {
    if (this.#interruption === undefined) return;
    const { reason, since } = this.#interruption;
    this.#interruption = undefined;
    const gap: Gap = { reason, lostAt: since, liveAt: at };
    const pull = this.#pulls.shift();
    if (pull === undefined) this.#buffer.pushGap(gap);
    else pull.resolve({ done: false, value: { type: 'gap', gap } });
  }

  override interrupted(reason: GapReason, since: number): void {
    // Interrupted again before it was live: events may be missing since the first time.
    this.#interruption ??= { reason, since };
  }

  override deliver(result: Result, bytes: number): void {
    const event: SubscriptionEvent<T> = {
      type: 'data',
      data: result.data as T,
      ...(result.errors === undefined ? undefined : { errors: result.errors }),
      ...(result.extensions === undefined ? undefined : { extensions: result.extensions }),
      replayed: false,
    };
    const pull = this.#pulls.shift();
    if (pull !== undefined) {
      pull.resolve({ done: false, value: event });
      return;
    }
    this.#buffer.pushEvent(event, bytes);
    if (this.#buffer.full) this.#owner.park(this);
  }

  override finish(): void {
    this.#finish(undefined);
  }

  override fail(error: Error): void {
    this.#finish(error);
  }

  override abort(error: Error): void {
    this.#buffer.clear();
    this.#finish(error);
  }

  next(): Promise<IteratorResult<SubscriptionEvent<T>, undefined>> {
    const event = this.#buffer.shift();
    if (event !== undefined) {
      if (this.place.at === 'parked' && this.#buffer.low) this.#owner.unpark(this);
      return Promise.resolve({ done: false, value: event });
    }
    if (this.#end !== undefined) return this.#takeEnd(this.#end);
    return new Promise((resolve, reject) => {
      this.#pulls.push({ resolve, reject });
    });
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#buffer.clear();
    this.#owner.cancel(this);
    this.#finish(undefined);
    this.#end = { error: undefined };
    return Promise.resolve(done);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  data(options: { readonly onGap: OnGap }): AsyncIterableIterator<T, undefined> {
    // A program without types may leave everything out.
    const { onGap } = Object(options) as typeof options;
    refuseUnknownOptions('the options of data()', Object(options), ['onGap']);
    if (onGap !== 'continue' && onGap !== 'fail' && typeof onGap !== 'function') {
      throw new OptionError(
        'onGap',
        `Option "onGap" must be "continue", "fail" or a function; it is ${describe(onGap)}.`,
      );
    }
    return new DataIterator(this, onGap);
  }

  #finish(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    this.released?.();
    this.#end = { error };
    // Whoever waits gets the end: the error once, then done.
    const pulls = this.#pulls;
    this.#pulls = [];
    for (const pull of pulls) this.#takeEnd({ error: this.#end.error }).then(pull.resolve, pull.reject);
  }

  #takeEnd({ error }: { readonly error: Error | undefined }): Promise<IteratorReturnResult<undefined>> {
    if (error === undefined) return Promise.resolve(done);
    this.#end = { error: undefined };
    return Promise.reject(error);
  }
}

/** The data of a subscription, with its gaps handed elsewhere. */
class DataIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #subscription: SubscriptionOperation<T>;
  readonly #onGap: OnGap;

  constructor(subscription: SubscriptionOperation<T>, onGap: OnGap) {
    this.#subscription = subscription;
    this.#onGap = onGap;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    try {
      for (;;) {
        const { done: ended, value: event } = await this.#subscription.next();
        if (ended) return done;
        if (event.type === 'gap') await this.#meet(event.gap);
        else return { done: false, value: this.#dataOf(event) };
      }
    } catch (error) {
      // A loop does not call `return` on an iterator that threw, so the server is told here.
      await this.#subscription.return();
      throw error;
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    return this.#subscription.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #meet(gap: Gap): Promise<void> {
    if (this.#onGap === 'fail') throw new GapError(this.#subscription.title, gap);
    if (typeof this.#onGap === 'function') await this.#onGap(gap);
  }

  #dataOf(event: Exclude<SubscriptionEvent<T>, { type: 'gap' }>): T {
    if (event.type === 'data' && event.errors !== undefined && event.errors.length > 0) {
      throw new GraphQLResultError(this.#subscription.title, event.errors, event, this.#subscription.sends);
    }
    return event.data;
  }
}
