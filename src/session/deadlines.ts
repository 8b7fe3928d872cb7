// One timer for all deadlines. When it fires, the operations are looked through once: they end long before their deadline as
// a rule, so a timer or heap entry for each would cost more than it saves.

import type { Clock } from '../transport/contract.js';
import type { Operation } from './operation.js';

export class DeadlineSweep {
  readonly #clock: Clock;
  readonly #operations: Iterable<Operation>;
  readonly #expire: (operation: Operation) => void;
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, operations: Iterable<Operation>, expire: (operation: Operation) => void) {
    this.#clock = clock;
    this.#operations = operations;
    this.#expire = expire;
  }

  /** Makes sure that the sweep runs no later than the operation's deadline; a subscription has none. */
  watch(operation: Operation): void {
    this.#arm(operation.deadlineAt);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #arm(at: number): void {
    if (at >= this.#armedFor) return;
    this.stop();
    this.#armedFor = at;
    this.#cancel = this.#clock.setTimer(at - this.#clock.now(), () => this.#run());
  }

  #run(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const operation of [...this.#operations]) {
      if (operation.deadlineAt <= now) this.#expire(operation);
      else next = Math.min(next, operation.deadlineAt);
    }
    this.#arm(next);
  }
}
