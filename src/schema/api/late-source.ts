// The stream or subscription of a document that has to be read first: the same face from the start, and what it stands for as
// soon as that is known.
/// <reference lib="esnext.disposable" preserve="true" />

import type { OnGap, Subscription } from '../../session/subscription.js';
import type { SubscriptionEvent } from '../../session/subscription-event.js';

const done = { done: true, value: undefined } as const;

export class LateSource<Item, Source extends AsyncIterator<Item, undefined>>
  implements AsyncIterableIterator<Item, undefined>, AsyncDisposable
{
  /** Undefined: its consumer left before it was there. */
  readonly #source: Promise<Source | undefined>;
  #left = false;

  /** @param start Not called when its consumer has left before. */
  constructor(start: Promise<() => Source>) {
    this.#source = start.then((begin) => (this.#left ? undefined : begin()));
    // Its consumer learns it from `next`, whenever that comes.
    this.#source.catch(() => {});
  }

  async next(): Promise<IteratorResult<Item, undefined>> {
    const source = await this.started();
    return source === undefined ? done : source.next();
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#left = true;
    const source = await this.#source.catch(() => undefined);
    await source?.return?.();
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** What it stands for. Undefined: it has ended. Why it could not be started is thrown once. */
  protected async started(): Promise<Source | undefined> {
    try {
      const source = await this.#source;
      return this.#left ? undefined : source;
    } catch (error) {
      if (this.#left) return undefined;
      this.#left = true;
      throw error;
    }
  }
}

export class LateSubscription extends LateSource<SubscriptionEvent, Subscription> implements Subscription {
  data(options: { readonly onGap: OnGap }): AsyncIterableIterator<unknown, undefined> {
    let data: AsyncIterator<unknown, undefined> | undefined;
    return {
      next: async () => {
        const source = await this.started();
        data ??= source?.data(options);
        return data === undefined ? done : data.next();
      },
      return: () => this.return(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
