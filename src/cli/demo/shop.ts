// The shop behind the demo's server: products, orders, and a feed that tells of every step of every order. What it knows is in
// its journal; a shop that is started again reads it and goes on where the one before died.

import { EventEmitter, on } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { appendToJournal, type JournalEntry, type OrderStatus, readJournal } from './journal.js';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly priceInCents: number;
}

export interface Order {
  readonly id: string;
  readonly reference: string;
  readonly product: Product;
  readonly quantity: number;
  status: OrderStatus | undefined;
}

export interface FeedEvent {
  readonly sequence: number;
  readonly order: { readonly id: string; readonly reference: string; readonly status: OrderStatus };
}

export interface NewOrder {
  readonly reference: string;
  readonly product: string;
  readonly quantity: number;
}

export const products: readonly Product[] = [
  { id: 'anchor', name: 'Anchor', priceInCents: 18_900 },
  { id: 'buoy', name: 'Buoy', priceInCents: 4_450 },
  { id: 'compass', name: 'Compass', priceInCents: 7_990 },
  { id: 'lantern', name: 'Lantern', priceInCents: 3_200 },
  { id: 'rope', name: 'Rope, 20 m', priceInCents: 2_750 },
];

const steps: readonly OrderStatus[] = ['PLACED', 'PACKED', 'SHIPPED'];

/** Work takes time, so that a fault finds some of it half done. */
const between = (leastMs: number, mostMs: number): number => leastMs + Math.random() * (mostMs - leastMs);

export class Shop {
  readonly #journal: string;
  readonly #orders = new Map<string, Order>();
  readonly #feed = new EventEmitter();
  #sequence = 0;

  /** Reads the journal, and goes on with every order that was not shipped yet. */
  constructor(journal: string) {
    this.#journal = journal;
    for (const entry of readJournal(journal)) this.#restore(entry);
    for (const order of this.#orders.values()) this.#workOn(order);
  }

  async products(): Promise<readonly Product[]> {
    await wait(between(100, 600));
    return products;
  }

  async product(id: string): Promise<Product | undefined> {
    await wait(between(100, 600));
    return products.find((product) => product.id === id);
  }

  /** Writes the order down between two stretches of work: a fault may come before the write or after it. */
  async placeOrder({ reference, product: id, quantity }: NewOrder): Promise<Order> {
    const product = products.find((one) => one.id === id);
    if (product === undefined) throw new Error(`There is no product "${id}".`);
    await wait(between(50, 250));
    const order: Order = { id: String(this.#orders.size + 1), reference, product, quantity, status: undefined };
    this.#append({ type: 'order', id: order.id, reference, product: id, quantity });
    this.#orders.set(order.id, order);
    this.#advance(order);
    await wait(between(50, 250));
    return order;
  }

  /** Every event from now on. It keeps no history: whoever is not connected misses what happens. */
  feed(): AsyncIterable<[FeedEvent]> {
    return on(this.#feed, 'event') as AsyncIterable<[FeedEvent]>;
  }

  #advance(order: Order): void {
    const status = steps[order.status === undefined ? 0 : steps.indexOf(order.status) + 1];
    if (status === undefined) return;
    order.status = status;
    this.#sequence += 1;
    const sequence = this.#sequence;
    this.#append({ type: 'event', sequence, order: order.id, status });
    const event: FeedEvent = { sequence, order: { id: order.id, reference: order.reference, status } };
    this.#feed.emit('event', event);
    this.#workOn(order);
  }

  #workOn(order: Order): void {
    if (order.status !== 'SHIPPED') setTimeout(() => this.#advance(order), between(300, 1_500));
  }

  #append(entry: JournalEntry): void {
    appendToJournal(this.#journal, entry);
  }

  #restore(entry: JournalEntry): void {
    if (entry.type === 'event') {
      this.#sequence = entry.sequence;
      const order = this.#orders.get(entry.order);
      if (order !== undefined) order.status = entry.status;
      return;
    }
    const product = products.find(({ id }) => id === entry.product);
    if (product === undefined) throw new Error(`The journal has an order for "${entry.product}", which is no product.`);
    const { id, reference, quantity } = entry;
    this.#orders.set(id, { id, reference, product, quantity, status: undefined });
  }
}
