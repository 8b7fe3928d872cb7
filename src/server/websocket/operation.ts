// One operation of one connection, from its start message to its last: runs it, sends what comes of it, and stops without
// another word the moment it is told to. The GraphQL over WebSocket protocol, Subscribe, Next, Error and Complete.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OperationPayload, ServerDialect } from '../../protocol/dialects/dialect.js';
import type { Execution } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import { type Errors, toErrors, unserialisable } from '../../protocol/to-graphql-error.js';

/** What an operation needs of its connection. */
export interface OperationHost {
  readonly dialect: ServerDialect;
  execute(payload: OperationPayload, signal: AbortSignal): Promise<Execution>;
  send(text: string): void;
  /** Defined while the peer reads too slowly. */
  readonly relief: Promise<void> | undefined;
  /** The operation has ended by itself: its id is free from now on. */
  ended(operation: Operation): void;
  /** The operation's source is being closed. */
  closing(finalised: Promise<unknown>): void;
  /** An answer could not be serialised. */
  unserialisable(error: unknown): void;
}

/** A source that never waits for anything must not keep the server from reading: after so many events it has to. */
const eventsPerTurn = 128;

const abortReason = new DOMException('The client stopped the operation, or its connection ended.', 'AbortError');

export class Operation {
  readonly id: string;
  readonly #payload: OperationPayload;
  readonly #host: OperationHost;
  readonly #abort = new AbortController();
  #events: AsyncIterator<Result, undefined> | undefined;
  #active = true;

  constructor(id: string, payload: OperationPayload, host: OperationHost) {
    this.id = id;
    this.#payload = payload;
    this.#host = host;
  }

  /** Runs it. Never rejects; settles when there is nothing more to send. */
  async run(): Promise<void> {
    const execution = await this.#host.execute(this.#payload, this.#abort.signal);
    if (execution.kind === 'stream') {
      this.#events = execution.events;
      // The signal has closed a source that came too late; somebody has to wait for that.
      if (this.#active) await this.#forward(execution.events);
      else this.#close();
      return;
    }
    if (!this.#active) return;
    if (execution.kind === 'refused') this.#fail(execution.errors);
    else this.#answer(execution.result);
  }

  /** Nothing is sent for it from now on. Its connection has removed it. */
  stop(): void {
    if (!this.#active) return;
    this.#active = false;
    this.#abort.abort(abortReason);
    this.#close();
  }

  async #forward(events: AsyncIterator<Result, undefined>): Promise<void> {
    for (let sent = 0; this.#active; ) {
      const { relief } = this.#host;
      if (relief !== undefined) {
        await relief;
        continue;
      }
      let step: IteratorResult<Result, undefined>;
      try {
        step = await events.next();
      } catch (thrown) {
        if (this.#active) this.#fail(toErrors([thrown]));
        return;
      }
      if (!this.#active) return;
      if (step.done === true) {
        this.#end();
        this.#host.send(this.#host.dialect.complete(this.id));
        return;
      }
      const text = this.#serialise(step.value);
      if (text === undefined) return;
      this.#host.send(text);
      sent += 1;
      if (sent % eventsPerTurn === 0) await nextTurn();
    }
  }

  #answer(result: Result): void {
    const text = this.#serialise(result);
    if (text === undefined) return;
    this.#end();
    this.#host.send(text);
    this.#host.send(this.#host.dialect.complete(this.id));
  }

  /** Undefined where the result is no JSON: then the operation has been failed. */
  #serialise(result: Result): string | undefined {
    try {
      return this.#host.dialect.next(this.id, result);
    } catch (error) {
      this.#host.unserialisable(error);
      this.#fail([unserialisable]);
      return undefined;
    }
  }

  #fail(errors: Errors): void {
    this.#end();
    if (this.#events !== undefined) {
      this.#abort.abort(abortReason);
      this.#close();
    }
    let text: string;
    try {
      text = this.#host.dialect.error(this.id, errors);
    } catch (error) {
      this.#host.unserialisable(error);
      text = this.#host.dialect.error(this.id, [unserialisable]);
    }
    this.#host.send(text);
  }

  /** Before its last message is sent: its id is free the moment the client sees that. */
  #end(): void {
    this.#active = false;
    this.#host.ended(this);
  }

  #close(): void {
    const finalised = this.#events?.return?.();
    if (finalised !== undefined) this.#host.closing(finalised);
  }
}
