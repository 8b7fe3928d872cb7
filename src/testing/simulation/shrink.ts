// Reduces a schedule that fails to a shortest one that still fails in the same way: by delta debugging, first in chunks of
// steps, then step by step, then in what the steps and their world are like, until nothing more can be taken away.

import type { Schedule } from './schedule.js';
import { plainerWorlds, simplerSteps, sooner, withoutSteps } from './simpler.js';

export interface ShrinkLimits {
  /** Schedules that are tried. */
  readonly maxRuns: number;
  /** For how long, ms. Large enough, it leaves the same result to every machine. */
  readonly maxMs: number;
}

export interface Shrunk {
  readonly schedule: Schedule;
  readonly runs: number;
  /** Nothing more can be taken away; otherwise a limit was reached. */
  readonly complete: boolean;
}

type Fails = (schedule: Schedule) => Promise<boolean>;

export function shrink(schedule: Schedule, fails: Fails, limits: ShrinkLimits): Promise<Shrunk> {
  return new Shrinking(schedule, fails, limits).run();
}

class Shrinking {
  #best: Schedule;
  #runs = 0;
  readonly #fails: Fails;
  readonly #limits: ShrinkLimits;
  readonly #startedAt = performance.now();

  constructor(schedule: Schedule, fails: Fails, limits: ShrinkLimits) {
    this.#best = schedule;
    this.#fails = fails;
    this.#limits = limits;
  }

  async run(): Promise<Shrunk> {
    for (let before: Schedule | undefined; before !== this.#best && !this.#exhausted; ) {
      before = this.#best;
      await this.#removeSteps();
      // What was simplified may make the next proposals for the same place possible, so each place is visited until none is.
      for (let index = 0; index < this.#best.steps.length; index++) {
        await this.#take(() => simplerSteps(this.#best, index));
      }
      for (let index = 0; index <= this.#best.steps.length; index++) await this.#take(() => sooner(this.#best, index));
      await this.#take(() => plainerWorlds(this.#best));
    }
    return { schedule: this.#best, runs: this.#runs, complete: !this.#exhausted };
  }

  get #exhausted(): boolean {
    const { maxRuns, maxMs } = this.#limits;
    return this.#runs >= maxRuns || performance.now() - this.#startedAt >= maxMs;
  }

  async #removeSteps(): Promise<void> {
    for (let size = Math.ceil(this.#best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < this.#best.steps.length; ) {
        if (!(await this.#accepts(withoutSteps(this.#best, from, size)))) from += size;
      }
    }
  }

  /** Takes proposals as long as one of them still fails. */
  async #take(proposals: () => Iterable<Schedule>): Promise<void> {
    for (let accepted = true; accepted; ) {
      accepted = false;
      for (const proposal of proposals()) {
        accepted = await this.#accepts(proposal);
        if (accepted) break;
      }
    }
  }

  async #accepts(candidate: Schedule): Promise<boolean> {
    if (this.#exhausted) return false;
    this.#runs += 1;
    const fails = await this.#fails(candidate);
    if (fails) this.#best = candidate;
    return fails;
  }
}
