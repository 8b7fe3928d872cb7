// What one run found: a trace of what happened, counters, and the first violation, which ends the run.

import type { Clock } from '../../transport/contract.js';

export class Report {
  readonly counters: Map<string, number> = new Map();
  /** One line for each thing that happened, in order. The same seed gives the same lines. */
  readonly trace: string[] = [];
  #violation: string | undefined;
  readonly #clock: Clock;
  readonly #startedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** The first promise that was broken. */
  get violation(): string | undefined {
    return this.#violation;
  }

  note(line: string): void {
    this.trace.push(`${String(Math.round(this.#clock.now() - this.#startedAt)).padStart(7)} ms  ${line}`);
  }

  count(name: string): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + 1);
  }

  fail(message: string): void {
    this.note(`VIOLATION: ${message}`);
    this.#violation ??= message;
  }

  check(holds: boolean, message: () => string): void {
    if (!holds) this.fail(message());
  }
}
