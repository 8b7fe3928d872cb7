// The model server as a whole: its lives, whom it lets in, which keys it honours, and the feed that it publishes. A crash
// ends every connection; the journal survives.

import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import type { JsonObject } from '../../protocol/json.js';
import type { Dice } from './dice.js';
import { Journal } from './journal.js';
import { KeyStore } from './key-store.js';
import type { LocalFeed } from './local-feed.js';
import { ModelConnection } from './model-connection.js';
import type { Admission, Headers, Host } from './network.js';
import type { Report } from './report.js';
import type { Scenario } from './scenario.js';
import type { SimulationClock } from './simulation-clock.js';
import type { Token, Tokens } from './tokens.js';
import type { Wire } from './wire.js';

/** How the server meets new connections: `close`: with a close frame before the ack; `refuse`: legacy `connection_error`. */
export type Handshake =
  | { readonly type: 'normal' }
  | { readonly type: 'silent' }
  | { readonly type: 'close'; readonly code: number }
  | { readonly type: 'refuse' };

export interface ModelServerParts {
  readonly clock: SimulationClock;
  readonly dice: Dice;
  readonly tokens: Tokens;
  /** For the times of the events. */
  readonly feedDice: Dice;
  readonly report: Report;
  readonly scenario: Scenario;
}

export class ModelServer implements Host {
  readonly journal: Journal = new Journal();
  readonly keys: KeyStore;
  readonly connections: Set<ModelConnection> = new Set();
  /** Subscriptions from within the process. */
  readonly feeds: Set<LocalFeed> = new Set();
  /** Counts the lives of its process. */
  life = 1;
  up = true;
  honoursKeys: boolean;
  /** Within the process it throws instead of answering. */
  throws = false;
  handshake: Handshake = { type: 'normal' };
  admission: Admission | undefined;
  /** The number of the last event. */
  published = 0;
  readonly clock: SimulationClock;
  readonly dice: Dice;
  readonly report: Report;
  readonly scenario: Scenario;

  /** Which tokens are good. */
  readonly tokens: Tokens;
  /** The newest token of each connection. */
  readonly #newest = new Map<Wire, Token>();
  readonly #feedDice: Dice;

  constructor({ clock, dice, tokens, feedDice, report, scenario }: ModelServerParts) {
    this.clock = clock;
    this.dice = dice;
    this.tokens = tokens;
    this.#feedDice = feedDice;
    this.report = report;
    this.scenario = scenario;
    this.keys = new KeyStore(clock);
    this.honoursKeys = scenario.honoursKeysAtFirst;
    this.#publishRegularly();
    this.#keepAlive();
  }

  admit({ authorization }: Headers): Admission {
    if (!this.up) return { type: 'unreachable' };
    if (this.admission !== undefined) return this.admission;
    if (this.#expects('headers') && this.tokens.find(authorization) === undefined) {
      this.report.count('fault:refused token in headers');
      return { type: 'status', status: 401, headers: {} };
    }
    return { type: 'accept', subprotocol: this.scenario.subprotocol };
  }

  connect(wire: Wire, subprotocol: Subprotocol, { authorization }: Headers): ModelConnection {
    const connection = new ModelConnection(this, wire, subprotocol);
    if (this.#expects('headers')) this.#endWith(wire, this.tokens.find(authorization));
    this.connections.add(connection);
    return connection;
  }

  /** Whether a connection with these parameters is welcome. If so, it ends when its token expires. */
  welcomes(wire: Wire, parameters: JsonObject | undefined): boolean {
    if (!this.#expects('params')) return true;
    const token = this.tokens.find(parameters?.token);
    if (token === undefined) this.report.count('fault:refused token in parameters');
    this.#endWith(wire, token);
    return token !== undefined;
  }

  /** What the acknowledgement says. */
  get advertisement(): JsonObject | undefined {
    const { keyWindowMs, reauthenticates, sharedKeys } = this.scenario;
    if (!this.honoursKeys && !reauthenticates) return undefined;
    const store = sharedKeys ? 'shared' : `of life ${this.life}`;
    const idempotency = this.honoursKeys ? { idempotency: { windowMs: keyWindowMs, store } } : undefined;
    return { holdfast: { v: 1, ...(reauthenticates ? { reauth: true } : undefined), ...idempotency } };
  }

  crash(): void {
    this.up = false;
    this.life += 1;
    this.keys.crash(this.scenario.sharedKeys);
    for (const { wire } of [...this.connections]) wire.kill();
  }

  restart(): void {
    this.up = true;
  }

  /** Does what a mutation does, which must not happen twice. */
  run(token: string): void {
    const { journal, life, clock, report } = this;
    report.note(() => `server runs ${token}`);
    const executions = journal.record(token, { at: clock.now(), life });
    report.check(executions.length === 1, () => `Mutation ${token} ran ${executions.length} times.`);
  }

  /** The next event of the feed goes to every subscription. */
  publish(): void {
    if (!this.up) return;
    this.published += 1;
    for (const connection of this.connections) connection.publish(this.published);
    for (const feed of this.feeds) feed.publish(this.published);
  }

  #expects(place: 'params' | 'headers'): boolean {
    return this.scenario.session.tokens === place;
  }

  #endWith(wire: Wire, token: Token | undefined): void {
    if (token === undefined) return;
    this.#newest.set(wire, token);
    if (token.expiresAt === Number.POSITIVE_INFINITY) return;
    this.clock.setTimer(token.expiresAt - this.clock.now(), () => {
      if (!wire.serverOpen || this.#newest.get(wire) !== token) return;
      this.report.count('fault:expired token');
      wire.closeByServer(4403, 'expired');
    });
  }

  #publishRegularly(): void {
    this.clock.setTimer(this.#feedDice.between(1, this.scenario.publishEveryMs * 2), () => {
      this.publish();
      this.#publishRegularly();
    });
  }

  #keepAlive(): void {
    const { keepAliveMs } = this.scenario;
    if (keepAliveMs === 0) return;
    this.clock.setTimer(keepAliveMs, () => {
      for (const connection of this.connections) connection.keepAlive();
      this.#keepAlive();
    });
  }
}
