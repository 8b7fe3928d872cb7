// One operation of one connection, from its start message to its last: runs it, sends what comes of it, and stops without
// another word the moment it is told to. The GraphQL over WebSocket protocol, Subscribe, Next, Error and Complete.

import type { OperationPayload, ServerDialect } from '../../protocol/dialects/dialect.js';
import type { Execution, ExecutionContext } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import { type Errors, toErrors, unserialisable } from '../../protocol/to-graphql-error.js';
import { nextTurn } from './next-turn.js';
import { type ConnectionScope, OperationScope } from './operation-scope.js';

/** What an operation needs of its connection. */
export interface OperationHost {
  readonly dialect: ServerDialect;
  readonly scope: ConnectionScope;
  execute(payload: OperationPayload, context: ExecutionContext): Execution | Promise<Execution>;
  send(text: string): void;
  /** Defined while the peer reads too slowly. */
  readonly relief: Promise<void> | undefined;
  /** It turned out to be a subscription, which lasts as long as its client likes. */
  lasting(operation: Operation): void;
  /** It has ended by itself: its id is free, and then its last messages are sent. */
  ended(operation: Operation, last: string, afterwards?: string): void;
  /** The operation's source is being closed. */
  closing(finalised: Promise<unknown>): void;
  /** An answer could not be serialised. */
  unserialisable(error: unknown, payload: OperationPayload): void;
}

/** A source that never waits for anything must not keep the server from reading: after so many events it has to. */
const eventsPerTurn = 128;

export class Operation {
  readonly id: string;
  /** Whether it is known to be a subscription. */
  isLasting = false;
  readonly #payload: OperationPayload;
  readonly #host: OperationHost;
  #scope: OperationScope | undefined;
  #events: AsyncIterator<Result, undefined> | undefined;
  #active = true;

  constructor(id: string, payload: OperationPayload, host: OperationHost) {
    this.id = id;
    this.#payload = payload;
    this.#host = host;
  }

  /** Runs it: once. */
  run(): void {
    this.#scope = new OperationScope(this.#host.scope);
    const execution = this.#host.execute(this.#payload, this.#scope);
    if (execution instanceof Promise) void execution.then((settled) => this.#executed(settled));
    else this.#executed(execution);
  }

  /** Nothing is sent for it from now on. Its connection has removed it. */
  stop(): void {
    if (!this.#active) return;
    this.#active = false;
    this.#scope?.abort();
    this.#close();
  }

  #executed(execution: Execution): void {
    if (execution.kind === 'stream') {
      this.#events = execution.events;
      // The signal has closed a source that came too late; somebody has to wait for that.
      if (!this.#active) {
        this.#close();
        return;
      }
      if (execution.incremental !== true) this.#host.lasting(this);
      void this.#forward(execution.events);
    } else if (this.#active) {
      if (execution.kind === 'refused') this.#fail(execution.errors);
      else this.#answer(execution.result);
    }
  }

  /** Never rejects. */
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
        this.#end(this.#host.dialect.complete(this.id));
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
    if (text !== undefined) this.#end(text, this.#host.dialect.complete(this.id));
  }

  /** Undefined where the result is no JSON: then the operation has been failed. */
  #serialise(result: Result): string | undefined {
    try {
      return this.#host.dialect.next(this.id, result);
    } catch (error) {
      this.#host.unserialisable(error, this.#payload);
      this.#fail([unserialisable]);
      return undefined;
    }
  }

  #fail(errors: Errors): void {
    if (this.#events !== undefined) {
      this.#scope?.abort();
      this.#close();
    }
    let text: string;
    try {
      text = this.#host.dialect.error(this.id, errors);
    } catch (error) {
      this.#host.unserialisable(error, this.#payload);
      text = this.#host.dialect.error(this.id, [unserialisable]);
    }
    this.#end(text);
  }

  #end(last: string, afterwards?: string): void {
    this.#active = false;
    this.#host.ended(this, last, afterwards);
  }

  #close(): void {
    const finalised = this.#events?.return?.();
    if (finalised !== undefined) this.#host.closing(finalised);
  }
}
