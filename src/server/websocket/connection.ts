// One WebSocket connection of a client: reads its messages, holds its gate, and ends once. The GraphQL over WebSocket
// protocol and the legacy protocol of subscriptions-transport-ws, as far as their dialects make them differ.

import { CloseCode, fitCloseReason } from '../../protocol/close-codes.js';
import type { OperationPayload, ServerDialect } from '../../protocol/dialects/dialect.js';
import type { Execution } from '../../protocol/executor.js';
import type { JsonObject } from '../../protocol/json.js';
import type { ServerCore } from '../core.js';
import type { DisconnectContext, RequestHeaders } from '../hook-types.js';
import { Congestion } from './congestion.js';
import { type Authorisation, authorise, sayGoodbye } from './connection-hooks.js';
import { type GateEvent, type GateState, type GateVerdict, passGate } from './gate.js';
import { KeepAlive } from './keep-alive.js';
import { Operations, type OperationsOwner } from './operations.js';
import type { Socket, SocketEvents } from './socket.js';

/** Why it ended, where that was decided on this side. */
type Ending = Pick<DisconnectContext, 'code' | 'reason' | 'error'>;

const serverFault = 'Internal server error';

export class Connection implements SocketEvents, OperationsOwner {
  readonly dialect: ServerDialect;
  readonly strict: boolean;
  /** Settles when the socket has ended, every source is closed and the disconnect hook is done, or their time is over. */
  readonly released: Promise<void>;
  readonly #core: ServerCore;
  readonly #socket: Socket;
  readonly #headers: RequestHeaders;
  /** The application's own room, one per connection. */
  readonly #room: Record<string, unknown> = {};
  readonly #operations: Operations;
  readonly #congestion: Congestion;
  readonly #keepAlive: KeepAlive | undefined;
  #setReleased: () => void = () => {};
  #gate: GateState = 'waiting';
  #cancelInitTimer: (() => void) | undefined;
  #connectionParams: JsonObject | undefined;
  /** Of the connect hook, while it decides. */
  #authorising: AbortController | undefined;
  #ack = '';
  #ending: Ending | undefined;
  /** Operations that were active when it ended. */
  #lost = 0;

  constructor(core: ServerCore, dialect: ServerDialect, socket: Socket, headers: RequestHeaders) {
    this.#core = core;
    this.dialect = dialect;
    this.strict = dialect.subprotocol === 'graphql-transport-ws';
    this.#socket = socket;
    this.#headers = headers;
    this.#operations = new Operations(core, this);
    this.#congestion = new Congestion(socket);
    this.#keepAlive = this.#makeKeepAlive();
    this.released = new Promise((resolve) => {
      this.#setReleased = resolve;
    });
    core.counters.connections += 1;
  }

  /** Begins to wait for the init. */
  open(): void {
    const { timers, options } = this.#core;
    this.#cancelInitTimer = timers.set(options.initTimeoutMs, () => this.#pass('timeout'));
  }

  /** Ends it with one close frame, unless it has ended already. */
  close(code: number, reason: string): void {
    if (this.#gate === 'ended') return;
    this.#pass('end');
    this.#sendClose(code, reason);
  }

  /** Ends the socket at once. */
  terminate(): void {
    this.#pass('end');
    this.#socket.terminate();
  }

  // What the socket tells.

  message(text: string): void {
    if (this.#gate === 'ended') return;
    this.#keepAlive?.heard();
    const message = this.dialect.receive(text);
    switch (message.type) {
      case 'init':
        this.#init(message.payload);
        break;
      case 'start': {
        const may = this.#mayStart();
        if (may !== undefined) this.#operations.start(message.id, message.payload, may === 'hold');
        break;
      }
      case 'stop':
        if (this.#operations.stop(message.id) && !this.strict) this.send(this.dialect.complete(message.id));
        break;
      case 'ping':
        this.#answerPing(message.payload);
        break;
      case 'pong':
      case 'ignored':
        break;
      case 'bad-operation':
        if (this.#mayStart() !== undefined) this.#operations.refuse(message.id, message.reason);
        break;
      case 'bad-message':
        this.#sendConnectionError({ message: message.reason });
        break;
      case 'terminate':
        this.close(CloseCode.normal, '');
        break;
      case 'close':
        this.close(message.code, message.reason);
        break;
    }
  }

  binary(): void {
    this.close(this.strict ? CloseCode.badRequest : CloseCode.unsupportedData, 'Messages must be text, not binary');
  }

  heard(): void {
    this.#keepAlive?.heard();
  }

  flushed(): void {
    this.#congestion.flushed();
  }

  failed(error: Error, code: number): void {
    if (this.#gate === 'ended') return;
    this.#core.counters.failedSockets += 1;
    this.#ending = { code, reason: '', error };
    this.#pass('end');
  }

  closed(code: number, reason: string, error: Error | undefined): void {
    this.#pass('end');
    this.#core.counters.connections -= 1;
    const goodbye = sayGoodbye(this.#core, {
      ...(this.#ending ?? { code, reason, error }),
      clean: code !== CloseCode.abnormal,
      operations: this.#lost,
      connection: this.#room,
    });
    void Promise.all([goodbye, this.#operations.finalised()]).then(() => this.#setReleased());
  }

  // What its operations need.

  get relief(): Promise<void> | undefined {
    return this.#congestion.relief;
  }

  execute(payload: OperationPayload, signal: AbortSignal): Promise<Execution> {
    const headers = this.#headers;
    const connectionParams = this.#connectionParams;
    return this.#core.pipeline.execute(payload, { signal, headers, connectionParams, connection: this.#room });
  }

  send(text: string): void {
    if (this.#gate === 'ended') return;
    this.#keepAlive?.sent();
    this.#write(text);
  }

  // The gate.

  #pass(event: GateEvent): GateVerdict['type'] {
    const before = this.#gate;
    const [state, verdict] = passGate(before, event, this.strict);
    this.#gate = state;
    if (state === 'ended' && before !== 'ended') this.#release();
    if (verdict.type === 'close') this.#sendClose(verdict.code, verdict.reason);
    return verdict.type;
  }

  #init(connectionParams: JsonObject | undefined): void {
    const verdict = this.#pass('init');
    if (verdict === 'acknowledge-again') this.send(this.#ack);
    if (verdict !== 'authorise') return;
    this.#cancelInitTimer?.();
    this.#connectionParams = connectionParams;
    this.#authorising = new AbortController();
    const { signal } = this.#authorising;
    const word = authorise(this.#core, {
      connectionParams,
      headers: this.#headers,
      connection: this.#room,
      remoteAddress: undefined,
      signal,
      reason: 'connect',
      expireAt: () => {},
    });
    if (word instanceof Promise) void word.then((settled) => this.#authorised(settled));
    else this.#authorised(word);
  }

  #authorised(word: Authorisation): void {
    // Whoever asked has gone: what the hook says, or how it failed, concerns nobody any more.
    if (this.#gate === 'ended') return;
    this.#authorising = undefined;
    switch (word.type) {
      case 'accepted':
        this.#accept(word.payload);
        break;
      case 'refused': {
        const { code, reason, payload } = word.refusal;
        this.#sendConnectionError(payload);
        this.close(this.strict ? code : CloseCode.internalError, reason);
        break;
      }
      case 'failed':
        this.#core.report(word.error, 'onConnect');
        this.#sendConnectionError({ message: serverFault });
        this.close(this.strict ? CloseCode.serverError : CloseCode.internalError, serverFault);
        break;
    }
  }

  #accept(payload: JsonObject | undefined): void {
    try {
      this.#ack = this.dialect.ack(payload);
    } catch (error) {
      this.#authorised({ type: 'failed', error });
      return;
    }
    // Before the ack is sent: the first operation may be read before the ack is written.
    this.#pass('accept');
    this.send(this.#ack);
    if (this.#keepAlive !== undefined) {
      if (!this.strict) this.#write(this.dialect.ping(undefined));
      this.#keepAlive.start();
    }
    this.#operations.runHeld();
  }

  #mayStart(): 'run' | 'hold' | undefined {
    const verdict = this.#pass('start');
    return verdict === 'run' || verdict === 'hold' ? verdict : undefined;
  }

  // Messages that concern no operation.

  #answerPing(payload: JsonObject | undefined): void {
    let pong: string | undefined;
    try {
      pong = this.dialect.pong(payload);
    } catch {
      this.close(CloseCode.badRequest, 'The payload of a ping is nested too deeply');
      return;
    }
    if (pong !== undefined) this.send(pong);
  }

  /** Nothing in graphql-transport-ws, where a refusal is a close code. */
  #sendConnectionError(payload: JsonObject): void {
    let text: string | undefined;
    try {
      text = this.dialect.connectionError(payload);
    } catch (error) {
      this.#core.report(error, 'onConnect');
      text = this.dialect.connectionError({ message: serverFault });
    }
    if (text !== undefined) this.send(text);
  }

  #write(text: string): void {
    this.#socket.send(text);
    this.#congestion.sent();
  }

  #makeKeepAlive(): KeepAlive | undefined {
    const { timers, options } = this.#core;
    if (options.keepAliveMs === 0) return undefined;
    return new KeepAlive({
      timers,
      intervalMs: options.keepAliveMs,
      insist: !this.strict,
      isDeaf: () => this.relief !== undefined,
      sign: () => this.#write(this.dialect.ping(undefined)),
      probe: () => this.#socket.ping(),
      dead: (error) => {
        this.#ending = { code: CloseCode.abnormal, reason: '', error };
        this.terminate();
      },
    });
  }

  // The end.

  #sendClose(code: number, reason: string): void {
    const fitting = fitCloseReason(reason);
    this.#ending = { code, reason: fitting, error: undefined };
    this.#socket.close(code, fitting);
  }

  #release(): void {
    this.#cancelInitTimer?.();
    this.#keepAlive?.stop();
    this.#congestion.release();
    this.#authorising?.abort();
    this.#lost = this.#operations.stopAll();
  }
}
