// The life of a server as a whole: it runs, it drains, it has drained. Whoever holds connections or requests of it takes part.

import { checkNumberOption, refuseUnknownOptions } from '../protocol/options.js';
import { longestWaitMs } from './timers.js';

export interface DrainOptions {
  /** When what still runs is cut off, ms from now; its sources and hooks then have the time of their own options. Default 30,000. */
  readonly deadlineMs?: number | undefined;
  /** Over how long the closing of connections is spread, so that their clients do not all come back at once, ms. Default 5,000. */
  readonly spreadMs?: number | undefined;
}

export type DrainPlan = Readonly<Record<keyof DrainOptions, number>>;

/** Something that holds connections or requests: one endpoint on one port. */
export interface Drainable {
  /**
   * From now on nothing new is taken. What runs and ends by itself is waited for, what does not is ended, spread over the
   * time of the plan, and at the deadline all of it. Resolves when nothing is left. Never rejects.
   */
  drain(plan: DrainPlan): Promise<void>;
}

export class Life {
  readonly #parts = new Set<Drainable>();
  #draining: Promise<void> | undefined;

  /** Whether new clients are welcome: what a readiness probe asks. */
  get isReady(): boolean {
    return this.#draining === undefined;
  }

  /** Takes part until the returned function is called. Whoever comes while the server drains has to see that it is not ready. */
  join(part: Drainable): () => void {
    this.#parts.add(part);
    return () => this.#parts.delete(part);
  }

  /** Drains every part; the first call's plan counts. @throws OptionError */
  drain(options: DrainOptions): Promise<void> {
    const plan = planDrain('the options of drain', options);
    this.#draining ??= Promise.all([...this.#parts].map((part) => part.drain(plan))).then(() => {});
    return this.#draining;
  }
}

/** @throws OptionError */
export function planDrain(where: string, options: DrainOptions): DrainPlan {
  refuseUnknownOptions(where, options, ['deadlineMs', 'spreadMs']);
  const { deadlineMs = 30_000, spreadMs = 5_000 } = options;
  checkNumberOption('deadlineMs', deadlineMs, 0, longestWaitMs);
  checkNumberOption('spreadMs', spreadMs, 0, longestWaitMs);
  return { deadlineMs, spreadMs: Math.min(spreadMs, deadlineMs) };
}
