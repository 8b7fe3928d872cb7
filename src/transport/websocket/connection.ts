// One GraphQL connection over an open WebSocket: the handshake up to the server's acknowledgement, then operations by id. The
// dialect says what a text means; here is what follows from it.

import * as CloseCode from '../../protocol/close-codes.js';
import { fitCloseReason } from '../../protocol/close-reason.js';
import type { ClientDialect, ServerMessage } from '../../protocol/dialects/dialect.js';
import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import type {
  Capabilities,
  Closure,
  Connection,
  ConnectionEvents,
  Credentials,
  Handle,
  OpenContext,
  Request,
  Sink,
} from '../contract.js';
import { refuseUploads } from '../http/refuse-uploads.js';
import { OpenError } from '../open-error.js';
import { readCapabilities, readGoingAway, readIdempotency, readLimits } from './advertisement.js';
import { answerPing } from './answer-ping.js';
import { Entry, type EntryOwner } from './entry.js';
import { answeredWithErrors, closureOf, endOfService, protocolFailure, refusal, tooLarge } from './failures.js';
import type { ServerPing } from './options.js';
import type { Socket, SocketEnd, SocketEvents } from './socket.js';
import { Throttle } from './throttle.js';

const nothingToCancel: Handle = { cancel: () => {} };

type Stage =
  | { readonly at: 'handshake'; readonly acknowledged: () => void; readonly refused: (error: OpenError) => void }
  | { readonly at: 'open' }
  /** Our close frame is sent: answers may still come, until the peer's. */
  | { readonly at: 'closing'; readonly closure: Closure }
  | { readonly at: 'ended' };

export class WebSocketConnection implements Connection, SocketEvents, EntryOwner {
  readonly ready: Promise<void>;
  readonly closed: Promise<Closure>;
  readonly ping: ((payload?: JsonObject) => void) | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  capabilities: Capabilities = readCapabilities(undefined);
  reauthenticate: ((credentials: Credentials) => void) | undefined;
  readonly #socket: Socket;
  readonly #dialect: ClientDialect;
  readonly #parse: ((text: string) => unknown) | undefined;
  readonly #context: OpenContext;
  readonly #events: ConnectionEvents;
  readonly #onPing: ((ping: ServerPing) => void) | undefined;
  /**
   * By id. Not a Map: the tables that a busy Map outgrows keep what they held, answers and all, alive until the next full
   * garbage collection.
   */
  #entries: Record<string, Entry> = Object.create(null);
  #stage: Stage;
  readonly #throttle: Throttle;
  #resolveClosed!: (closure: Closure) => void;
  #cancelTimer: (() => void) | undefined;

  constructor(
    socket: Socket,
    dialect: ClientDialect,
    context: OpenContext,
    events: ConnectionEvents,
    onPing: ((ping: ServerPing) => void) | undefined,
  ) {
    this.#socket = socket;
    this.headers = socket.headers;
    this.#dialect = dialect;
    const { json } = context;
    this.#parse = json && ((text) => json.parse(text));
    this.#context = context;
    this.#events = events;
    this.#throttle = new Throttle(socket, context.clock, events);
    this.#onPing = onPing;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    let stage: Stage = { at: 'ended' };
    this.ready = new Promise((acknowledged, refused) => {
      stage = { at: 'handshake', acknowledged, refused };
    });
    this.#stage = stage;
    const canPing = dialect.ping(undefined) !== undefined || socket.ping !== undefined;
    this.ping = canPing ? (payload) => this.#ping(payload) : undefined;
    socket.send(dialect.init(context.credentials.connectionParams));
  }

  start(request: Request, sink: Sink): Handle {
    const { id } = request;
    // A connection that has begun to end takes nothing any more: what was not sent is sent on the next one.
    if (this.#stage.at !== 'open' || !this.#socket.writable) return nothingToCancel;
    if (request.uploads?.length) return refuseUploads(sink, 'a WebSocket');
    const text = this.#dialect.start(id, request);
    const entry = new Entry(id, sink, request.kind !== 'subscription', this);
    this.#entries[id] = entry;
    this.#throttle.started(entry);
    sink.sending();
    this.#send(text);
    return entry;
  }

  stop(entry: Entry): void {
    const { id } = entry;
    if (this.#entries[id] !== entry) return;
    this.#forget(entry);
    this.#send(this.#dialect.stop(id));
  }

  close(closure: Closure, graceMs: number): Promise<void> {
    if (this.#stage.at !== 'ended' && this.#stage.at !== 'closing') {
      this.#stage = { at: 'closing', closure };
      const farewell = this.#dialect.terminate();
      if (farewell !== undefined) this.#socket.send(farewell);
      this.#socket.close(closure.code, fitCloseReason(closure.reason));
      this.#cancelTimer = this.#context.clock.setTimer(graceMs, () => this.terminate(closure));
    }
    return this.closed.then(() => {});
  }

  terminate(closure: Closure): void {
    if (this.#stage.at === 'ended') return;
    this.#end(closure);
    this.#socket.terminate();
  }

  text(data: string, bytes: number): void {
    if (this.#stage.at !== 'ended') this.#receive(this.#dialect.receive(data, this.#parse), bytes);
  }

  binary(): void {
    if (this.#stage.at !== 'ended') this.#fail('it sent a binary message, and GraphQL messages are text.');
  }

  heard(): void {
    if (this.#stage.at !== 'ended') this.#events.heard();
  }

  pong(): void {
    // A dialect with a ping of its own has its own pong.
    if (this.#stage.at !== 'ended' && this.#dialect.ping(undefined) === undefined) this.#events.pong(undefined);
  }

  drained(): void {
    this.#throttle.drained();
  }

  socketClosed(end: SocketEnd): void {
    this.#cancelTimer?.();
    if (this.#stage.at === 'ended') return;
    if (this.#stage.at === 'closing') this.#end(this.#stage.closure);
    else this.#end(closureOf(end, this.#phase));
  }

  get #phase(): 'handshake' | 'connection' {
    return this.#stage.at === 'handshake' ? 'handshake' : 'connection';
  }

  #receive(message: ServerMessage, bytes: number): void {
    switch (message.type) {
      case 'ack':
        this.#acknowledge(message.payload);
        return;
      case 'ping':
      case 'pong':
      case 'alive':
        // Signs of life are welcome at any time.
        this.#receiveSign(message);
        return;
      case 'refused':
        this.abandon(refusal(message.payload));
        return;
      case 'invalid':
        this.#fail(message.reason);
        return;
      case 'ended':
        if (this.#stage.at !== 'closing') this.abandon(endOfService(message, this.#phase));
        return;
      case 'send':
        this.#send(message.text);
        return;
      case 'several':
        for (const one of message.messages) this.#receive(one, bytes);
        return;
      case 'next':
      case 'error':
      case 'complete': {
        if (this.#stage.at === 'handshake') {
          this.#fail(`it sent "${message.type}" before it acknowledged the connection.`);
          return;
        }
        // Ids that are finished on our side may still be on their way: they concern nobody.
        const entry = this.#entries[message.id];
        if (entry !== undefined) this.#answer(message, entry, bytes);
        return;
      }
    }
  }

  #acknowledge(payload: JsonObject | undefined): void {
    if (this.#stage.at !== 'handshake') return;
    const { acknowledged } = this.#stage;
    const canTell = this.#dialect.ping(undefined) !== undefined;
    const advertised = readCapabilities(payload);
    this.capabilities = { ...advertised, reauthenticate: advertised.reauthenticate && canTell };
    if (this.capabilities.reauthenticate) {
      this.reauthenticate = ({ connectionParams }) => this.#ping({ holdfast: { auth: connectionParams ?? {} } });
    }
    this.#throttle.keepWithin(readLimits(payload));
    this.#stage = { at: 'open' };
    acknowledged();
  }

  #answer(
    message: Extract<ServerMessage, { id: string; type: 'next' | 'error' | 'complete' }>,
    entry: Entry,
    bytes: number,
  ): void {
    const { sink, single } = entry;
    const { maxMessageBytes } = this.#context.limits;
    if (bytes > maxMessageBytes) {
      this.#forget(entry);
      if (message.type === 'next') this.#send(this.#dialect.stop(message.id));
      sink.error(tooLarge(bytes, maxMessageBytes));
      return;
    }
    if (message.type === 'next') {
      if (single && message.result.hasNext !== true) this.#forget(entry);
      sink.next(message.result, bytes);
    } else {
      this.#forget(entry);
      if (message.type === 'complete') sink.complete();
      else sink.error(answeredWithErrors(message.errors));
    }
  }

  #receiveSign(message: Extract<ServerMessage, { type: 'ping' | 'pong' | 'alive' }>): void {
    const { payload } = message;
    const control = isJsonObject(payload?.holdfast) ? payload.holdfast : undefined;
    // A notice goes first: what a sign of life lets go must not be sent to a peer that leaves.
    if (control !== undefined) this.#receiveControl(control);
    if (message.type === 'ping') answerPing(payload, this.#dialect, this.#onPing, (text) => this.#send(text));
    else if (message.type === 'alive') this.#events.keepAlive();
    // What answers new credentials answers no ping of the session's.
    else if (control?.auth === undefined) this.#events.pong(payload);
  }

  #receiveControl(control: JsonObject): void {
    if (control.idempotency !== undefined) {
      this.capabilities = { ...this.capabilities, ...readIdempotency(control.idempotency) };
    }
    const notice = readGoingAway(control);
    if (notice === undefined) this.#events.control(control);
    else this.#events.goingAway(notice);
  }

  #ping(payload: JsonObject | undefined): void {
    const text = this.#dialect.ping(payload);
    if (text !== undefined) this.#send(text);
    else if (this.#stage.at === 'open') this.#socket.ping?.();
  }

  #send(text: string | undefined): void {
    if (text === undefined || this.#stage.at === 'closing' || this.#stage.at === 'ended') return;
    this.#socket.send(text);
    this.#throttle.sent();
  }

  #forget(entry: Entry): void {
    delete this.#entries[entry.id];
    this.#throttle.ended(entry);
  }

  #fail(detail: string): void {
    const failure = protocolFailure(this.#phase, detail);
    this.abandon({ by: 'us', code: CloseCode.badResponse, reason: 'Bad response', clean: true, failure });
  }

  /** Tells the peer why, and is done with it at once: what it still sends cannot be trusted or is not wanted. */
  abandon(closure: Closure): void {
    if (this.#stage.at === 'ended') return;
    this.#end(closure);
    this.#socket.close(closure.code, fitCloseReason(closure.reason));
    this.#cancelTimer = this.#context.clock.setTimer(this.#context.limits.closeTimeoutMs, () =>
      this.#socket.terminate(),
    );
  }

  #end(closure: Closure): void {
    const { refused } = this.#stage.at === 'handshake' ? this.#stage : { refused: undefined };
    this.#stage = { at: 'ended' };
    this.#cancelTimer?.();
    this.#throttle.stop();
    this.#entries = Object.create(null);
    refused?.(new OpenError(closure.failure));
    this.#resolveClosed(closure);
  }
}
