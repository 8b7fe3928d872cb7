// The operations of one connection: starts, refuses and stops them. Found by id, removed by object: an id may be used again
// at once after its operation was stopped, and what is left of the old operation must not remove the new one.

import * as CloseCode from '../../protocol/close-codes.js';
import type { OperationPayload, ServerDialect } from '../../protocol/dialects/dialect.js';
import type { Execution, ExecutionContext } from '../../protocol/executor.js';
import type { ServerCore } from '../core.js';
import { Operation, type OperationHost } from './operation.js';
import type { ConnectionScope } from './operation-scope.js';

/** What operations need of their connection. */
export interface OperationsOwner {
  readonly dialect: ServerDialect;
  /** Whether a fault of the client ends the connection: graphql-transport-ws. */
  readonly strict: boolean;
  readonly scope: ConnectionScope;
  /** Defined while the peer reads too slowly. */
  readonly relief: Promise<void> | undefined;
  send(text: string): void;
  close(code: number, reason: string): void;
  /** An operation has ended and no query or mutation runs: subscriptions at most. */
  idle(): void;
}

type Parts = Pick<ServerCore, 'options' | 'counters' | 'report' | 'pipeline' | 'telemetry'>;

const encoder = new TextEncoder();

export class Operations implements OperationHost {
  readonly dialect: ServerDialect;
  readonly #core: Parts;
  readonly #owner: OperationsOwner;
  readonly #active = new Map<string, Operation>();
  /** Most connections never have any. */
  #finalising: Set<Promise<unknown>> | undefined;
  /** How many of the active are known to be subscriptions. */
  #lasting = 0;
  /** Of the messages whose operations wait for the connection to be accepted, in characters. */
  #heldLength = 0;

  constructor(core: Parts, owner: OperationsOwner) {
    this.#core = core;
    this.#owner = owner;
    this.dialect = owner.dialect;
  }

  /** Whether anything runs that ends by itself. */
  get isBusy(): boolean {
    return this.#active.size > this.#lasting;
  }

  /** Starts one, or only takes it in, to be run by `runHeld`: then `heldLength` is the length of its message. */
  start(id: string, payload: OperationPayload, heldLength?: number): void {
    if (!this.#hasRoomFor(id) || (heldLength !== undefined && !this.#mayHold(id, heldLength))) return;
    const operation = new Operation(id, payload, this);
    this.#active.set(id, operation);
    this.#core.counters.operations += 1;
    if (heldLength === undefined) operation.run();
  }

  runHeld(): void {
    for (const operation of [...this.#active.values()]) operation.run();
  }

  /** Answers an operation that cannot be started. The client takes the answer for the end of whatever has this id. */
  refuse(id: string, message: string, code?: string): void {
    const active = this.#active.get(id);
    if (active !== undefined) this.#stop(active);
    this.send(this.dialect.error(id, [code === undefined ? { message } : { message, extensions: { code } }]));
    if (active !== undefined && !this.isBusy) this.#owner.idle();
  }

  /** Answers an operation that came too fast after what came before it. */
  refuseHasty(id: string): void {
    const { messagesPerSecond, messageBurst } = this.#core.options.limits;
    this.#core.telemetry.limited('limits.messagesPerSecond');
    this.refuse(
      id,
      `This connection sends more messages than the server's options "limits.messagesPerSecond" (${messagesPerSecond}) and "limits.messageBurst" (${messageBurst}) allow: send this operation again later.`,
      'TOO_MANY_MESSAGES',
    );
  }

  /** What its client stops, where there is such a one; the legacy protocol answers that. */
  stop(id: string): void {
    const active = this.#active.get(id);
    if (active === undefined) return;
    this.#stop(active);
    if (!this.#owner.strict) this.send(this.dialect.complete(id));
    if (!this.isBusy) this.#owner.idle();
  }

  /** How many there were. */
  stopAll(): number {
    const active = [...this.#active.values()];
    for (const operation of active) this.#stop(operation);
    return active.length;
  }

  /** Settles when every source has closed, or its time is over. */
  async finalised(): Promise<void> {
    await Promise.all(this.#finalising ?? []);
  }

  // What one operation needs.

  get scope(): ConnectionScope {
    return this.#owner.scope;
  }

  get relief(): Promise<void> | undefined {
    return this.#owner.relief;
  }

  execute(payload: OperationPayload, context: ExecutionContext): Execution | Promise<Execution> {
    return this.#core.pipeline.execute(payload, context);
  }

  send(text: string): void {
    this.#owner.send(text);
  }

  lasting(operation: Operation): void {
    if (this.#active.get(operation.id) !== operation) return;
    operation.isLasting = true;
    this.#lasting += 1;
    if (!this.isBusy) this.#owner.idle();
  }

  ended(operation: Operation, last: string, afterwards?: string): void {
    this.#remove(operation);
    this.#owner.send(last);
    if (afterwards !== undefined) this.#owner.send(afterwards);
    if (!this.isBusy) this.#owner.idle();
  }

  closing(finalised: Promise<unknown>): void {
    this.#finalising ??= new Set();
    const finalising = this.#finalising.add(finalised);
    void finalised.then(() => finalising.delete(finalised));
  }

  unserialisable(error: unknown, { query, operationName }: OperationPayload): void {
    this.#core.report(error, 'result', { kind: undefined, name: operationName, query });
  }

  #stop(operation: Operation): void {
    this.#remove(operation);
    operation.stop();
  }

  #remove(operation: Operation): void {
    if (this.#active.get(operation.id) !== operation) return;
    this.#active.delete(operation.id);
    if (operation.isLasting) this.#lasting -= 1;
    this.#core.counters.operations -= 1;
  }

  /** Nobody knows yet who it is that sends them: together they may be as long as one message. */
  #mayHold(id: string, length: number): boolean {
    const { messageBytes } = this.#core.options.limits;
    this.#heldLength += length;
    if (this.#heldLength <= messageBytes) return true;
    this.#core.telemetry.limited('limits.messageBytes');
    this.refuse(
      id,
      `The operations that wait for this connection to be accepted are longer than ${messageBytes} bytes together, which is the server's option "limits.messageBytes": send this one after the acknowledgement.`,
      'TOO_MANY_OPERATIONS',
    );
    return false;
  }

  #hasRoomFor(id: string): boolean {
    const { idBytes, operationsPerConnection } = this.#core.options.limits;
    const { strict } = this.#owner;
    if (isLonger(id, idBytes)) {
      this.#core.telemetry.limited('limits.idBytes');
      const reason = `The operation id is longer than ${idBytes} bytes, which is the server's option "limits.idBytes"`;
      if (strict) this.#owner.close(CloseCode.badRequest, reason);
      else this.refuse(id, `${reason}.`, 'ID_TOO_LONG');
      return false;
    }
    const active = this.#active.get(id);
    if (active !== undefined && strict) {
      this.#owner.close(CloseCode.subscriberAlreadyExists, `Subscriber for ${id} already exists`);
      return false;
    }
    if (active !== undefined) this.#stop(active);
    if (this.#active.size < operationsPerConnection) return true;
    this.#core.telemetry.limited('limits.operationsPerConnection');
    this.refuse(
      id,
      `This connection has ${operationsPerConnection} operations already, as many as the server's option "limits.operationsPerConnection" allows: wait until one ends, or stop one.`,
      'TOO_MANY_OPERATIONS',
    );
    return false;
  }
}

function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && encoder.encode(text).length > bytes;
}
