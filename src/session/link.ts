// One connection as its session holds it: what it hears, whether its peer lives, and the pings that are out. Everything that
// arrives for a connection passes through its own link, so a late event can never touch another generation.

import * as CloseCode from '../protocol/close-codes.js';
import type { JsonObject } from '../protocol/json.js';
import type { Clock, Closure, Connection, ConnectionEvents, Credentials } from '../transport/contract.js';
import { Liveness, type LivenessAction, type LivenessPolicy } from './liveness.js';
import type { LivenessMode } from './state.js';

/** What a link tells its driver. */
export interface LinkOwner {
  goingAway(link: Link, withinMs: number | undefined): void;
  relieved(link: Link): void;
  /** A ping was answered. */
  answered(link: Link, elapsedMs: number): void;
  /** The first keep-alive of a peer that cannot be asked: from now on its silence can be judged. */
  livenessChanged(link: Link): void;
  /** Runs the liveness probe on this connection; `heard` is called when it is answered. */
  probe(link: Link): void;
}

export interface LinkLiveness extends LivenessPolicy {
  /** Whether a query may be sent where there is no ping. */
  readonly canProbe: boolean;
}

/** Pings that are remembered while their pong is due; a peer that never answers must not fill our memory. */
const maxUnanswered = 100;

export class Link implements ConnectionEvents {
  readonly generation: number;
  /** What is sent is sent with them. */
  credentials: Credentials = {};
  /** Nothing more is started for now: bytes pile up in our own memory, or the server would not take it. */
  backlogged = false;
  readonly #owner: LinkOwner;
  readonly #clock: Clock;
  readonly #policy: LinkLiveness | undefined;
  readonly #liveness: Liveness;
  #connection: Connection | undefined;
  #cancelCheck: (() => void) | undefined;
  #goingAway: { readonly withinMs: number | undefined } | undefined;
  #keepAliveSeen = false;
  readonly #pings: { readonly sentAt: number; readonly answered: ((pong: Pong | undefined) => void) | undefined }[] =
    [];

  constructor(generation: number, owner: LinkOwner, clock: Clock, policy: LinkLiveness | undefined) {
    this.generation = generation;
    this.#owner = owner;
    this.#clock = clock;
    this.#policy = policy;
    this.#liveness = new Liveness(policy ?? { silenceMs: Number.POSITIVE_INFINITY, answerMs: 0 }, clock.now());
  }

  get connection(): Connection {
    if (this.#connection === undefined) throw new Error('This link is not open yet.');
    return this.#connection;
  }

  get mode(): LivenessMode {
    if (!this.watched) return 'none';
    if (this.#connection?.ping !== undefined) return 'ping';
    if (this.#policy?.canProbe) return 'query';
    return this.#keepAliveSeen ? 'keep-alive' : 'none';
  }

  /** When the peer last showed a sign of life, ms since the epoch. */
  get lastHeard(): number {
    return this.#liveness.lastHeard;
  }

  attach(connection: Connection): void {
    this.#connection = connection;
    this.#liveness.heard(this.#clock.now());
    if (this.watched) this.#act(this.#liveness.check(this.#clock.now(), this.mode));
  }

  /** Whether the peer's silence means anything: a pool has no connection that could die unnoticed. */
  get watched(): boolean {
    return this.#policy !== undefined && this.#connection?.capabilities.kind === 'connection';
  }

  /** The machine or page was asleep or offline: the peer has to show that it is still there. */
  woken(): void {
    if (!this.watched) return;
    this.#cancelCheck?.();
    this.#act(this.#liveness.woken(this.#clock.now(), this.mode));
  }

  /** Hands on a notice that came before the session knew that the connection was open. */
  deliverNotices(): void {
    if (this.#goingAway !== undefined) this.#owner.goingAway(this, this.#goingAway.withinMs);
  }

  /** The connection has ended: no timer, no ping of it is left. */
  detach(): void {
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
    for (const { answered } of this.#pings.splice(0)) answered?.(undefined);
  }

  heard(): void {
    this.#liveness.heard(this.#clock.now());
  }

  keepAlive(): void {
    const before = this.mode;
    this.#keepAliveSeen = true;
    this.#liveness.keepAlive(this.#clock.now());
    if (this.#connection !== undefined && this.mode !== before) this.#owner.livenessChanged(this);
  }

  pong(payload: JsonObject | undefined): void {
    const ping = this.#pings.shift();
    if (ping === undefined) return;
    const elapsedMs = this.#clock.now() - ping.sentAt;
    ping.answered?.({ payload, elapsedMs });
    this.#owner.answered(this, elapsedMs);
  }

  control(_payload: JsonObject): void {
    // Nothing of the session reads control payloads yet; durable subscriptions will.
  }

  goingAway(notice: { readonly withinMs?: number | undefined }): void {
    this.#goingAway ??= { withinMs: notice.withinMs };
    if (this.#connection !== undefined) this.deliverNotices();
  }

  backlog(level: 'high' | 'low'): void {
    this.backlogged = level === 'high';
    if (!this.backlogged) this.#owner.relieved(this);
  }

  /** Asks for a sign of life; false where this connection has no ping. `answered` gets nothing when the connection ends first. */
  ping(payload?: JsonObject, answered?: (pong: Pong | undefined) => void): boolean {
    const connection = this.connection;
    if (connection.ping === undefined) return false;
    connection.ping(payload);
    this.#pings.push({ sentAt: this.#clock.now(), answered });
    if (this.#pings.length > maxUnanswered) this.#pings.shift()?.answered?.(undefined);
    return true;
  }

  #act(action: LivenessAction): void {
    if (action.type === 'dead') {
      this.connection.terminate(silence(action.silentMs));
      return;
    }
    const look = (): void => this.#act(this.#liveness.check(this.#clock.now(), this.mode));
    this.#cancelCheck = this.#clock.setTimer(action.ms, look);
    if (action.type === 'ask' && !this.ping()) this.#owner.probe(this);
  }
}

/** The answer to a ping. */
export interface Pong {
  readonly payload: JsonObject | undefined;
  /** From ping to pong, ms. */
  readonly elapsedMs: number;
}

function silence(silentMs: number): Closure {
  const message = `The peer showed no sign of life for ${Math.round(silentMs)} ms, not even to a ping; the connection was ended.`;
  return {
    by: 'us',
    code: CloseCode.terminated,
    reason: 'silent',
    clean: false,
    failure: { code: 'silent', phase: 'connection', message, closeCode: CloseCode.terminated },
  };
}
