// The lanes of a session as one: which takes an operation, and what their states come to. All but the first are opened when
// they are first needed.

import type { Failure, Lane as LaneRecipe, OperationRequest } from '../transport/contract.js';
import type { Driver } from './driver.js';
import { Lane, type LaneOwner, type LaneShare } from './lane.js';
import type { SessionState } from './state.js';

/** From what says least about a session to what says most: a lane that is ready is worth no word while another one is not. */
const statuses: readonly SessionState['status'][] = [
  'closed',
  'ready',
  'idle',
  'connecting',
  'waiting',
  'failed',
  'closing',
];

export interface LanesOwner extends Omit<LaneOwner, 'stateChanged'> {
  /** What the states of the lanes come to has changed. */
  stateChanged(state: SessionState): void;
}

export class Lanes {
  readonly #recipes: readonly LaneRecipe[];
  readonly #share: LaneShare;
  readonly #owner: LaneOwner;
  readonly #stateChanged: (state: SessionState) => void;
  readonly #main: Lane;
  readonly #open: Lane[] = [];
  readonly #byRecipe = new Map<LaneRecipe, Lane>();
  #closing = false;
  #told: SessionState | undefined;

  constructor(share: LaneShare, owner: LanesOwner) {
    this.#recipes = share.options.lanes;
    this.#share = share;
    this.#stateChanged = owner.stateChanged;
    this.#owner = { ...owner, stateChanged: () => this.#tell() };
    this.#main = this.#laneOf(share.options.lanes[0]);
  }

  /** Connects the first lane. */
  start(): void {
    this.#start(this.#main);
  }

  /** Where an operation goes. */
  for(request: OperationRequest): Lane {
    if (this.#recipes.length === 1 || this.#closing) return this.#main;
    const recipe = this.#recipes.find(({ takes }) => takes(request));
    return recipe === undefined ? this.#main : this.#laneOf(recipe);
  }

  get operations(): number {
    return this.#open.reduce((sum, { dispatcher }) => sum + dispatcher.table.size, 0);
  }

  /** Of the lane that is worst off; while closing, of one that is still at it. */
  get state(): SessionState {
    return this.#telling.driver.state;
  }

  /** Why there is no connection. */
  get lastFailure(): Failure | undefined {
    return this.#telling.driver.lastFailure;
  }

  get attempts(): number {
    return this.#telling.driver.attempts;
  }

  /** The first lane whose connection can be pinged, else the main one. */
  get pingable(): Driver {
    const { driver } = this.#open.find(({ driver }) => driver.current?.connection.ping !== undefined) ?? this.#main;
    return driver;
  }

  reconnect(): void {
    for (const { driver } of this.#open) driver.dispatch({ type: 'reconnect', at: this.#now() });
  }

  close(graceMs: number): void {
    this.#closing = true;
    for (const { driver } of this.#open) driver.dispatch({ type: 'close', at: this.#now(), graceMs });
    this.#tell();
  }

  get #telling(): Lane {
    const rank = ({ driver }: Lane): number => statuses.indexOf(driver.state.status);
    return this.#open.reduce((one, other) => (rank(other) > rank(one) ? other : one), this.#main);
  }

  #tell(): void {
    const { state } = this;
    // While they begin to close one after the other, some of them still say what they said before.
    const begun = !this.#closing || state.status === 'closing' || state.status === 'closed';
    if (state === this.#told || !begun) return;
    this.#told = state;
    this.#stateChanged(state);
  }

  #laneOf(recipe: LaneRecipe): Lane {
    let lane = this.#byRecipe.get(recipe);
    if (lane === undefined) {
      lane = new Lane(recipe, this.#share, this.#owner);
      this.#byRecipe.set(recipe, lane);
      this.#open.push(lane);
      if (recipe !== this.#recipes[0]) this.#start(lane);
    }
    return lane;
  }

  #start({ driver }: Lane): void {
    driver.dispatch({ type: 'start', at: this.#now() });
  }

  #now(): number {
    return this.#share.options.clock.now();
  }
}
