// One operation on a WebSocket connection: its entry in the connection's table, and at the same time the handle that its
// session holds, because there may be very many of them.

import type { Handle, Sink } from '../contract.js';

export interface EntryOwner {
  /** The session wants no more of it. */
  stop(entry: Entry): void;
}

export class Entry implements Handle {
  readonly id: string;
  readonly sink: Sink;
  /** A query or mutation ends with its first whole answer, whether or not a `complete` follows. */
  readonly single: boolean;
  readonly #owner: EntryOwner;

  constructor(id: string, sink: Sink, single: boolean, owner: EntryOwner) {
    this.id = id;
    this.sink = sink;
    this.single = single;
    this.#owner = owner;
  }

  cancel(): void {
    this.#owner.stop(this);
  }
}
