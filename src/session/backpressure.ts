// What is done for a subscription whose consumer is slow: its transport holds the events back where it can hold back one
// operation alone; else the server is told to stop, and the subscription starts again when its consumer has caught up.

import type { Endings } from './endings.js';
import { type Operation, parked } from './operation.js';
import type { OperationTable } from './operations.js';
import type { Trials } from './trials.js';

export interface BackpressureOwner {
  now(): number;
  review(): void;
  /** It waits for its turn again. */
  requeue(operations: readonly Operation[]): void;
}

export class Backpressure {
  readonly #table: OperationTable;
  readonly #endings: Endings;
  readonly #trials: Trials;
  readonly #owner: BackpressureOwner;

  constructor(table: OperationTable, endings: Endings, trials: Trials, owner: BackpressureOwner) {
    this.#table = table;
    this.#endings = endings;
    this.#trials = trials;
    this.#owner = owner;
  }

  /** `overdue`: the events were held back, and came all the same. False where they cannot be held back. */
  holdBack(operation: Operation, overdue: boolean): boolean {
    // Its interceptors make the events: nobody is to be stopped, and nothing to be started again.
    if (operation.place.at === 'intercepted') return false;
    const attempt = operation.place.at === 'running' ? operation.place.attempt : undefined;
    const flow = attempt?.handle?.flow;
    if (attempt === undefined || flow === undefined || overdue) {
      this.#park(operation);
    } else if (!attempt.heldBack) {
      attempt.heldBack = true;
      flow.pause();
    }
    return true;
  }

  letGo(operation: Operation): void {
    if (operation.place.at !== 'running') {
      this.#owner.requeue([operation]);
      return;
    }
    operation.place.attempt.heldBack = false;
    operation.place.attempt.handle?.flow?.resume();
  }

  #park(operation: Operation): void {
    this.#endings.stop(operation);
    operation.interrupt('parked', this.#owner.now());
    this.#trials.acquit(operation);
    this.#table.rest(operation, parked);
    this.#owner.review();
  }
}
