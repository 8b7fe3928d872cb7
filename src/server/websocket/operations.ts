// The operations of one connection: starts, refuses and stops them. Found by id, removed by object: an id may be used again
// at once after its operation was stopped, and what is left of the old operation must not remove the new one.

import { CloseCode } from '../../protocol/close-codes.js';
import type { OperationPayload, ServerDialect } from '../../protocol/dialects/dialect.js';
import type { Execution } from '../../protocol/executor.js';
import type { ServerCore } from '../core.js';
import { Operation, type OperationHost } from './operation.js';

/** What operations need of their connection. */
export interface OperationsOwner {
  readonly dialect: ServerDialect;
  /** Whether a fault of the client ends the connection: graphql-transport-ws. */
  readonly strict: boolean;
  /** Defined while the peer reads too slowly. */
  readonly relief: Promise<void> | undefined;
  execute(payload: OperationPayload, signal: AbortSignal): Promise<Execution>;
  send(text: string): void;
  close(code: number, reason: string): void;
}

export class Operations implements OperationHost {
  readonly #core: Pick<ServerCore, 'options' | 'counters' | 'report'>;
  readonly #owner: OperationsOwner;
  readonly #active = new Map<string, Operation>();
  readonly #finalising = new Set<Promise<unknown>>();

  constructor(core: Pick<ServerCore, 'options' | 'counters' | 'report'>, owner: OperationsOwner) {
    this.#core = core;
    this.#owner = owner;
  }

  /** Starts one, or only takes it in, to be run by `runHeld`. */
  start(id: string, payload: OperationPayload, held: boolean): void {
    if (!this.#hasRoomFor(id)) return;
    const operation = new Operation(id, payload, this);
    this.#active.set(id, operation);
    this.#core.counters.operations += 1;
    if (!held) void operation.run();
  }

  runHeld(): void {
    for (const operation of [...this.#active.values()]) void operation.run();
  }

  /** Answers an operation that cannot be started. The client takes the answer for the end of whatever has this id. */
  refuse(id: string, message: string): void {
    const active = this.#active.get(id);
    if (active !== undefined) this.#stop(active);
    this.send(this.dialect.error(id, [{ message }]));
  }

  /** Whether there was one. */
  stop(id: string): boolean {
    const active = this.#active.get(id);
    if (active !== undefined) this.#stop(active);
    return active !== undefined;
  }

  /** How many there were. */
  stopAll(): number {
    const active = [...this.#active.values()];
    for (const operation of active) this.#stop(operation);
    return active.length;
  }

  /** Settles when every source has closed, or its time is over. */
  async finalised(): Promise<void> {
    await Promise.all(this.#finalising);
  }

  // What one operation needs.

  get dialect(): ServerDialect {
    return this.#owner.dialect;
  }

  get relief(): Promise<void> | undefined {
    return this.#owner.relief;
  }

  execute(payload: OperationPayload, signal: AbortSignal): Promise<Execution> {
    return this.#owner.execute(payload, signal);
  }

  send(text: string): void {
    this.#owner.send(text);
  }

  ended(operation: Operation): void {
    if (this.#active.get(operation.id) !== operation) return;
    this.#active.delete(operation.id);
    this.#core.counters.operations -= 1;
  }

  closing(finalised: Promise<unknown>): void {
    this.#finalising.add(finalised);
    void finalised.then(() => this.#finalising.delete(finalised));
  }

  unserialisable(error: unknown): void {
    this.#core.report(error, 'result');
  }

  #stop(operation: Operation): void {
    this.ended(operation);
    operation.stop();
  }

  #hasRoomFor(id: string): boolean {
    const { idBytes, operationsPerConnection } = this.#core.options.limits;
    const { strict } = this.#owner;
    if (Buffer.byteLength(id) > idBytes) {
      const reason = `The operation id is longer than ${idBytes} bytes`;
      if (strict) this.#owner.close(CloseCode.badRequest, reason);
      else this.refuse(id, reason);
      return false;
    }
    const active = this.#active.get(id);
    if (active !== undefined && strict) {
      this.#owner.close(CloseCode.subscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return false;
    }
    if (active !== undefined) this.#stop(active);
    if (this.#active.size < operationsPerConnection) return true;
    this.refuse(id, `This connection has ${operationsPerConnection} operations already; no more are allowed.`);
    return false;
  }
}
