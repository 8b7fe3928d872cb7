// A subscription whose data is read on its way to the consumer. Gaps, positions and errors pass as they are.

import type { OnGap, Subscription } from '../../session/subscription.js';
import type { SubscriptionEvent } from '../../session/subscription-event.js';
import { type Read, ReadingIterator } from './reading-iterator.js';

export class ReadingSubscription<T>
  extends ReadingIterator<SubscriptionEvent, SubscriptionEvent<T>>
  implements Subscription<T>
{
  readonly #source: Subscription;
  readonly #readData: Read<unknown, T>;

  constructor(source: Subscription, readData: Read<unknown, T>) {
    super(source, (event) => (event.type === 'gap' ? event : { ...event, data: readData(event.data) }));
    this.#source = source;
    this.#readData = readData;
  }

  data(options: { readonly onGap: OnGap }): AsyncIterableIterator<T, undefined> {
    return new ReadingIterator(this.#source.data(options), this.#readData);
  }
}
