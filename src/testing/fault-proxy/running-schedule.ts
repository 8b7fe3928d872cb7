// A schedule of faults while it is played against a proxy, in the time of an injected clock.

import type { Clock } from '../../transport/contract.js';
import type { Fault, ScheduledFault } from './fault-schedule.js';
import type { Direction } from './link.js';

/** The commands that a schedule gives; a FaultProxy has them all. */
export interface FaultCommands {
  cut(): void;
  reset(): void;
  halfOpen(): void;
  stall(direction?: Direction): void;
  resume(direction?: Direction): void;
  delay(delayMs: number, direction?: Direction): void;
  split(bytes: number | undefined): void;
  refuse(): void;
  accept(): void;
}

/** What `schedule()` of a fault proxy gives. */
export class RunningSchedule {
  /** The whole list, drawn in advance. */
  readonly faults: readonly ScheduledFault[];
  /** Resolves when the last fault is over, or at `stop()`. */
  readonly done: Promise<void>;
  readonly #commands: FaultCommands;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #finish: () => void = () => {};
  #cancelTimer: (() => void) | undefined;
  #takeBack: (() => void) | undefined;
  #next = 0;

  constructor(faults: readonly ScheduledFault[], commands: FaultCommands, clock: Clock) {
    this.faults = faults;
    this.#commands = commands;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#planNext();
  }

  /** Faults that have begun. */
  get played(): number {
    return this.#next;
  }

  /** Takes back the fault under way and plays no more. Idempotent; the proxy's `close()` does it too. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#takeBack?.();
    this.#takeBack = undefined;
    this.#finish();
  }

  #planNext(): void {
    const next = this.faults[this.#next];
    if (next === undefined) {
      this.#finish();
      return;
    }
    this.#plan(this.#startedAt + next.at - this.#clock.now(), () => {
      this.#next += 1;
      this.#takeBack = begin(next.fault, this.#commands);
      const forMs = 'forMs' in next.fault ? next.fault.forMs : 0;
      this.#plan(forMs, () => {
        this.#takeBack?.();
        this.#takeBack = undefined;
        this.#planNext();
      });
    });
  }

  #plan(delayMs: number, what: () => void): void {
    this.#cancelTimer = this.#clock.setTimer(Math.max(0, delayMs), what);
  }
}

/** Gives the command; what it returns takes the command back. */
function begin(fault: Fault, commands: FaultCommands): (() => void) | undefined {
  switch (fault.kind) {
    case 'cut':
      commands.cut();
      return undefined;
    case 'reset':
      commands.reset();
      return undefined;
    case 'half-open':
      commands.halfOpen();
      return undefined;
    case 'stall':
      commands.stall(fault.direction);
      return () => commands.resume(fault.direction);
    case 'delay':
      commands.delay(fault.delayMs, fault.direction);
      return () => commands.delay(0, fault.direction);
    case 'split':
      commands.split(fault.bytes);
      return () => commands.split(undefined);
    case 'refuse':
      commands.refuse();
      return () => commands.accept();
  }
}
