// The data of a subscription alone, with its gaps handed elsewhere: the short way to read one.

import { GapError } from './errors/gap-error.js';
import { GraphQLResultError } from './errors/graphql-result-error.js';
import { graphqlFailure } from './operation-errors.js';
import type { OnGap, SubscriptionOperation } from './subscription.js';
import type { Gap, SubscriptionEvent } from './subscription-event.js';

const done = { done: true, value: undefined } as const;

export class DataIterator<T> implements AsyncIterableIterator<T, undefined> {
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
      const { title, sends, head } = this.#subscription;
      throw new GraphQLResultError(title, event.errors, event, sends, graphqlFailure(event.errors, head));
    }
    return event.data;
  }
}
