// What a scripted server does with each message: it records it, asks the scripts, and behaves well where none takes its
// place. Both dialects; the graphql-transport-ws gate (4401, 4429) included, since a client must not run into it.

import type { RawData } from 'ws';
import * as CloseCode from '../../protocol/close-codes.js';
import { fitCloseReason } from '../../protocol/close-reason.js';
import type { ClientMessage, OperationPayload } from '../../protocol/dialects/dialect.js';
import { isJsonObject } from '../../protocol/json.js';
import type { Result } from '../../protocol/result.js';
import type { ReceivedMessage, ScriptedConnection } from './connection.js';
import { ScriptedOperation } from './operation.js';
import { ask, type Done, type Script } from './script.js';

/** What a conversation needs of its server. */
export interface Host {
  /** In the order of asking; may change at any time. */
  readonly scripts: readonly Script[];
  answer(operation: ScriptedOperation): Result | Promise<Result>;
  /** An operation was read. */
  executing(operation: ScriptedOperation): void;
  /** A message was recorded. */
  heard(): void;
  /** A script threw or rejected. */
  failed(error: unknown, connection: ScriptedConnection): void;
}

export class Conversation {
  readonly #host: Host;
  readonly #connection: ScriptedConnection;
  #initialised = false;

  constructor(host: Host, connection: ScriptedConnection) {
    this.#host = host;
    this.#connection = connection;
  }

  open(): void {
    this.#run(
      (script) => script.open?.bind(script),
      this.#connection,
      () => {
        if (this.#connection.speaks === undefined) {
          this.#connection.close(CloseCode.subprotocolNotAcceptable, 'Subprotocol not acceptable');
        }
      },
    );
  }

  receive(data: RawData, isBinary: boolean): void {
    const connection = this.#connection;
    const message = isBinary ? binaryMessage : readMessage(connection, String(data));
    connection.received.push(message);
    this.#run(
      (script) => script.message?.bind(script),
      { connection, message },
      () => this.#handle(message.meaning),
    );
    this.#host.heard();
  }

  receivePingFrame(data: Buffer): void {
    const connection = this.#connection;
    this.#run(
      (script) => script.pingFrame?.bind(script),
      { connection, data },
      () => connection.pongFrame(data),
    );
  }

  /** Sends a published result to one subscription, unless a script takes its place. */
  publish(operation: ScriptedOperation, result: Result): void {
    this.#run(
      (script) => script.event?.bind(script),
      { operation, result },
      () => operation.next(result),
    );
  }

  #handle(meaning: ClientMessage): Done {
    const connection = this.#connection;
    switch (meaning.type) {
      case 'init':
        return this.#init(meaning.payload);
      case 'start':
        return this.#start(meaning.id, meaning.payload);
      case 'stop':
        return this.#stop(meaning.id);
      case 'ping':
        return this.#run(
          (script) => script.ping?.bind(script),
          { connection, payload: meaning.payload },
          () => connection.pong(meaning.payload),
        );
      case 'terminate':
        return connection.close(CloseCode.normal, '');
      case 'bad-operation':
        return connection.error(meaning.id, [{ message: meaning.reason }]);
      case 'bad-message':
        return connection.connectionError({ message: meaning.reason });
      case 'close':
        return connection.close(meaning.code, meaning.reason);
      case 'pong':
      case 'ignored':
        return;
    }
  }

  #init(payload: Parameters<ScriptedConnection['ack']>[0]): Done {
    const connection = this.#connection;
    if (this.#initialised && connection.speaks === 'graphql-transport-ws') {
      connection.close(CloseCode.tooManyInitialisationRequests, 'Too many initialisation requests');
      return;
    }
    this.#initialised = true;
    return this.#run(
      (script) => script.init?.bind(script),
      { connection, payload },
      () => connection.ack(),
    );
  }

  #start(id: string, payload: OperationPayload): Done {
    const connection = this.#connection;
    if (connection.speaks === 'graphql-transport-ws') {
      if (!connection.acknowledged) return connection.close(CloseCode.unauthorized, 'Unauthorized');
      if (connection.operations.has(id)) {
        const reason = fitCloseReason(`Subscriber for ${id} already exists`);
        return connection.close(CloseCode.subscriberAlreadyExists, reason);
      }
    }
    const operation = new ScriptedOperation(connection, id, payload);
    connection.operations.set(id, operation);
    this.#host.executing(operation);
    return this.#run(
      (script) => script.operation?.bind(script),
      operation,
      () => this.#answer(operation),
    );
  }

  #answer(operation: ScriptedOperation): Done {
    if (operation.kind === 'subscription') return;
    if (operation.kind === undefined) {
      operation.error([{ message: `Syntax Error: this is no document, or not one with that operation.` }]);
      return;
    }
    const result = this.#host.answer(operation);
    if (!(result instanceof Promise)) return operation.answer(result);
    return result.then((late) => operation.answer(late));
  }

  #stop(id: string): Done {
    const operation = this.#connection.operations.get(id);
    if (operation === undefined) return;
    this.#connection.operations.delete(id);
    return this.#run(
      (script) => script.stop?.bind(script),
      operation,
      () => {
        if (this.#connection.speaks === 'graphql-ws') this.#connection.complete(id);
      },
    );
  }

  /** Asks the scripts for one event. What a handler throws ends the connection and is kept for the test to see. */
  #run<Event>(
    pick: (script: Script) => ((event: Event, proceed: () => Done) => Done) | undefined,
    event: Event,
    last: () => Done,
  ): void {
    const failed = (error: unknown) => this.#host.failed(error, this.#connection);
    try {
      const done = ask(this.#host.scripts.map(pick), event, last);
      if (done instanceof Promise) done.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}

const binaryMessage: ReceivedMessage = Object.freeze<ReceivedMessage>({
  type: 'binary',
  meaning: { type: 'close', code: CloseCode.badRequest, reason: 'Binary messages are not part of the protocol' },
  text: undefined,
});

function readMessage(connection: ScriptedConnection, text: string): ReceivedMessage {
  return { type: wireType(text), meaning: connection.read(text), text };
}

function wireType(text: string): string {
  try {
    const message: unknown = JSON.parse(text);
    if (isJsonObject(message) && typeof message.type === 'string') return message.type;
  } catch {
    // No JSON, so no type.
  }
  return 'invalid';
}
