// What one run found: counters, the first violation, which ends the run, and, where it is wanted, a trace of what happened.

import type { Clock } from '../../transport/contract.js';

export class Report {
  readonly counters: Map<string, number> = new Map();
  /** One line for each thing that happened, in order. The same schedule gives the same lines. */
  readonly trace: string[] = [];
  #violation: string | undefined;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #traces: boolean;

  constructor(clock: Clock, traces: boolean) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#traces = traces;
  }

  /** The first promise that was broken. */
  get violation(): string | undefined {
    return this.#violation;
  }

  note(line: () => string): void {
    if (!this.#traces) return;
    this.trace.push(`${String(Math.round(this.#clock.now() - this.#startedAt)).padStart(7)} ms  ${line()}`);
  }

  count(name: string): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + 1);
  }

  fail(message: string): void {
    this.note(() => `VIOLATION: ${message}`);
    this.#violation ??= message;
  }

  check(holds: boolean, message: () => string): void {
    if (!holds) this.fail(message());
  }
}

/** Which check it was that failed: the violation without what differs from run to run, numbers and tokens. */
export function kindOf(violation: string): string {
  const [firstLine = ''] = violation.split('\n');
  return firstLine.replace(/\bt?\d+(?:\.\d+)?/g, '#');
}
