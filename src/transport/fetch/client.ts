// The client of HTTP over the platform's fetch, or one that a program injects: used, never owned. A pool whose sockets are the
// platform's; what is ours is the requests in progress. Fetch Standard, section "Fetch method".

import { LinkedList } from '../../protocol/linked-list.js';
import type { Clock } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../http/exchange.js';
import { FetchExchange, type FetchSettings } from './exchange.js';
import { closing } from './failures.js';
import { withWholeBody } from './progress.js';

export class FetchClient implements HttpClient {
  readonly #settings: FetchSettings;
  readonly #clock: Clock;
  readonly #running = new LinkedList<FetchExchange>();
  #closed: Promise<void> | undefined;
  /** Ends the waiting of `close`. */
  #released: (() => void) | undefined;

  constructor(settings: FetchSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  send(request: HttpRequest, events: ExchangeEvents): Exchange {
    const exchange = new FetchExchange(withWholeBody(request), events, this.#settings, (ended) => this.#leave(ended));
    if (this.#closed === undefined) {
      this.#running.add(exchange);
      exchange.begin();
    } else exchange.refuse(closing(this.#settings.place));
    return exchange;
  }

  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#running.size === 0 ? Promise.resolve() : this.#drained(graceMs);
    return this.#closed;
  }

  destroy(): void {
    this.#closed ??= Promise.resolve();
    for (const exchange of [...this.#running]) exchange.cancel();
  }

  #drained(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = this.#clock.setTimer(graceMs, () => this.destroy());
      this.#released = () => {
        cancelTimer();
        resolve();
      };
    });
  }

  #leave(exchange: FetchExchange): void {
    this.#running.delete(exchange);
    if (this.#running.size === 0) this.#released?.();
  }
}
