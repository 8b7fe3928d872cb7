// What is in progress on one endpoint: requests that are not answered, answers that stay open, and sources that are closing
// behind them. Whoever closes or drains the endpoint waits for all of it, within a bound.

import { LinkedList } from '../../protocol/linked-list.js';
import type { DrainPlan } from '../life.js';
import type { Timers } from '../timers.js';
import type { Accepted } from './accept.js';
import { whenAborted } from './call.js';
import { Exchange } from './exchange.js';
import type { PlainRequest, PlainResponse } from './plain.js';
import type { StreamedBody } from './streamed-body.js';

/** How long a client waits at least before it asks for its stream again. */
const leastRetryMs = 1_000;

export class Exchanges {
  readonly #timers: Timers;
  readonly #open = new LinkedList<Exchange>();
  /** What ends by itself, in a bounded time, after its exchange. */
  readonly #work = new Set<Promise<unknown>>();
  #wake: (() => void)[] = [];
  #plan: DrainPlan | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  begin(request: PlainRequest, accepted: Accepted, answer: (response: PlainResponse) => void): Exchange {
    const exchange = new Exchange(request, accepted, answer, this.#over);
    this.#open.add(exchange);
    whenAborted(request, () => exchange.gone());
    return exchange;
  }

  /** Names work that is waited for. It must not reject. */
  readonly track = (work: Promise<unknown>): void => {
    this.#work.add(work);
    void work.then(() => {
      this.#work.delete(work);
      this.#check();
    });
  };

  /** The answer to this exchange stays open. While the endpoint drains, one that does not end by itself is ended soon. */
  stream(exchange: Exchange, body: StreamedBody, isEndless: boolean): void {
    exchange.stream(body, isEndless);
    if (isEndless && this.#plan !== undefined) this.#leave(body, this.#plan.spreadMs * Math.random());
  }

  /** Ends what does not end by itself, one after the other in the time of the plan. */
  leave(plan: DrainPlan): void {
    this.#plan = plan;
    const bodies = [...this.#open].flatMap(({ endless }) => endless ?? []);
    bodies.forEach((body, index) => {
      this.#leave(body, (plan.spreadMs * index) / bodies.length);
    });
  }

  cutAll(): void {
    for (const exchange of [...this.#open]) exchange.cut();
  }

  /** Resolves when nothing is in progress; at `limitMs` everything is cut. Sources that close are waited for. */
  async settled(limitMs: number, cut: () => void): Promise<void> {
    const cancel = this.#timers.set(limitMs, cut);
    while (this.#open.size > 0 || this.#work.size > 0) {
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
      });
    }
    cancel();
  }

  #leave(body: StreamedBody, afterMs: number): void {
    const retryMs = Math.round(leastRetryMs + Math.random() * (this.#plan?.spreadMs ?? 0));
    body.leaveAfter(afterMs, retryMs);
  }

  readonly #over = (exchange: Exchange): void => {
    this.#open.delete(exchange);
    this.#check();
  };

  #check(): void {
    if (this.#wake.length === 0 || this.#open.size > 0 || this.#work.size > 0) return;
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }
}
