// HTTP/1.1 over undici: gives each request a line, streams lines of their own so that they never take those of calls, keeps
// calls waiting that have none yet, and ends with nothing left behind.

import { LinkedList } from '../../protocol/linked-list.js';
import type { Clock, Failure } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../http/exchange.js';
import { type ExchangeHost, UndiciExchange } from './exchange.js';
import type { Line, Lines } from './lines.js';

export interface ClientLines {
  readonly calls: Lines;
  readonly streams: Lines;
}

export class UndiciClient implements HttpClient, ExchangeHost {
  readonly origin: string;
  readonly place: string;
  readonly #lines: ClientLines;
  readonly #clock: Clock;
  /** Calls without a line, the oldest first. */
  readonly #waiting = new LinkedList<UndiciExchange>();
  /** Whatever else something may still be told of. */
  readonly #running = new LinkedList<UndiciExchange>();
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
    const line = this.#open ? this.#lines[request.longLived ? 'streams' : 'calls'].take() : undefined;
    if (line !== undefined) this.#send(exchange, line);
    else if (this.#open) this.#waiting.add(exchange);
    else this.#refuse(exchange);
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
    this.#waiting.delete(exchange);
    this.#running.delete(exchange);
    if (this.#running.size === 0) this.#emptied?.();
    this.#sendNext();
  }

  #sendNext(): void {
    for (let next = this.#waiting.first; next !== undefined && this.#open; next = this.#waiting.first) {
      const line = this.#lines.calls.take();
      if (line === undefined) return;
      this.#waiting.delete(next);
      this.#send(next, line);
    }
  }

  #send(exchange: UndiciExchange, line: Line): void {
    this.#running.add(exchange);
    exchange.sendOver(line);
  }

  #refuse(exchange: UndiciExchange): void {
    this.#running.add(exchange);
    exchange.refuse(closedFailure(this.place));
  }

  async #close(graceMs: number): Promise<void> {
    this.#open = false;
    for (const exchange of [...this.#waiting]) {
      this.#waiting.delete(exchange);
      this.#refuse(exchange);
    }
    if (this.#running.size > 0) await this.#empty(graceMs);
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
    for (const exchange of [...this.#waiting, ...this.#running]) exchange.cancel();
    await Promise.all([this.#lines.calls.destroy(), this.#lines.streams.destroy()]);
  }
}

function closedFailure(place: string): Failure {
  const message = `The request to ${place} was not sent: the transport is being closed.`;
  return { code: 'aborted', phase: 'close', message, delivery: 'not-sent' };
}
