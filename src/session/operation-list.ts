// Operations in order, linked through themselves: taking one out costs nothing and leaves nothing behind. Not a Set: the
// tables that a busy Set outgrows keep what they held, answers and all, alive until the next full garbage collection.

import type { Operation } from './operation.js';

export class OperationList implements Iterable<Operation> {
  #first: Operation | undefined;
  #last: Operation | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Operation | undefined {
    return this.#first;
  }

  /** Appends an operation that is on no list. */
  add(operation: Operation): void {
    operation.list = this;
    operation.before = this.#last;
    if (this.#last === undefined) this.#first = operation;
    else this.#last.after = operation;
    this.#last = operation;
    this.#size += 1;
  }

  /** Takes an operation out; false when it is not on this list. */
  delete(operation: Operation): boolean {
    if (operation.list !== this) return false;
    const { before, after } = operation;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    operation.list = undefined;
    operation.before = undefined;
    operation.after = undefined;
    this.#size -= 1;
    return true;
  }

  *[Symbol.iterator](): Iterator<Operation> {
    for (let operation = this.#first; operation !== undefined; operation = operation.after) yield operation;
  }
}
