// Drives the connection machine by hand: a policy with round numbers, and what a step did as short text.

import type { ConnectPolicy } from '../../../src/session/connect-policy.js';
import { initialMachine, type Machine, step } from '../../../src/session/machine.js';
import type { Effect, MachineEvent } from '../../../src/session/machine-events.js';
import type { LivenessMode } from '../../../src/session/state.js';
import type { Failure } from '../../../src/transport/contract.js';
import { refusedByNetwork } from './failures.js';

/** Retries for ever: the wait after n failures is n x 100 ms, at the cap it is 60,000 ms. */
export const policy: ConnectPolicy = {
  reconnect: true,
  attempts: Number.POSITIVE_INFINITY,
  canRefresh: false,
  verdict: () => 'retry',
  delayMs: (failures) => failures * 100,
  slowDelayMs: () => 60_000,
  stableMs: 10_000,
  retireMs: 30_000,
};

function effectText(effect: Effect): string {
  switch (effect.type) {
    case 'open':
      return `open ${effect.generation}${effect.refused === undefined ? '' : ' with new credentials'}`;
    case 'set-timer':
      return `set ${effect.timer} ${effect.delayMs}`;
    case 'cancel-timer':
      return `cancel ${effect.timer}`;
    case 'release':
      return `${effect.how} ${effect.generation}`;
    case 'give-up':
      return `give up after ${effect.attempts}`;
    default:
      return effect.type;
  }
}

/** A machine and everything it did, fed by short calls. */
export class MachineRun {
  machine: Machine = initialMachine;
  /** Of the last step. */
  effects: string[] = [];
  at = 0;
  readonly #policy: ConnectPolicy;

  constructor(changes: Partial<ConnectPolicy> = {}) {
    this.#policy = { ...policy, ...changes };
  }

  get status(): string {
    return this.machine.state.status;
  }

  get generation(): number {
    return this.machine.memory.generation;
  }

  feed(event: MachineEvent): this {
    const [machine, effects] = step(this.machine, event, this.#policy);
    this.machine = machine;
    this.effects = effects.map(effectText);
    return this;
  }

  start(): this {
    return this.feed({ type: 'start', at: this.at });
  }

  opened(generation: number = this.generation): this {
    return this.feed({ type: 'opened', at: this.at, generation, liveness: 'ping' });
  }

  openFailed(failure: Failure = refusedByNetwork, generation: number = this.generation): this {
    return this.feed({ type: 'open-failed', at: this.at, generation, failure });
  }

  lost(failure: Failure = refusedByNetwork, generation: number = this.generation): this {
    return this.feed({ type: 'lost', at: this.at, generation, failure });
  }

  goingAway(withinMs?: number, generation: number = this.generation, useful: boolean = false): this {
    return this.feed({ type: 'going-away', at: this.at, generation, withinMs, useful });
  }

  liveness(mode: LivenessMode, generation: number = this.generation): this {
    return this.feed({ type: 'liveness', at: this.at, generation, liveness: mode });
  }

  finished(generation: number): this {
    return this.feed({ type: 'finished', at: this.at, generation });
  }

  timer(timer: Extract<MachineEvent, { type: 'timer' }>['timer']): this {
    return this.feed({ type: 'timer', at: this.at, timer });
  }

  woken(): this {
    return this.feed({ type: 'woken', at: this.at });
  }

  reconnect(): this {
    return this.feed({ type: 'reconnect', at: this.at });
  }

  close(graceMs: number = 5_000): this {
    return this.feed({ type: 'close', at: this.at, graceMs });
  }

  drained(): this {
    return this.feed({ type: 'drained', at: this.at });
  }

  disconnected(): this {
    return this.feed({ type: 'disconnected', at: this.at });
  }
}
