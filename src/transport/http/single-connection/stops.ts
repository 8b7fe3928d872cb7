// Tells a server to stop operations: requests whose answers change nothing. GraphQL over SSE, section "Stopping streaming
// operations". Each has a bounded time, after which it is given up.

import type { Clock } from '../../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../exchange.js';

export class Stops {
  readonly #client: HttpClient;
  readonly #clock: Clock;
  readonly #boundMs: number;
  /** What stops the clock of each. */
  readonly #clocks = new Set<() => void>();

  constructor(client: HttpClient, clock: Clock, boundMs: number) {
    this.#client = client;
    this.#clock = clock;
    this.#boundMs = boundMs;
  }

  send(request: HttpRequest): void {
    let exchange: Exchange | undefined;
    const cancelTimer = this.#clock.setTimer(this.#boundMs, () => {
      over();
      exchange?.cancel();
    });
    const over = (): void => {
      cancelTimer();
      this.#clocks.delete(cancelTimer);
    };
    this.#clocks.add(cancelTimer);
    exchange = this.#client.send(request, new Unheard(over));
  }

  /** What is under way is left to its client. */
  end(): void {
    for (const cancelTimer of this.#clocks) cancelTimer();
    this.#clocks.clear();
  }
}

/** Reads an answer to its end, so that its socket can be used again. */
class Unheard implements ExchangeEvents {
  readonly #over: () => void;

  constructor(over: () => void) {
    this.#over = over;
  }

  sending(): void {}
  head(): void {}
  chunk(): void {}

  end(): void {
    this.#over();
  }

  failed(): void {
    this.#over();
  }
}
