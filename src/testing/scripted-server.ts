// A GraphQL server over WebSocket that misbehaves on cue: for tests of what a client does when its server fails. It needs
// no schema. Left alone it behaves well, in both dialects; scripts take its place wherever a test wants something else.
/// <reference lib="esnext.disposable" preserve="true" />

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import * as CloseCode from '../protocol/close-codes.js';
import { fitCloseReason } from '../protocol/close-reason.js';
import type { Subprotocol } from '../protocol/dialects/dialect.js';
import { subprotocols as allSubprotocols } from '../protocol/dialects/index.js';
import { checkNumberOption, refuseUnknownOptions } from '../protocol/options.js';
import type { OperationKind, Result } from '../protocol/result.js';
import { listen } from './listen.js';
import { type ReceivedMessage, ScriptedConnection } from './scripted-server/connection.js';
import { Conversation, type Host } from './scripted-server/conversation.js';
import type { ScriptedOperation } from './scripted-server/operation.js';
import { ask, type Script, type UpgradeAnswer } from './scripted-server/script.js';
import { chooseSubprotocol, readUpgrade, Upgrader } from './scripted-server/upgrade.js';
import { Waiting, type WaitOptions } from './scripted-server/waiting.js';

export interface ScriptedServerOptions {
  /** What it speaks. Default: both subprotocols; the client's order decides. */
  readonly subprotocols?: readonly Subprotocol[] | undefined;
  /** Where it departs from good behaviour, asked in order. Default: nowhere. */
  readonly script?: Script | readonly Script[] | undefined;
  /** The answer to a query or mutation. Default: `{ data: { ok: true } }`. */
  readonly answer?: ((operation: ScriptedOperation) => Result | Promise<Result>) | undefined;
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: any free port, which it keeps over `restart`. */
  readonly port?: number | undefined;
}

/** An operation that the server has read: an entry of the journal. */
export interface ExecutionRecord {
  /** The index of its connection. */
  readonly connection: number;
  readonly id: string;
  readonly kind: OperationKind | undefined;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: ScriptedOperation['variables'];
  readonly extensions: ScriptedOperation['extensions'];
}

/**
 * Opens a scripted server.
 *
 * @throws OptionError for a wrong option; HoldfastError (`cannot-listen`) where the port is taken.
 * @example
 * await using server = await scriptedServer({ script: closesBeforeAck({ times: 1 }) });
 * const session = await connect({ transport: webSocket(server.url) });   // the second attempt gets through
 */
export async function scriptedServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  refuseUnknownOptions('scriptedServer', options, ['subprotocols', 'script', 'answer', 'host', 'port']);
  checkNumberOption('port', options.port, 0, 65_535);
  const server = new ScriptedServer(options);
  await server.start();
  return server;
}

/** Made by `scriptedServer()`. */
export class ScriptedServer implements AsyncDisposable {
  readonly host: string;
  /** Every WebSocket so far, in the order of opening, closed ones included. */
  readonly connections: ScriptedConnection[] = [];
  /** Every operation that was read, in the order of reading. */
  readonly executions: ExecutionRecord[] = [];
  readonly #options: ScriptedServerOptions;
  readonly #scripts: Script[];
  readonly #upgrader = new Upgrader();
  readonly #conversations = new Map<ScriptedConnection, Conversation>();
  readonly #sockets = new Set<Duplex>();
  readonly #waiting = new Waiting(() => this.#account());
  readonly #failures: unknown[] = [];
  #server: Server | undefined;
  #port: number;
  #upgrades = 0;
  #handedOut = 0;

  /** For `scriptedServer()`. It does not listen yet. */
  constructor(options: ScriptedServerOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.#options = options;
    this.#port = options.port ?? 0;
    this.#scripts = [options.script ?? []].flat();
  }

  get port(): number {
    return this.#port;
  }

  /** As in `ws://127.0.0.1:4000/graphql`. Every path is answered alike. */
  get url(): string {
    return `ws://${this.host}:${this.#port}/graphql`;
  }

  /** Requests for a WebSocket so far, refused ones included. */
  get upgrades(): number {
    return this.#upgrades;
  }

  /** Live subscriptions on all connections. */
  get subscriptions(): readonly ScriptedOperation[] {
    const live = this.connections.flatMap((connection) => [...connection.operations.values()]);
    return live.filter((operation) => operation.kind === 'subscription' && operation.live);
  }

  /** From now on asks `script` before all others. Returns a function that takes it out again. */
  use(script: Script): () => void {
    this.#scripts.unshift(script);
    return () => {
      const place = this.#scripts.indexOf(script);
      if (place !== -1) this.#scripts.splice(place, 1);
    };
  }

  /** Sends a result to every live subscription and returns their number. */
  publish(result: Result): number {
    const { subscriptions } = this;
    for (const operation of subscriptions) this.#conversations.get(operation.connection)?.publish(operation, result);
    return subscriptions.length;
  }

  /**
   * Waits for messages of a type, as on the wire (`subscribe`) or in the words of both dialects (`start`), on one
   * connection or on all. Resolves with all there are as soon as there are `count`.
   */
  received(
    type: string,
    options: WaitOptions & { readonly count?: number | undefined; readonly connection?: number | undefined } = {},
  ): Promise<readonly ReceivedMessage[]> {
    const { count = 1, connection } = options;
    const where = connection === undefined ? '' : ` on connection ${connection}`;
    return this.until(
      `${count} x "${type}"${where}`,
      () => {
        const watched = this.connections.filter(({ index }) => connection === undefined || index === connection);
        const found = watched.flatMap(({ received }) => received.filter(isOfType(type)));
        return found.length >= count ? found : undefined;
      },
      options,
    );
  }

  /** Waits for the next WebSocket that this method has not handed out yet. */
  async nextConnection(options: WaitOptions = {}): Promise<ScriptedConnection> {
    const index = this.#handedOut++;
    return this.until(`connection ${index}`, () => this.connections[index], options);
  }

  /** Waits for anything: `find` is asked now and after everything that happens, until it gives a value. */
  until<T>(what: string, find: () => T | undefined, options: WaitOptions = {}): Promise<T> {
    return this.#waiting.until(what, find, options);
  }

  /** Listens again after `stop`, on the same port. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((_request, response) => response.writeHead(426, { Upgrade: 'websocket' }).end());
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    try {
      this.#port = await listen('The scripted server', server, this.host, this.#port);
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
  }

  /** Begins an outage: drops every connection and listens no more. Records stay. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await Promise.all(this.connections.map(({ ended }) => ended));
  }

  /** An outage as short as it can be: `stop`, then `start`. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** `stop` for good. Idempotent. Rejects with the first error that a script threw, so that no test overlooks it. */
  async close(): Promise<void> {
    await this.stop();
    this.#waiting.end();
    const [failure] = this.#failures.splice(0);
    if (failure !== undefined) throw failure;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    const upgrade = readUpgrade(this.#upgrades++, request);
    const well = () => chooseSubprotocol(upgrade, this.#options.subprotocols ?? allSubprotocols);
    let answer: UpgradeAnswer;
    try {
      answer = ask(
        this.#scripts.map((script) => script.upgrade?.bind(script)),
        upgrade,
        well,
      );
    } catch (error) {
      this.#failures.push(error);
      answer = { kind: 'refuse', status: 500, body: `The script failed: ${error}` };
    }
    this.#upgrader.answer(answer, request, socket, head, (accepted, speaks) => {
      const connection = new ScriptedConnection(this.connections.length, accepted, request.socket, upgrade, speaks);
      this.#converse(connection, accepted);
    });
    this.#waiting.look();
  }

  #converse(connection: ScriptedConnection, socket: WebSocket): void {
    const conversation = new Conversation(this.#host(), connection);
    this.connections.push(connection);
    this.#conversations.set(connection, conversation);
    socket.on('message', (data, isBinary) => conversation.receive(data, isBinary));
    socket.on('ping', (data) => conversation.receivePingFrame(data));
    // A frame that the library refuses ends the connection, and `end` says with which code.
    socket.on('error', () => {});
    void connection.ended.then(() => this.#waiting.look());
    conversation.open();
    this.#waiting.look();
  }

  #host(): Host {
    const { answer = () => ({ data: { ok: true } }) } = this.#options;
    return {
      scripts: this.#scripts,
      answer,
      executing: ({ connection, id, kind, query, operationName, variables, extensions }) => {
        this.executions.push({ connection: connection.index, id, kind, query, operationName, variables, extensions });
      },
      heard: () => this.#waiting.look(),
      failed: (error, connection) => {
        this.#failures.push(error);
        connection.close(CloseCode.internalError, fitCloseReason(`The script failed: ${error}`));
      },
    };
  }

  #account(): string {
    if (this.connections.length === 0) return `No connection was opened; upgrades asked for: ${this.#upgrades}.`;
    const lines = this.connections.map(({ index, received, end }) => {
      const types = received.map(({ type }) => type).join(', ') || 'nothing';
      return `connection ${index} received ${types}${end === undefined ? '' : ` and ended with ${end.code}`}`;
    });
    return `So far: ${lines.join('; ')}.`;
  }
}

function isOfType(type: string): (message: ReceivedMessage) => boolean {
  return (message) => message.type === type || message.meaning.type === type;
}
