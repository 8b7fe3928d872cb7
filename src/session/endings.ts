// How operations end: on our side, where interceptors hand the end on to the consumer, or on the consumer's side, where they
// learn of it as a cancellation. Either way the operation leaves its place, and the server is told where it still runs there.

import type { Attempts } from './attempts.js';
import type { CallInterception } from './call-interception.js';
import type { Operation, Receiver } from './operation.js';
import type { OperationTable } from './operations.js';
import type { Trials } from './trials.js';

/** What endings need of their session. */
export interface EndingsOwner {
  now(): number;
  /** Undefined where calls have no interceptors. */
  readonly interception: CallInterception | undefined;
  /** An operation has left its place. */
  review(): void;
}

export class Endings {
  readonly #table: OperationTable;
  readonly #attempts: Attempts;
  readonly #trials: Trials;
  readonly #owner: EndingsOwner;

  constructor(table: OperationTable, attempts: Attempts, trials: Trials, owner: EndingsOwner) {
    this.#table = table;
    this.#attempts = attempts;
    this.#trials = trials;
    this.#owner = owner;
  }

  /** It came to its end on our side. Answers with who is to be told: its interceptors hand it on, or start it again. */
  end(operation: Operation): Receiver {
    const { receiver } = operation;
    leave(operation);
    if (receiver === operation) {
      this.#table.settle(operation);
    } else {
      operation.interrupted('retried', this.#owner.now());
      this.#table.intercept(operation);
    }
    this.#owner.review();
    return receiver;
  }

  /** It came to its end on its consumer's side, which the caller tells. */
  settle(operation: Operation): void {
    leave(operation);
    this.#table.settle(operation);
    this.#owner.interception?.cancel(operation);
    this.#owner.review();
  }

  /** The same, and the server is told to stop. */
  cancel(operation: Operation): void {
    this.stop(operation);
    this.settle(operation);
  }

  /** Its interceptors have told its consumer the end, or are about to. */
  conclude(operation: Operation): void {
    this.stop(operation);
    leave(operation);
    this.#table.settle(operation);
    this.#owner.review();
  }

  /** Its interceptors take it back before it has ended. */
  withdraw(operation: Operation): void {
    this.stop(operation);
    this.end(operation);
  }

  /** Tells the server to stop, where the operation is running. What its attempt reached stays known. */
  stop(operation: Operation): void {
    if (operation.place.at === 'running') {
      this.#attempts.stop(operation.place.attempt);
      this.#trials.stopped(operation.place.attempt);
    }
    operation.delivery = operation.reached;
  }
}

function leave(operation: Operation): void {
  if (operation.place.at === 'pausing') operation.place.cancelTimer();
  operation.relay = undefined;
}
