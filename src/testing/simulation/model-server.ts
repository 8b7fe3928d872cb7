// The model server as a whole: its lives, whom it lets in, which keys it honours, and the feed that it publishes. A crash
// ends every connection; the journal survives.

import type { Subprotocol } from '../../protocol/dialects/dialect.js';
import type { JsonObject } from '../../protocol/json.js';
import type { Clock } from '../../transport/contract.js';
import type { Dice } from './dice.js';
import { Journal } from './journal.js';
import { KeyStore } from './key-store.js';
import { ModelConnection } from './model-connection.js';
import type { Admission, Host } from './network.js';
import type { Report } from './report.js';
import type { Scenario } from './scenario.js';
import type { Wire } from './wire.js';

/** How the server meets new connections: `close`: with a close frame before the ack; `refuse`: legacy `connection_error`. */
export type Handshake =
  | { readonly type: 'normal' }
  | { readonly type: 'silent' }
  | { readonly type: 'close'; readonly code: number }
  | { readonly type: 'refuse' };

export interface ModelServerParts {
  readonly clock: Clock;
  readonly dice: Dice;
  /** For the times of the events. */
  readonly feedDice: Dice;
  readonly report: Report;
  readonly scenario: Scenario;
}

export class ModelServer implements Host {
  readonly journal: Journal = new Journal();
  readonly keys: KeyStore;
  readonly connections: Set<ModelConnection> = new Set();
  /** Counts the lives of its process. */
  life = 1;
  up = true;
  honoursKeys: boolean;
  handshake: Handshake = { type: 'normal' };
  admission: Admission | undefined;
  /** The number of the last event. */
  published = 0;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly report: Report;
  readonly scenario: Scenario;

  readonly #feedDice: Dice;

  constructor({ clock, dice, feedDice, report, scenario }: ModelServerParts) {
    this.clock = clock;
    this.dice = dice;
    this.#feedDice = feedDice;
    this.report = report;
    this.scenario = scenario;
    this.keys = new KeyStore(clock);
    this.honoursKeys = scenario.honoursKeysAtFirst;
    this.#publishRegularly();
    this.#keepAlive();
  }

  admit(): Admission {
    if (!this.up) return { type: 'unreachable' };
    return this.admission ?? { type: 'accept', subprotocol: this.scenario.subprotocol };
  }

  connect(wire: Wire, subprotocol: Subprotocol): ModelConnection {
    const connection = new ModelConnection(this, wire, subprotocol);
    this.connections.add(connection);
    return connection;
  }

  /** What the acknowledgement says. */
  get advertisement(): JsonObject | undefined {
    if (!this.honoursKeys) return undefined;
    return { holdfast: { v: 1, idempotency: { windowMs: this.scenario.keyWindowMs } } };
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

  /** The next event of the feed goes to every subscription. */
  publish(): void {
    if (!this.up) return;
    this.published += 1;
    for (const connection of this.connections) connection.publish(this.published);
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
