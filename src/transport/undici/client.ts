// HTTP/1.1 over undici: gives each request a line, streams lines of their own so that they never take those of calls, keeps
// calls waiting that have none yet, and ends with nothing left behind.

import type { Clock, Failure } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../http/exchange.js';
import { type ExchangeHost, UndiciExchange } from './exchange.js';
import type { Lines } from './lines.js';

export interface ClientLines {
  readonly calls: Lines;
  readonly streams: Lines;
}

export class UndiciClient implements HttpClient, ExchangeHost {
  readonly origin: string;
  readonly place: string;
  readonly #lines: ClientLines;
  readonly #clock: Clock;
  /** Whatever something may still be told of. */
  readonly #exchanges = new Set<UndiciExchange>();
  /** Calls without a line, the oldest first; also such as were given up meanwhile. */
  #waiting: UndiciExchange[] = [];
  #open = true;
  #emptied: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(origin: string, place: string, lines: ClientLines, clock: Clock) {
    this.origin = origin;
    this.place = place;
    this.#lines = lines;
    this.#clock = clock;
  }

  send(request: HttpRequest, events: ExchangeEvents): Exchange {
    const exchange = new UndiciExchange(request, events, this);
    this.#exchanges.add(exchange);
    const line = this.#open ? this.#lines[request.longLived ? 'streams' : 'calls'].take() : undefined;
    if (line !== undefined) exchange.sendOver(line);
    else if (this.#open) this.#waiting.push(exchange);
    else exchange.refuse(closedFailure(this.place));
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
    this.#sendNext();
  }

  #sendNext(): void {
    while (this.#waiting.length > 0) {
      const line = this.#lines.calls.take();
      if (line === undefined) return;
      const next = this.#nextWaiting();
      if (next === undefined) {
        line.free();
        return;
      }
      next.sendOver(line);
    }
  }

  #nextWaiting(): UndiciExchange | undefined {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined || next.waiting) return next;
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
    await Promise.all([this.#lines.calls.destroy(), this.#lines.streams.destroy()]);
  }
}

function closedFailure(place: string): Failure {
  const message = `The request to ${place} was not sent: the transport is being closed.`;
  return { code: 'aborted', phase: 'close', message, delivery: 'not-sent' };
}
