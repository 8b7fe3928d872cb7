// One stream that many requests share, from its reservation to its end, with the operations whose events go into it. GraphQL
// over SSE, "single connection mode". What begins before the stream is open waits for it, as it waits for a slow reader.

import type { Counters } from '../../stats.js';
import type { Outlet } from '../forward.js';
import type { StreamedBody } from '../streamed-body.js';
import type { ReservedOperation } from './reserved-operation.js';

const stopped = new DOMException('The client stopped the operation, or its stream ended.', 'AbortError');

export class ReservedStream implements Outlet {
  readonly token: string = crypto.randomUUID();
  readonly #counters: Pick<Counters, 'operations'>;
  readonly #leave: () => void;
  readonly #operations = new Map<string, ReservedOperation>();
  readonly #opened: Promise<void>;
  #open: () => void = () => {};
  #state: 'reserved' | StreamedBody | 'closed' = 'reserved';

  /** `leave` gives back the place that it takes. */
  constructor(counters: Pick<Counters, 'operations'>, leave: () => void) {
    this.#counters = counters;
    this.#leave = leave;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  get isReserved(): boolean {
    return this.#state === 'reserved';
  }

  /** How many operations it has. */
  get size(): number {
    return this.#operations.size;
  }

  open(body: StreamedBody): void {
    this.#state = body;
    this.#open();
  }

  /** Stops every operation. */
  close(): void {
    this.#state = 'closed';
    this.#open();
    for (const id of [...this.#operations.keys()]) this.stop(id);
    this.#leave();
  }

  /** Takes an operation in; false where there is one with this id, or no stream any more. */
  start(id: string, operation: ReservedOperation): boolean {
    if (this.#state === 'closed' || this.#operations.has(id)) return false;
    this.#operations.set(id, operation);
    this.#counters.operations += 1;
    return true;
  }

  /** From now on nothing is sent for the operation with this id, if there is one. */
  stop(id: string): void {
    const operation = this.#operations.get(id);
    if (operation === undefined) return;
    this.ended(id, operation);
    operation.abort(stopped);
  }

  /** The id is free, unless another operation has it already. */
  ended(id: string, operation: ReservedOperation): void {
    if (this.#operations.get(id) !== operation) return;
    this.#operations.delete(id);
    this.#counters.operations -= 1;
    operation.over();
  }

  /** Settles when one of the operations that end by themselves has ended; undefined where there are none. */
  get busy(): Promise<void> | undefined {
    const finite = [...this.#operations.values()].filter(({ isEndless }) => !isEndless);
    return finite.length === 0 ? undefined : Promise.race(finite.map(({ ended }) => ended));
  }

  get relief(): Promise<void> | undefined {
    if (this.#state === 'reserved') return this.#opened;
    return this.#state === 'closed' ? undefined : this.#state.relief;
  }

  send(text: string): void {
    if (typeof this.#state !== 'string') this.#state.send(text);
  }
}
