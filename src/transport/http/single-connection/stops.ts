// Tells a server to stop operations: requests whose answers change nothing. GraphQL over SSE, section "Stopping streaming
// operations". Each has a bounded time, after which it is given up.

import type { Clock } from '../../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../exchange.js';

export class Stops {
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #boundMs: number;
  readonly #orders = new Set<Order>();

  constructor(client: HttpClient, clock: Clock, boundMs: number) {
    this.#client = client;
    this.#clock = clock;
    this.#boundMs = boundMs;
  }

  /** At the end of the turn: who ends a session leaves all its operations first, and needs none of this for them. */
  send(request: HttpRequest): void {
    const order = new Order(() => this.#orders.delete(order));
    this.#orders.add(order);
    queueMicrotask(() => {
      if (this.#orders.has(order)) order.begin(this.#client, request, this.#clock, this.#boundMs);
    });
  }

  /** The stream is no more, and with it the server stops everything. */
  end(): void {
    for (const order of [...this.#orders]) order.cancel();
  }
}

/** Its answer is read to the end, so that the socket can be used again. */
class Order implements ExchangeEvents {
  readonly #over: () => void;
  #exchange: Exchange | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(over: () => void) {
    this.#over = over;
  }

  begin(client: HttpClient, request: HttpRequest, clock: Clock, boundMs: number): void {
    this.#cancelTimer = clock.setTimer(boundMs, () => this.cancel());
    this.#exchange = client.send(request, this);
  }

  cancel(): void {
    this.end();
    this.#exchange?.cancel();
  }

  sending(): void {}
  head(): void {}
  chunk(): void {}

  end(): void {
    this.#cancelTimer?.();
    this.#over();
  }

  failed(): void {
    this.end();
  }
}
