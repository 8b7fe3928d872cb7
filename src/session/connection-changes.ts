// What a change of the connection means for the operations: a new one is in use, one was lost, none will come any more, or
// the session is being closed.

import type { Failure } from '../transport/contract.js';
import type { Attempts } from './attempts.js';
import type { DeadlineSweep } from './deadlines.js';
import type { Endings } from './endings.js';
import type { Link } from './link.js';
import type { Operation } from './operation.js';
import * as errors from './operation-errors.js';
import type { OperationTable } from './operations.js';
import type { Recovery } from './recovery.js';
import type { Trials } from './trials.js';
import { raisesSuspicion } from './verdicts.js';

export interface ConnectionChangesParts {
  readonly table: OperationTable;
  readonly trials: Trials;
  readonly attempts: Attempts;
  readonly endings: Endings;
  readonly recovery: Recovery;
  readonly deadlines: DeadlineSweep;
  /** Sends everything whose turn it is. */
  readonly flush: () => void;
  readonly review: () => void;
}

export class ConnectionChanges {
  readonly #parts: ConnectionChangesParts;

  constructor(parts: ConnectionChangesParts) {
    this.#parts = parts;
  }

  /** A new connection is in use: subscriptions leave those that retire, calls finish there. */
  use(retiring: readonly Link[]): void {
    const { table, endings, flush, review } = this.#parts;
    for (const { generation, lastHeard } of retiring) {
      const moving = table.runningOn(generation).filter(({ yields }) => yields === 'events');
      for (const operation of moving) {
        endings.stop(operation);
        operation.interrupt('going-away', lastHeard);
      }
      table.requeue(moving);
    }
    flush();
    review();
  }

  /** A connection ended: decides what becomes of each operation on it. */
  interrupted(link: Link, failure: Failure): void {
    const { table, trials, attempts, endings, recovery } = this.#parts;
    const { interrupted, culprit } = table.judge(link.generation, raisesSuspicion(failure), trials.hasStopped(link));
    trials.lost(link, interrupted);
    for (const { place } of interrupted) if (place.at === 'running') attempts.lost(place.attempt, failure);
    if (culprit !== undefined) {
      culprit.delivery = culprit.reached;
      endings.end(culprit).fail(errors.rejected(culprit, failure));
    }
    const others = interrupted.filter((operation) => operation !== culprit);
    recovery.afterLoss(others, failure, link.lastHeard);
  }

  /** No connection will come: what waits for one fails. */
  gaveUp(cause: Failure, attempts: number): void {
    const { table, endings } = this.#parts;
    for (const operation of [...table]) {
      // Interceptors that still have it learn it when they hand it on.
      if (operation.place.at === 'running' || operation.place.at === 'intercepted') continue;
      endings.end(operation).fail(errors.gaveUp(operation, cause, attempts));
    }
  }

  /** Closing began: what was not sent is refused, subscriptions end in order, calls in flight may be answered. */
  shed(): void {
    const { table, endings, review } = this.#parts;
    for (const operation of [...table]) {
      if (operation.yields === 'events') {
        endings.cancel(operation);
        operation.finish();
      } else if (operation.place.at !== 'running' && !answered(operation)) {
        endings.settle(operation);
        operation.fail(errors.closed(operation));
      }
    }
    review();
  }

  /** The grace is over: calls in flight fail, and no timer is left. */
  expired(): void {
    const { table, endings, deadlines, trials } = this.#parts;
    for (const operation of [...table]) {
      const error = errors.closed(operation);
      endings.cancel(operation);
      operation.fail(error);
    }
    deadlines.stop();
    trials.end();
  }
}

/** Interceptors have its answer, and may still hand it on. */
function answered({ place, delivery }: Operation): boolean {
  return place.at === 'intercepted' && delivery === 'answered';
}
