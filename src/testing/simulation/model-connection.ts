// One connection as the model server serves it: the handshake, operations that take time, streams of events, and the ways in
// which a server can misbehave towards one connection.

import type { OperationPayload, ServerDialect, Subprotocol } from '../../protocol/dialects/dialect.js';
import { serverDialect } from '../../protocol/dialects/index.js';
import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import type { Result } from '../../protocol/result.js';
import type { Stream } from './journal.js';
import type { ModelServer } from './model-server.js';
import { type Asked, readAsked } from './questions.js';
import type { ServerEnd, Wire } from './wire.js';

interface ServerOperation extends Asked {
  readonly id: string;
  stopped: boolean;
  stream: Stream | undefined;
}

export class ModelConnection implements ServerEnd {
  readonly wire: Wire;
  /** Answers to calls are sent twice, this many times. */
  duplicates = 0;
  /** The next operation that is stopped is answered all the same. */
  ignoresStops = false;
  readonly #server: ModelServer;
  readonly #dialect: ServerDialect;
  readonly #operations = new Map<string, ServerOperation>();
  readonly #life: number;
  /** The id of an operation that is over. */
  #lastFinished = '1000000';
  #acknowledged = false;
  #gone = false;

  constructor(server: ModelServer, wire: Wire, subprotocol: Subprotocol) {
    this.#server = server;
    this.wire = wire;
    this.#dialect = serverDialect(subprotocol);
    this.#life = server.life;
  }

  get acknowledged(): boolean {
    return this.#acknowledged;
  }

  text(text: string): void {
    const message = this.#dialect.receive(text);
    if (message.type === 'init') this.#shakeHands(message.payload);
    else if (message.type === 'start') this.#start(message.id, message.payload);
    else if (message.type === 'stop') this.#stop(message.id);
    else if (message.type === 'ping') {
      this.#reauthenticate(message.payload);
      const pong = this.#dialect.pong(message.payload);
      if (pong !== undefined) this.wire.reply(pong);
    } else if (message.type !== 'pong' && message.type !== 'terminate') {
      this.#server.report.fail(`The session broke the protocol (${message.type}): ${text}`);
    }
  }

  gone(): void {
    this.#gone = true;
    this.#server.connections.delete(this);
    for (const { stream } of this.#operations.values()) if (stream !== undefined) stream.active = false;
  }

  publish(number: number): void {
    for (const operation of this.#operations.values()) this.#publishTo(operation, number);
  }

  /** A sign of life: `ping`, or the legacy `ka`. */
  keepAlive(): void {
    if (this.#acknowledged) this.wire.reply(this.#dialect.ping(undefined));
  }

  goingAway(withinMs: number): void {
    this.wire.reply(this.#dialect.ping({ holdfast: { goingAway: { reason: 'drain', withinMs } } }));
  }

  /** Answers an operation that nobody asked for, or one that is over. */
  answerNobody(finished: boolean): void {
    const id = finished ? this.#lastFinished : '1000000';
    this.wire.reply(this.#dialect.next(id, { data: { token: 'nobody' } }));
  }

  #shakeHands(parameters: JsonObject | undefined): void {
    const { handshake, clock, dice, advertisement } = this.#server;
    clock.setTimer(dice.between(0, 30), () => {
      if (this.#gone || handshake.type === 'silent') return;
      const refusal = this.#dialect.connectionError({ message: 'not now' });
      if (handshake.type === 'close') this.wire.closeByServer(handshake.code, 'not now');
      else if (handshake.type === 'refuse' && refusal !== undefined) this.wire.reply(refusal);
      else if (!this.#server.welcomes(this.wire, parameters)) {
        this.wire.closeByServer(this.#server.scenario.refusalCode, 'not with this token');
      } else {
        this.#acknowledged = true;
        this.wire.reply(this.#dialect.ack(advertisement));
      }
    });
  }

  #reauthenticate(payload: JsonObject | undefined): void {
    const parameters = isJsonObject(payload?.holdfast) ? payload.holdfast.auth : undefined;
    if (!isJsonObject(parameters)) return;
    const { report, scenario } = this.#server;
    report.check(scenario.reauthenticates, () => 'A token was sent to a server that takes none on open connections.');
    report.count('token renewed');
    if (!this.#server.welcomes(this.wire, parameters)) {
      this.wire.closeByServer(scenario.refusalCode, 'not with this token');
    }
  }

  #start(id: string, payload: OperationPayload): void {
    const { report, clock } = this.#server;
    report.check(this.#acknowledged, () => `Operation ${id} was sent before the acknowledgement.`);
    report.check(!this.#operations.has(id), () => `Operation ${id} was sent twice on one connection.`);
    if (payload.query.includes('__typename')) {
      this.#answer(id, { data: { __typename: 'Query' } });
      return;
    }
    const operation: ServerOperation = { ...readAsked(payload), id, stopped: false, stream: undefined };
    if (payload.query.includes('poison')) {
      report.count('fault:poison');
      report.note(() => `server closes ${this.wire.id} because of ${operation.token}`);
      this.wire.closeByServer(this.#server.scenario.poisonCode, 'poison', operation.token);
      return;
    }
    this.#operations.set(id, operation);
    if (operation.kind === 'subscription') {
      operation.stream = this.#server.journal.openStream(operation.token, id, this.wire, clock.now());
    } else if (operation.kind === 'mutation') this.#mutate(operation, payload);
    else this.#after(operation.ms, () => this.#finish(operation));
  }

  #stop(id: string): void {
    const operation = this.#operations.get(id);
    if (operation === undefined) return;
    operation.stopped = true;
    if (operation.stream !== undefined) operation.stream.active = false;
    if (this.ignoresStops && operation.stream === undefined) {
      this.ignoresStops = false;
      this.#server.report.count('fault:late answer');
    } else this.#operations.delete(id);
  }

  /** Runs it once for each key that is honoured, however often it is sent. */
  #mutate(operation: ServerOperation, payload: OperationPayload): void {
    const { keys, honoursKeys, scenario, report } = this.#server;
    const key = honoursKeys ? payload.extensions?.idempotencyKey : undefined;
    const held = typeof key === 'string' ? keys.find(key) : undefined;
    if (held !== undefined) {
      report.count('idempotent replay');
      if (held.done) this.#finish(operation);
      else held.waiting.push(() => this.#finish(operation));
      return;
    }
    const claim = typeof key === 'string' ? keys.claim(key, scenario.keyWindowMs) : undefined;
    this.#after(operation.ms / 2, () => {
      if (this.#life !== this.#server.life) return;
      // Whoever claimed a key runs: others may be waiting for it.
      if (claim === undefined && (operation.stopped || (this.#gone && !scenario.finishesOrphans))) return;
      this.#server.run(operation.token);
      if (claim !== undefined) claim.done = true;
      this.#after(operation.ms / 2, () => {
        this.#finish(operation);
        for (const repeat of claim?.waiting ?? []) repeat();
      });
    });
  }

  /** What takes no time happens at once: an answer that does harm must not be overtaken by a pong. */
  #after(ms: number, act: () => void): void {
    if (ms === 0) act();
    else this.#server.clock.setTimer(ms, act);
  }

  #finish(operation: ServerOperation): void {
    if (this.#operations.get(operation.id) !== operation) return;
    this.#operations.delete(operation.id);
    this.#lastFinished = operation.id;
    const { id, token, answer } = operation;
    const { maxMessageBytes } = this.#server.scenario.session;
    const dialect = this.#dialect;
    if (answer === 'error') this.#reply(dialect.error(id, [{ message: `error of ${token}` }]));
    else if (answer === 'nothing') this.#reply(dialect.complete(id));
    else if (answer === 'errors') this.#answer(id, { data: null, errors: [{ message: `errors of ${token}` }] });
    else if (answer === 'data') this.#answer(id, { data: { token } });
    else {
      const hard = answer === 'far-too-large';
      const pad = 'x'.repeat((hard ? 4 : 1) * maxMessageBytes);
      this.wire.reply(dialect.next(id, { data: { token, pad } }), hard ? token : undefined);
    }
  }

  #publishTo(operation: ServerOperation, number: number): void {
    const { stream, id, token } = operation;
    if (stream === undefined || !stream.active) return;
    const { maxMessageBytes } = this.#server.scenario.session;
    const last = stream.sent.length >= operation.events;
    if (last && operation.answer !== 'data') {
      stream.active = false;
      this.#operations.delete(id);
      if (operation.answer === 'nothing') this.wire.reply(this.#dialect.complete(id));
      else if (operation.answer === 'error') this.wire.reply(this.#dialect.error(id, [{ message: `end of ${token}` }]));
      else this.wire.reply(this.#dialect.next(id, { data: { token, pad: 'x'.repeat(maxMessageBytes) } }));
      return;
    }
    stream.sent.push(number);
    this.wire.reply(this.#dialect.next(id, { data: { token, stream: stream.number, number } }));
  }

  #answer(id: string, result: Result): void {
    this.#reply(this.#dialect.next(id, result));
    this.#reply(this.#dialect.complete(id));
  }

  #reply(text: string): void {
    this.wire.reply(text);
    if (this.duplicates === 0) return;
    this.duplicates -= 1;
    this.#server.report.count('fault:duplicate');
    this.wire.reply(text);
  }
}
