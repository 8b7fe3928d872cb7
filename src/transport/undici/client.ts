// HTTP/1.1 over undici: hands each request to a dispatcher, keeps calls that have no socket yet where they can be taken back,
// and ends with nothing left behind.

import type { Clock, Failure } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../http/exchange.js';
import { type ExchangeHost, UndiciExchange } from './exchange.js';
import type { Dispatchers } from './pools.js';

export class UndiciClient implements HttpClient, ExchangeHost {
  readonly origin: string;
  readonly place: string;
  readonly #dispatchers: Dispatchers;
  readonly #clock: Clock;
  /** Whatever something may still be told of. */
  readonly #exchanges = new Set<UndiciExchange>();
  /**
   * Calls without a socket, the oldest first. They wait here and not in undici's own queue, where a request that was given up
   * stays until it has had its turn.
   */
  #waiting: UndiciExchange[] = [];
  /** Calls that undici has. */
  readonly #calls = new Set<UndiciExchange>();
  #open = true;
  #emptied: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(origin: string, place: string, dispatchers: Dispatchers, clock: Clock) {
    this.origin = origin;
    this.place = place;
    this.#dispatchers = dispatchers;
    this.#clock = clock;
  }

  send(request: HttpRequest, events: ExchangeEvents): Exchange {
    const exchange = new UndiciExchange(request, events, this);
    this.#exchanges.add(exchange);
    if (!this.#open) exchange.refuse(closedFailure(this.place));
    else if (request.longLived) exchange.dispatchTo(this.#dispatchers.streams);
    else if (this.#calls.size < this.#dispatchers.maxCalls) this.#call(exchange);
    else this.#waiting.push(exchange);
    return exchange;
  }

  close(graceMs: number): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  destroy(): void {
    void this.#destroy();
  }

  finished(exchange: UndiciExchange): void {
    this.#exchanges.delete(exchange);
    if (this.#exchanges.size === 0) this.#emptied?.();
  }

  released(exchange: UndiciExchange): void {
    // Later: undici has yet to put away the socket that is free now, or to drop the one that failed.
    if (this.#calls.delete(exchange) && this.#waiting.length > 0) queueMicrotask(() => this.#callNext());
  }

  #call(exchange: UndiciExchange): void {
    this.#calls.add(exchange);
    exchange.dispatchTo(this.#dispatchers.calls);
  }

  #callNext(): void {
    while (this.#calls.size < this.#dispatchers.maxCalls) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (next.waiting) this.#call(next);
    }
  }

  async #close(graceMs: number): Promise<void> {
    this.#open = false;
    for (const exchange of this.#waiting.splice(0)) exchange.refuse(closedFailure(this.place));
    if (this.#exchanges.size > 0) await this.#empty(graceMs);
    await this.#destroy();
  }

  #empty(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = this.#clock.setTimer(graceMs, resolve);
      this.#emptied = () => {
        cancelTimer();
        resolve();
      };
    });
  }

  async #destroy(): Promise<void> {
    this.#open = false;
    this.#waiting = [];
    for (const exchange of [...this.#exchanges]) exchange.cancel();
    await this.#dispatchers.destroy();
  }
}

function closedFailure(place: string): Failure {
  const message = `The request to ${place} was not sent: the transport is being closed.`;
  return { code: 'aborted', phase: 'close', message, delivery: 'not-sent' };
}
