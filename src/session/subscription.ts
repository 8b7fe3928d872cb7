// A subscription and the iterator its consumer holds. It outlives its connections: the same iterator goes on after each
// interruption, and says so with a gap, in order. Written out by hand, because an async generator per idle subscription
// costs three times the memory and cannot be ended while it waits.
/// <reference lib="esnext.disposable" preserve="true" />

import { OptionError } from '../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../protocol/options.js';
import type { Result } from '../protocol/result.js';
import type { OperationRequest } from '../transport/contract.js';
import type { BufferBounds } from './buffer-options.js';
import { BufferFullError } from './errors/buffer-full-error.js';
import { SessionError } from './errors/session-error.js';
import { EventBuffer } from './event-buffer.js';
import { Operation } from './operation.js';
import type { ResolvedRule } from './retry.js';
import { DataIterator } from './subscription-data.js';
import type { Gap, GapReason, SubscriptionEvent } from './subscription-event.js';

/** What to do at a gap: nothing, end with a GapError, or call and await a function before the next event. */
export type OnGap = 'continue' | 'fail' | ((gap: Gap) => unknown);

/** What a subscription asks of its session. */
export interface SubscriptionOwner {
  /** The consumer is done with it. */
  cancel(subscription: Operation): void;
  /**
   * Its buffer is full: no more events are to come. `overdue`: they were held back, and came all the same. False where they
   * cannot be held back.
   */
  holdBack(subscription: Operation, overdue: boolean): boolean;
  /** Its buffer has room again. */
  letGo(subscription: Operation): void;
  /** Milliseconds since the epoch. */
  now(): number;
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
  readonly #bounds: BufferBounds;
  readonly #calledAt: number;
  #sentAt: number | undefined;
  /** Made when the first event has to wait: most subscriptions are idle, and there may be many. */
  #buffer: EventBuffer<T> | undefined;
  #pulls: Pull<T>[] = [];
  /** Open, or how it ends once the buffer is empty. */
  #end: { readonly error: Error | undefined } | undefined;
  #interruption: { readonly reason: GapReason; readonly since: number } | undefined;
  /** It may have begun on the server at some time. */
  #begun = false;

  constructor(request: OperationRequest, rule: ResolvedRule, bounds: BufferBounds, owner: SubscriptionOwner) {
    super(request, rule, undefined);
    this.#owner = owner;
    this.#bounds = bounds;
    this.#calledAt = owner.now();
  }

  /** How many events wait for the consumer. */
  get buffered(): { readonly events: number; readonly bytes: number } {
    return { events: this.#buffer?.events ?? 0, bytes: this.#buffer?.bytes ?? 0 };
  }

  override started(at: number): void {
    this.#sentAt = at;
    if (this.#interruption === undefined) return;
    const { reason, since } = this.#interruption;
    this.#interruption = undefined;
    const gap: Gap = { reason, lostAt: since, liveAt: at };
    const pull = this.#pulls.shift();
    if (pull === undefined) this.#waiting.pushGap(gap);
    else pull.resolve({ done: false, value: { type: 'gap', gap } });
  }

  override interrupted(reason: GapReason, since: number): void {
    // Interrupted again before it was live: events may be missing since the first time.
    this.#interruption ??= { reason, since };
    if (reason !== 'retried') this.#begun = true;
  }

  override notBegun(): void {
    // There was nothing yet of which events could be missing.
    if (!this.#begun) this.#interruption = undefined;
  }

  override deliver(result: Result, bytes: number): void {
    this.#begun = true;
    const event = dataEvent<T>(result);
    const pull = this.#pulls.shift();
    if (pull !== undefined) {
      pull.resolve({ done: false, value: event });
      return;
    }
    const buffer = this.#waiting;
    buffer.pushEvent(event, bytes, this.#mayDrop ? this.#owner.now() : 0);
    if (buffer.full) this.#relieve(buffer);
  }

  override finish(): void {
    this.#finish(undefined);
  }

  override fail(error: Error): void {
    this.#finish(error);
  }

  override abort(error: Error): void {
    this.#buffer = undefined;
    this.#finish(error);
  }

  next(): Promise<IteratorResult<SubscriptionEvent<T>, undefined>> {
    const event = this.#buffer?.shift();
    if (event !== undefined) {
      if (this.heldBack && this.#buffer?.low) this.#owner.letGo(this);
      return Promise.resolve({ done: false, value: event });
    }
    if (this.#end !== undefined) return this.#takeEnd(this.#end);
    return new Promise((resolve, reject) => {
      this.#pulls.push({ resolve, reject });
    });
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#buffer = undefined;
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

  /** Only of events that may be dropped is it ever told when they came. */
  get #mayDrop(): boolean {
    return this.#bounds.whenFull === 'drop-oldest' || this.#bounds.whenFull === 'latest';
  }

  get #waiting(): EventBuffer<T> {
    this.#buffer ??= new EventBuffer(this.#bounds);
    return this.#buffer;
  }

  /** Makes room in a full buffer, or sees to it that none is needed. */
  #relieve(buffer: EventBuffer<T>): void {
    const { maxEvents, maxBytes, whenFull } = this.#bounds;
    if (whenFull === 'park') {
      const { overflowing } = buffer;
      if (!this.#owner.holdBack(this, overflowing) && overflowing) this.#overflow();
    } else if (whenFull === 'drop-oldest') {
      buffer.dropOldest({ maxEvents, maxBytes });
    } else if (buffer.overfull && whenFull === 'latest') {
      buffer.dropOldest({ maxEvents: 1, maxBytes });
    } else if (buffer.overfull) {
      this.#overflow();
    }
  }

  #overflow(): void {
    const { maxEvents, maxBytes } = this.#bounds;
    this.#owner.cancel(this);
    this.fail(new BufferFullError(this.title, maxEvents, maxBytes, this.sends));
  }

  #finish(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    if (error instanceof SessionError)
      error.at({ calledAt: this.#calledAt, sentAt: this.#sentAt, endedAt: this.#owner.now() });
    this.ended(error);
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

function dataEvent<T>({ data, errors, extensions }: Result): SubscriptionEvent<T> {
  const event = { type: 'data', data: data as T, replayed: false } as const;
  if (errors === undefined && extensions === undefined) return event;
  return { ...event, ...(errors && { errors }), ...(extensions && { extensions }) };
}
