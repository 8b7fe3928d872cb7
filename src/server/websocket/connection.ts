// One WebSocket connection of a client: reads its messages, holds its gate, and ends once. The GraphQL over WebSocket
// protocol and the legacy protocol of subscriptions-transport-ws, as far as their dialects make them differ.

import * as CloseCode from '../../protocol/close-codes.js';
import type { ServerDialect } from '../../protocol/dialects/dialect.js';
import type { JsonObject } from '../../protocol/json.js';
import type { ServerCore } from '../core.js';
import type { AckPayload } from './acknowledgement.js';
import {
  Authentication,
  type AuthenticationOwner,
  credentialsExpired,
  type Stranger,
  type Verdict,
} from './authentication.js';
import { credentialsAccepted, goingAway, readCredentials } from './control.js';
import { Farewell } from './farewell.js';
import { Flow } from './flow.js';
import { type GateEvent, type GateState, type GateVerdict, passGate } from './gate.js';
import { KeepAlive } from './keep-alive.js';
import type { ConnectionScope } from './operation-scope.js';
import { Operations, type OperationsOwner } from './operations.js';
import { refusalOf, serverFault } from './refusal.js';
import type { Socket, SocketEvents } from './socket.js';

export interface ConnectionOwner {
  /** The socket has ended. */
  ended(connection: Connection): void;
  /** Every source is closed and the disconnect hook is done, or their time is over: nothing is left of it. */
  released(connection: Connection): void;
}

export class Connection implements SocketEvents, OperationsOwner, AuthenticationOwner {
  readonly dialect: ServerDialect;
  readonly strict: boolean;
  readonly #core: ServerCore;
  readonly #stranger: Stranger;
  readonly #owner: ConnectionOwner;
  readonly #flow: Flow;
  readonly #authentication: Authentication;
  readonly #operations: Operations;
  readonly #keepAlive: KeepAlive | undefined;
  readonly #farewell: Farewell;
  #gate: GateState = 'waiting';
  #cancelInitTimer: (() => void) | undefined;
  /** Where it may have to be sent again. */
  #ack: string | undefined;
  /** How it is to be closed as soon as no query or mutation runs. */
  #parting: { readonly code: number; readonly reason: string } | undefined;

  constructor(core: ServerCore, dialect: ServerDialect, socket: Socket, stranger: Stranger, owner: ConnectionOwner) {
    this.#core = core;
    this.dialect = dialect;
    this.strict = dialect.subprotocol === 'graphql-transport-ws';
    this.#stranger = stranger;
    this.#owner = owner;
    this.#flow = new Flow(core, socket, this);
    this.#authentication = new Authentication(core, stranger, this);
    this.#operations = new Operations(core, this);
    this.#keepAlive = core.options.keepAliveMs === 0 ? undefined : new KeepAlive(core, socket, this.#flow, this);
    this.#farewell = new Farewell(core, socket);
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
    this.#farewell.close(code, reason);
  }

  /** The same as soon as no query or mutation runs; new ones are taken until then. */
  closeWhenIdle(code: number, reason: string): void {
    this.#parting = { code, reason };
    if (this.#gate !== 'accepted' || !this.#operations.isBusy) this.close(code, reason);
  }

  /** Ends the socket at once. */
  terminate(error?: Error): void {
    this.#pass('end');
    this.#farewell.terminate(error);
  }

  /** Tells a peer that knows of it that this connection will be closed. */
  announceEnd(reason: string, withinMs: number): void {
    // The classic legacy client begins to count keep-alive messages with the first one: it must not be the only one.
    if (this.#gate !== 'accepted' || (!this.strict && this.#keepAlive === undefined)) return;
    this.send(this.dialect.ping(goingAway(reason, withinMs)));
  }

  // What the socket tells.

  message(text: string): void {
    if (this.#hasEnded) return;
    const now = this.#core.timers.now();
    this.#keepAlive?.heard(now);
    const inTime = this.#flow.received(now);
    // Who sends too much may have been let go.
    if (this.#hasEnded) return;
    const message = this.dialect.receive(text);
    switch (message.type) {
      case 'init':
        this.#init(message.payload);
        break;
      case 'start': {
        const may = this.#mayStart();
        if (may === undefined) break;
        if (inTime) this.#operations.start(message.id, message.payload, may === 'hold' ? text.length : undefined);
        else this.#operations.refuseHasty(message.id);
        break;
      }
      case 'stop':
        this.#operations.stop(message.id);
        break;
      case 'ping':
        this.#heardPing(message.payload);
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
      case 'pong':
      case 'ignored':
    }
  }

  binary(): void {
    this.close(this.strict ? CloseCode.badRequest : CloseCode.unsupportedData, 'Messages must be text, not binary');
  }

  heard(): void {
    this.#keepAlive?.heard(this.#core.timers.now());
  }

  flushed(): void {
    this.#flow.flushed();
  }

  failed(error: Error, code: number): void {
    if (this.#gate === 'ended') return;
    this.#farewell.failed(error, code);
    this.#pass('end');
  }

  closed(code: number, reason: string, error: Error | undefined): void {
    this.#pass('end');
    this.#authentication.leave();
    const { connection } = this.#stranger;
    this.#owner.ended(this);
    const told = this.#farewell.closed({ code, reason, error, connection });
    void Promise.all([told, this.#operations.finalised()]).then(() => this.#owner.released(this));
  }

  // What its operations need.

  get scope(): ConnectionScope {
    return this.#authentication.scope;
  }

  get relief(): Promise<void> | undefined {
    return this.#flow.relief;
  }

  send(text: string): void {
    if (this.#gate === 'ended') return;
    this.#keepAlive?.sent();
    this.#flow.write(text);
  }

  idle(): void {
    if (this.#parting !== undefined) this.close(this.#parting.code, this.#parting.reason);
  }

  // Who it belongs to.

  /** Somebody has to look at new credentials, too. */
  get canRenew(): boolean {
    return this.strict && this.#core.options.onConnect !== undefined;
  }

  judged(verdict: Verdict): void {
    if (verdict.type !== 'accepted') this.#turnAway(verdict);
    else if (this.#gate === 'authorising') this.#accept(verdict.payload);
    else this.#answerPing(credentialsAccepted);
  }

  expired(): void {
    this.close(CloseCode.forbidden, credentialsExpired);
  }

  // The gate.

  get #hasEnded(): boolean {
    return this.#gate === 'ended';
  }

  #pass(event: GateEvent): GateVerdict['type'] {
    const before = this.#gate;
    const [state, verdict] = passGate(before, event, this.strict);
    this.#gate = state;
    if (state === 'ended' && before !== 'ended') this.#release();
    if (verdict.type === 'close') this.#farewell.close(verdict.code, verdict.reason);
    return verdict.type;
  }

  #init(connectionParams: JsonObject | undefined): void {
    const verdict = this.#pass('init');
    if (verdict === 'acknowledge-again' && this.#ack !== undefined) this.send(this.#ack);
    if (verdict !== 'authorise') return;
    this.#stopInitTimer();
    this.#authentication.begin(connectionParams);
  }

  #stopInitTimer(): void {
    this.#cancelInitTimer?.();
    this.#cancelInitTimer = undefined;
  }

  #accept(payload: AckPayload): void {
    let ack: string;
    try {
      ack = this.dialect.ack(payload);
    } catch (error) {
      this.#turnAway({ type: 'failed', error, source: 'onConnect' });
      return;
    }
    if (!this.strict) this.#ack = ack;
    // Before the ack is sent: the first operation may be read before the ack is written.
    this.#pass('accept');
    this.send(ack);
    this.#keepAlive?.start();
    this.#operations.runHeld();
  }

  #turnAway(verdict: Exclude<Verdict, { readonly type: 'accepted' }>): void {
    if (verdict.type === 'failed') this.#core.report(verdict.error, verdict.source);
    const { payload, code, reason } = refusalOf(verdict, this.strict, this.#core.options.limits);
    this.#sendConnectionError(payload);
    this.close(code, reason);
  }

  #mayStart(): 'run' | 'hold' | undefined {
    const verdict = this.#gate === 'accepted' ? 'run' : this.#pass('start');
    return verdict === 'run' || verdict === 'hold' ? verdict : undefined;
  }

  // Messages that concern no operation.

  #heardPing(payload: JsonObject | undefined): void {
    const credentials = readCredentials(payload);
    if (credentials === undefined || !this.canRenew || this.#gate !== 'accepted') this.#answerPing(payload);
    else this.#authentication.renew(credentials);
  }

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

  #release(): void {
    this.#stopInitTimer();
    this.#keepAlive?.stop();
    this.#flow.stop();
    this.#authentication.stop();
    this.#farewell.lost = this.#operations.stopAll();
  }
}
