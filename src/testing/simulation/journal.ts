// What the model server did, kept outside of it: the executions of mutations, as a database would show them, and everything
// that was sent on every subscription's stream.

import type { Wire } from './wire.js';

export interface Execution {
  readonly at: number;
  /** Which life of the server ran it. */
  readonly life: number;
}

/** One subscription on one connection, as the server serves it. */
export interface Stream {
  readonly number: number;
  readonly token: string;
  readonly id: string;
  readonly wire: Wire;
  readonly startedAt: number;
  /** The numbers of the events that were sent, in order. */
  readonly sent: number[];
  active: boolean;
}

export class Journal {
  readonly executions: Map<string, Execution[]> = new Map();
  readonly streams: Stream[] = [];

  record(token: string, execution: Execution): Execution[] {
    const executions = this.executions.get(token) ?? [];
    executions.push(execution);
    this.executions.set(token, executions);
    return executions;
  }

  openStream(token: string, id: string, wire: Wire, startedAt: number): Stream {
    const stream: Stream = { number: this.streams.length + 1, token, id, wire, startedAt, sent: [], active: true };
    this.streams.push(stream);
    return stream;
  }
}
