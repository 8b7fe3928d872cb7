// The operations table: which operations wait, run and rest, whose turn it is, and who is on trial. One owner, synchronous
// methods, no timers, no promises, no I/O. Operations are kept by object, never by id.

import { LinkedList } from '../protocol/linked-list.js';
import { type Attempt, intercepted, type Operation, type Place, settled, waiting } from './operation.js';

export interface TableBounds {
  /** Calls that may run at one time; subscriptions do not count. */
  readonly maxInFlight: number;
  /** Operations that may wait to be sent for the first time. */
  readonly maxWaiting: number;
}

export class OperationTable {
  readonly #bounds: TableBounds;
  /** In the order in which they were admitted, which is the order in which they are served. */
  readonly #waiting = new LinkedList<Operation>();
  readonly #running = new LinkedList<Operation>();
  /** With the interceptors of calls. */
  readonly #intercepted = new LinkedList<Operation>();
  /** Pausing and parked. */
  readonly #resting = new LinkedList<Operation>();
  /** Unanswered when a connection ended suspiciously, and not cleared since. */
  #suspects = new Set<Operation>();
  #trial: Attempt | undefined;
  #callsInFlight = 0;
  #admitted = 0;

  constructor(bounds: TableBounds) {
    this.#bounds = bounds;
  }

  get callsInFlight(): number {
    return this.#callsInFlight;
  }

  /** Calls whose answer may still come: on the wire, or in the hands of interceptors. */
  get callsUnfinished(): number {
    let count = this.#callsInFlight;
    for (const operation of this.#intercepted) if (isCall(operation)) count += 1;
    return count;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get size(): number {
    return this.#waiting.size + this.#running.size + this.#resting.size + this.#intercepted.size;
  }

  /**
   * The suspect that was sent alone and has shown no sign of innocence yet. It may have been cancelled since: the server meets
   * it all the same, so its trial goes on.
   */
  get onTrial(): Operation | undefined {
    return this.#trial?.operation;
  }

  *[Symbol.iterator](): Iterator<Operation> {
    yield* this.#waiting;
    yield* this.#running;
    yield* this.#resting;
    yield* this.#intercepted;
  }

  /** Keeps an operation while interceptors have it; false when too many wait already. */
  hold(operation: Operation): boolean {
    if (this.#waiting.size + this.#intercepted.size >= this.#bounds.maxWaiting) return false;
    this.intercept(operation);
    return true;
  }

  /** What becomes of it is in the hands of interceptors again. */
  intercept(operation: Operation): void {
    this.#leave(operation);
    operation.place = intercepted;
    this.#intercepted.add(operation);
  }

  /** Takes in an operation to be sent; false when too many wait already. */
  admit(operation: Operation): boolean {
    if (this.#waiting.size >= this.#bounds.maxWaiting) return false;
    this.#leave(operation);
    operation.place = waiting;
    this.#admitted += 1;
    operation.turn = this.#admitted;
    this.#waiting.add(operation);
    return true;
  }

  /** Whose turn it is to be sent; undefined when nobody may be. While a suspect is on trial, nobody else is sent. */
  next(): Operation | undefined {
    if (this.#trial !== undefined) return undefined;
    const full = this.#callsInFlight >= this.#bounds.maxInFlight;
    if (this.#suspects.size > 0) {
      for (const suspect of this.#suspects) {
        if (suspect.place.at === 'waiting') return full && isCall(suspect) ? undefined : suspect;
      }
    }
    if (!full) return this.#waiting.first;
    for (const operation of this.#waiting) if (!isCall(operation)) return operation;
    return undefined;
  }

  started(operation: Operation, attempt: Attempt): void {
    this.#waiting.delete(operation);
    this.#running.add(operation);
    operation.place = attempt.place;
    if (isCall(operation)) this.#callsInFlight += 1;
    if (operation.suspect) this.#trial = attempt;
  }

  /** Takes an operation off its connection, or out of any other place, to wait for its turn again. */
  requeue(operations: readonly Operation[]): void {
    // Who came first is served first, wherever they have been in between.
    const inOrder = [...operations, ...this.#waiting].sort((one, other) => one.turn - other.turn);
    for (const operation of inOrder) {
      this.#leave(operation);
      operation.place = waiting;
      this.#waiting.add(operation);
    }
  }

  /** Takes an operation off its connection to rest: until its retry delay is over, or its consumer has caught up. */
  rest(operation: Operation, place: Extract<Place, { at: 'pausing' | 'parked' }>): void {
    this.#leave(operation);
    operation.place = place;
    this.#resting.add(operation);
  }

  settle(operation: Operation): void {
    this.#leave(operation);
    operation.place = settled;
    operation.suspect = false;
    this.#suspects.delete(operation);
  }

  /** The suspect on trial was not sent after all: others may be, and it stays a suspect. */
  adjourn(): void {
    this.#trial = undefined;
  }

  /** Takes the suspicion off an operation: it was answered, or the peer lived on with it. */
  clear(operation: Operation): void {
    operation.suspect = false;
    operation.accused = false;
    this.#suspects.delete(operation);
    if (operation.place.at === 'running') operation.place.attempt.harmless = true;
    if (this.onTrial === operation) this.#trial = undefined;
  }

  /** The operations on one connection, in the order in which they were sent. */
  runningOn(generation: number): Operation[] {
    return [...this.#running].filter(({ place }) => place.at === 'running' && place.attempt.generation === generation);
  }

  /** The connections on which nothing runs. */
  idleAmong(generations: readonly number[]): ReadonlySet<number> {
    const idle = new Set(generations);
    // In the order in which they were sent: what old connections still have comes first.
    for (const { place } of this.#running) {
      if (idle.size === 0) break;
      if (place.at === 'running') idle.delete(place.attempt.generation);
    }
    return idle;
  }

  /** What was sent on a connection, neither answered nor cleared, and could still make the peer end it. */
  unprovenOn(generation: number): Attempt[] {
    return this.runningOn(generation)
      .flatMap(({ place }) => (place.at === 'running' ? [place.attempt] : []))
      .filter(({ delivery, harmless }) => delivery === 'unknown' && !harmless);
  }

  /**
   * Called when a connection ended, before its operations are decided on. A suspect that was on trial when the connection ended
   * suspiciously again is the culprit if nothing else on it was unanswered, and it is tried first, and so alone, otherwise. Without
   * a culprit everything unanswered becomes a suspect. `stopped`: something unanswered was stopped on it.
   */
  judge(
    generation: number,
    suspicious: boolean,
    stopped: boolean = false,
  ): { readonly interrupted: readonly Operation[]; readonly culprit: Operation | undefined } {
    const interrupted = this.runningOn(generation);
    const trial = this.#trial?.generation === generation ? this.#trial : undefined;
    if (trial !== undefined) this.#trial = undefined;
    if (!suspicious) return { interrupted, culprit: undefined };
    // What was handed to a connection that had begun to end was not sent, and cannot have done it.
    if (trial !== undefined && trial.delivery !== 'not-sent') {
      const { operation, current } = trial;
      const inCompany = stopped || interrupted.some((other) => other !== operation && isUnanswered(other));
      if (!current || !inCompany || operation.accused) {
        this.#explain();
        return { interrupted, culprit: current ? operation : undefined };
      }
      operation.accused = true;
    }
    for (const operation of interrupted) {
      if (operation.place.at !== 'running' || operation.place.attempt.delivery === 'not-sent') continue;
      operation.suspect = true;
      this.#suspects.add(operation);
    }
    this.#suspects = new Set([...this.#suspects].sort(inOrderOfTrial));
    return { interrupted, culprit: undefined };
  }

  /** It is known who ended connections: nothing is held against the other suspects any more, except that they have to be tried. */
  #explain(): void {
    for (const suspect of this.#suspects) {
      suspect.accused = false;
      suspect.patienceMs = 0;
    }
  }

  #leave(operation: Operation): void {
    this.#waiting.delete(operation);
    this.#resting.delete(operation);
    this.#intercepted.delete(operation);
    if (this.#running.delete(operation) && isCall(operation)) this.#callsInFlight -= 1;
  }
}

function isCall(operation: Operation): boolean {
  return operation.request.kind !== 'subscription';
}

function isUnanswered({ place }: Operation): boolean {
  return place.at === 'running' && place.attempt.delivery === 'unknown';
}

/** The newest first, because connections have lived with the others, and before it who has to be alone. */
function inOrderOfTrial(one: Operation, other: Operation): number {
  return Number(other.accused) - Number(one.accused) || other.turn - one.turn;
}
