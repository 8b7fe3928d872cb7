// The demo's consumer of the order feed: keeps what the subscription handed over, in order, gaps included.

import type { Session } from '../../session/session.js';
import type { Subscription } from '../../session/subscription.js';
import type { Tell } from './happening.js';
import type { OrderStatus } from './journal.js';

const document = 'subscription OrderFeed { orderFeed { sequence order { id reference status } } }';

interface OrderFeedData {
  readonly orderFeed: {
    readonly sequence: number;
    readonly order: { readonly id: string; readonly reference: string; readonly status: OrderStatus };
  };
}

export type FeedItem =
  | { readonly type: 'event'; readonly sequence: number; readonly order: string; readonly status: OrderStatus }
  | { readonly type: 'gap' };

export class FeedConsumer {
  readonly items: FeedItem[] = [];
  readonly #subscription: Subscription<OrderFeedData>;
  readonly #tell: Tell;
  #last = 0;

  constructor(session: Session, tell: Tell) {
    this.#subscription = session.subscribe<OrderFeedData>(document);
    this.#tell = tell;
  }

  /** The sequence number of the last event; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Ends when the subscription does. */
  async consume(): Promise<void> {
    for await (const event of this.#subscription) {
      if (event.type === 'gap') {
        this.items.push({ type: 'gap' });
        this.#tell({ type: 'gap', gap: event.gap, after: this.#last });
        continue;
      }
      const { sequence, order } = event.data.orderFeed;
      const missed = this.items.at(-1)?.type === 'gap' ? sequence - this.#last - 1 : undefined;
      this.#tell({ type: 'event', sequence, missed });
      this.items.push({ type: 'event', sequence, order: order.id, status: order.status });
      this.#last = sequence;
    }
  }

  async stop(): Promise<void> {
    await this.#subscription.return?.();
  }
}
