// Runs the connection machine: carries out its effects on real connections, timers and credentials, and feeds it what
// happens. What becomes of operations is the dispatcher's business.

import type { Closure, Connection, Credentials, Failure, Transport } from '../transport/contract.js';
import { OpenError } from '../transport/open-error.js';
import type { ConnectPolicy } from './connect-policy.js';
import type { CredentialsSource } from './credentials.js';
import { ended, failureOf, givenUp } from './driver-failures.js';
import { Link, type LinkLiveness, type LinkOwner } from './link.js';
import { initialMachine, type Machine, step } from './machine.js';
import type { Effect, MachineEvent, TimerName } from './machine-events.js';
import type { ConnectionNotice } from './notices.js';
import type { Untimed } from './notifier.js';
import type { ResolvedOptions } from './options.js';
import { Renewal, type RenewalOwner, type Renewed } from './renewal.js';
import type { SessionState } from './state.js';
import { WakeWatch } from './wake.js';

/** What the driver tells the rest of its session. */
export interface DriverOwner {
  /** A new connection takes operations; those that retire hand their subscriptions over. */
  use(retiring: readonly Link[]): void;
  /** A connection ended: its operations are to be decided on. Called before the machine learns of it. */
  interrupted(link: Link, failure: Failure): void;
  /** No connection will come. */
  gaveUp(cause: Failure, attempts: number): void;
  /** Closing began. */
  shed(): void;
  /** The grace of closing is over. */
  expired(): void;
  /** Whether an operation was answered on the connection in use. */
  hasAnswered(link: Link): boolean;
  relieved(link: Link): void;
  probe(link: Link): void;
  stateChanged(): void;
  /** Something happened to a connection that a program may want to show. */
  connectionNotice(notice: Untimed<ConnectionNotice>): void;
}

export class Driver implements LinkOwner, RenewalOwner {
  readonly #options: ResolvedOptions;
  readonly #transport: Transport;
  readonly #credentials: CredentialsSource;
  readonly #policy: ConnectPolicy;
  readonly #owner: DriverOwner;
  readonly #liveness: LinkLiveness | undefined;
  #machine: Machine = initialMachine;
  readonly #links = new Map<number, Link>();
  readonly #timers = new Map<TimerName, () => void>();
  readonly #wake: WakeWatch;
  readonly #renewal: Renewal;
  #opening: AbortController | undefined;
  readonly #events: MachineEvent[] = [];
  #running = false;

  constructor(
    options: ResolvedOptions,
    transport: Transport,
    credentials: CredentialsSource,
    policy: ConnectPolicy,
    owner: DriverOwner,
  ) {
    this.#options = options;
    this.#transport = transport;
    this.#credentials = credentials;
    this.#policy = policy;
    this.#owner = owner;
    this.#renewal = new Renewal(credentials, options.clock, this);
    this.#wake = new WakeWatch(options.clock, () => this.#woken());
    this.#liveness = options.liveness && { ...options.liveness, canProbe: options.liveness.probe !== undefined };
  }

  get state(): SessionState {
    return this.#machine.state;
  }

  get retiring(): readonly number[] {
    return this.#machine.memory.retiring;
  }

  /** Why there is no connection. */
  get lastFailure(): Failure | undefined {
    return this.#machine.memory.lastFailure;
  }

  /** Attempts to connect since the last stable connection. */
  get attempts(): number {
    return this.#machine.memory.opens;
  }

  /** The connection that takes new operations. */
  get current(): Link | undefined {
    const { state } = this.#machine;
    return state.status === 'ready' ? this.#links.get(state.generation) : undefined;
  }

  /** Events are handled one after the other, also those that effects of another one cause. */
  dispatch(event: MachineEvent): void {
    this.#events.push(event);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#handle(next);
    } finally {
      this.#running = false;
    }
  }

  goingAway(link: Link, withinMs: number | undefined): void {
    this.#owner.connectionNotice({ type: 'going-away', generation: link.generation, withinMs });
    const useful = this.#owner.hasAnswered(link);
    this.dispatch({ type: 'going-away', at: this.#now(), generation: link.generation, withinMs, useful });
  }

  livenessChanged(link: Link): void {
    this.dispatch({ type: 'liveness', at: this.#now(), generation: link.generation, liveness: link.mode });
  }

  answered(link: Link, elapsedMs: number): void {
    this.#owner.connectionNotice({ type: 'pong', generation: link.generation, elapsedMs });
  }

  renewed({ generation }: Link): void {
    this.#owner.connectionNotice({ type: 'renewed', generation });
  }

  renewalFailed({ generation }: Link, failure: Failure): void {
    this.#owner.connectionNotice({ type: 'renewal-failed', generation, failure });
  }

  /** The server did not accept the credentials that something was sent with: asks for new ones. */
  refused(failure: Failure, sentWith: Credentials): Promise<Renewed> {
    return this.#renewal.refused(this.current, failure, sentWith);
  }

  relieved(link: Link): void {
    this.#owner.relieved(link);
  }

  probe(link: Link): void {
    this.#owner.probe(link);
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #handle(event: MachineEvent): void {
    const before = this.#machine.state;
    const [machine, effects] = step(this.#machine, event, this.#policy);
    this.#machine = machine;
    for (const effect of effects) this.#run(effect);
    if (machine.state === before) return;
    if (this.#canSleep) this.#wake.start();
    else this.#wake.stop();
    this.#owner.stateChanged();
  }

  /** Whether a sleep of the machine or page would make a difference. */
  get #canSleep(): boolean {
    return this.state.status === 'waiting' || this.current?.watched === true;
  }

  #woken(): void {
    this.current?.woken();
    this.dispatch({ type: 'woken', at: this.#now() });
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'open':
        void this.#open(effect.generation, effect.attempt, effect.refused);
        return;
      case 'abort-open':
        this.#giveUpOpening();
        return;
      case 'set-timer':
        this.#setTimer(effect.timer, effect.delayMs);
        return;
      case 'cancel-timer':
        this.#cancelTimer(effect.timer);
        return;
      case 'use':
        this.#owner.use(this.retiring.flatMap((generation) => this.#links.get(generation) ?? []));
        return;
      case 'release':
        this.#release(effect.generation, effect.how);
        return;
      case 'give-up':
        this.#owner.gaveUp(effect.cause, effect.attempts);
        return;
      case 'shed':
        this.#owner.shed();
        return;
      case 'disconnect':
        this.#disconnect();
        return;
    }
  }

  async #open(generation: number, attempt: number, refused: Failure | undefined): Promise<void> {
    const { clock, limits, json } = this.#options;
    const opening = new AbortController();
    this.#opening = opening;
    this.#owner.connectionNotice({ type: 'opening', generation, attempt });
    const link = new Link(generation, this, clock, this.#liveness);
    let connection: Connection;
    try {
      const credentials = await this.#credentials.get({
        reason: refused === undefined ? 'open' : 'refused',
        attempt,
        failure: refused,
      });
      if (opening.signal.aborted) throw new OpenError(givenUp);
      const context = { signal: opening.signal, generation, credentials, clock, limits, json };
      link.credentials = credentials;
      connection = await this.#transport.open(context, link);
    } catch (error) {
      const failure = failureOf(error);
      this.#owner.connectionNotice({ type: 'open-failed', generation, failure });
      this.dispatch({ type: 'open-failed', at: this.#now(), generation, failure });
      return;
    }
    if (opening.signal.aborted) {
      connection.terminate(ended('the session was closed'));
      return;
    }
    link.attach(connection);
    this.#links.set(generation, link);
    void connection.closed.then((closure) => this.#lost(link, closure));
    this.#owner.connectionNotice({ type: 'opened', generation, liveness: link.mode });
    this.dispatch({ type: 'opened', at: this.#now(), generation, liveness: link.mode, headers: connection.headers });
    this.#renewal.watch(link);
    link.deliverNotices();
  }

  #lost(link: Link, { failure }: Closure): void {
    const { generation } = link;
    link.detach();
    this.#renewal.forget(link);
    this.#links.delete(generation);
    this.#owner.connectionNotice({ type: 'ended', generation, failure });
    this.#owner.interrupted(link, failure);
    this.dispatch({ type: 'lost', at: this.#now(), generation, failure });
    this.#reportDisconnected();
  }

  #release(generation: number, how: 'close' | 'terminate'): void {
    const connection = this.#links.get(generation)?.connection;
    if (how === 'terminate') connection?.terminate(ended('its time to finish was over'));
    else void connection?.close(ended('it had nothing left to do'), this.#options.limits.closeTimeoutMs);
  }

  #giveUpOpening(): void {
    this.#opening?.abort();
    this.#credentials.giveUp();
  }

  #disconnect(): void {
    this.#giveUpOpening();
    this.#owner.expired();
    const closure = ended('the session was closed');
    for (const { connection } of this.#links.values())
      void connection.close(closure, this.#options.limits.closeTimeoutMs);
    this.#reportDisconnected();
  }

  #reportDisconnected(): void {
    if (this.#links.size === 0) this.dispatch({ type: 'disconnected', at: this.#now() });
  }

  #setTimer(timer: TimerName, delayMs: number): void {
    this.#cancelTimer(timer);
    const fire = (): void => {
      this.#timers.delete(timer);
      this.dispatch({ type: 'timer', at: this.#now(), timer });
    };
    this.#timers.set(timer, this.#options.clock.setTimer(delayMs, fire));
  }

  #cancelTimer(timer: TimerName): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }
}
