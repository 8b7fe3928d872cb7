// Carries operations over whatever connection there is: sends those whose turn it is, hands answers on, and decides what
// becomes of the ones whose connection ended. The rules are in fate.ts and operations.ts; here they are applied.

import type { GraphQLError, Result } from '../protocol/result.js';
import type { Failure } from '../transport/contract.js';
import { Call } from './call.js';
import { DeadlineSweep } from './deadlines.js';
import type { Driver } from './driver.js';
import { maySend } from './fate.js';
import type { Link } from './link.js';
import { Attempt, type AttemptOwner, type Operation, parked } from './operation.js';
import * as errors from './operation-errors.js';
import { OperationTable } from './operations.js';
import type { ResolvedOptions } from './options.js';
import { Outgoing } from './outgoing.js';
import { Recovery } from './recovery.js';
import type { SubscriptionOwner } from './subscription.js';
import { Trials } from './trials.js';
import { raisesSuspicion } from './verdicts.js';

export class Dispatcher implements AttemptOwner, SubscriptionOwner {
  readonly #options: ResolvedOptions;
  readonly #driver: Driver;
  readonly #table: OperationTable;
  readonly #deadlines: DeadlineSweep;
  readonly #trials: Trials;
  readonly #recovery: Recovery;
  readonly #outgoing = new Outgoing();
  #flushing = false;

  constructor(options: ResolvedOptions, driver: Driver) {
    this.#options = options;
    this.#driver = driver;
    this.#table = new OperationTable(options);
    this.#trials = new Trials(options.clock, options.liveness, this.#table, () => this.flush());
    this.#recovery = new Recovery(options, this.#table, {
      isClosing: () => driver.state.status === 'closing',
      fail: (operation, error) => this.#fail(operation, error),
      requeue: (operations) => this.#requeue(operations),
    });
    this.#deadlines = new DeadlineSweep(options.clock, this.#table, (call) => this.#expire(call));
  }

  get table(): OperationTable {
    return this.#table;
  }

  /** Takes in a new operation and sends it when it may be sent. A refused one fails. */
  submit(operation: Operation): void {
    const { state } = this.#driver;
    if (state.status === 'closing' || state.status === 'closed') {
      operation.fail(errors.closed(operation));
    } else if (state.status === 'failed') {
      operation.fail(errors.gaveUp(operation, state.cause, state.attempts));
    } else if (!this.#table.admit(operation)) {
      operation.fail(errors.queueFull(operation, this.#options.maxWaiting));
    } else {
      if (operation instanceof Call) this.#deadlines.watch(operation.deadlineAt);
      this.flush();
    }
  }

  /** Sends everything whose turn it is. */
  flush(): void {
    const link = this.#driver.current;
    // Failing one operation frees a place for the next: that is this loop's business, not a recursion's.
    if (link === undefined || this.#flushing) return;
    this.#flushing = true;
    for (let operation = this.#next(link); operation !== undefined; operation = this.#next(link)) {
      this.#send(operation, link);
    }
    this.#flushing = false;
  }

  #next(link: Link): Operation | undefined {
    const operation = link.backlogged ? undefined : this.#table.next();
    return operation?.suspect && !this.#trials.mayBegin(link) ? undefined : operation;
  }

  #send(operation: Operation, link: Link): void {
    const { connection, generation } = link;
    const now = this.now();
    if (!maySend(operation, connection.capabilities.idempotencyWindowMs, now)) {
      this.#fail(operation, errors.outcomeUnknown(operation));
      return;
    }
    const attempt = new Attempt(operation, generation, now, this);
    operation.sends += 1;
    this.#table.started(operation, attempt);
    const request = this.#outgoing.request(operation, connection.capabilities.idempotencyWindowMs, now);
    attempt.handle = connection.start(request, attempt);
    if (this.#table.onTrial === operation) this.#trials.begin(operation, link);
  }

  sending({ operation }: Attempt): void {
    operation.started(this.now());
  }

  answered(attempt: Attempt, result: Result, bytes: number): void {
    const { operation } = attempt;
    this.#trials.acquit(operation);
    if (!(operation instanceof Call)) {
      // An event proves the subscription good: its rule starts counting anew.
      operation.sends = 1;
      operation.deliver(result, bytes);
      return;
    }
    if (hasErrors(result) && this.#recovery.retriesAnswer(operation, errors.graphqlFailure(result.errors))) return;
    this.#settle(operation);
    operation.deliver(result);
  }

  errored(attempt: Attempt, failure: Failure): void {
    const { operation, delivery } = attempt;
    this.#trials.acquit(operation);
    if (failure.code === 'graphql-errors') {
      if (this.#recovery.retriesAnswer(operation, failure)) return;
      this.#settle(operation);
      // A call hands errors to its caller as an answer; a subscription ends with them.
      if (operation instanceof Call) operation.deliver({ errors: failure.errors });
      else operation.fail(errors.answeredWithErrors(operation, failure));
    } else if (delivery === 'answered') {
      if (!this.#recovery.retriesAnswer(operation, failure)) this.#fail(operation, errors.unusable(operation, failure));
    } else {
      this.#recovery.afterLoss([operation], failure, this.now());
    }
  }

  completed(attempt: Attempt): void {
    const { operation } = attempt;
    this.#trials.acquit(operation);
    this.#settle(operation);
    operation.finish();
  }

  /** The consumer wants no more of it: the server is told to stop. */
  cancel(operation: Operation): void {
    this.#stop(operation);
    this.#settle(operation);
  }

  /** The consumer's signal was aborted. */
  abort(operation: Operation, reason: unknown): void {
    const error = errors.cancelled(operation, reason);
    this.cancel(operation);
    operation.abort(error);
  }

  /** Its consumer is slow: the transport holds its events back where it can, else the server is told to stop. */
  holdBack(operation: Operation, overdue: boolean): void {
    const attempt = operation.place.at === 'running' ? operation.place.attempt : undefined;
    const flow = attempt?.handle?.flow;
    if (attempt === undefined || flow === undefined || overdue) {
      this.#park(operation);
    } else if (!attempt.heldBack) {
      attempt.heldBack = true;
      flow.pause();
    }
  }

  letGo(operation: Operation): void {
    if (operation.place.at !== 'running') {
      this.#requeue([operation]);
      return;
    }
    operation.place.attempt.heldBack = false;
    operation.place.attempt.handle?.flow?.resume();
  }

  now(): number {
    return this.#options.clock.now();
  }

  #park(operation: Operation): void {
    this.#stop(operation);
    operation.interrupted('parked', this.now());
    this.#trials.acquit(operation);
    this.#table.rest(operation, parked);
    this.review();
  }

  /** A new connection is in use: subscriptions leave the retiring one, calls finish there. */
  use(retiring: Link | undefined): void {
    if (retiring !== undefined) {
      const moving = this.#table.runningOn(retiring.generation).filter((operation) => !(operation instanceof Call));
      for (const operation of moving) {
        this.#stop(operation);
        operation.interrupted('going-away', retiring.lastHeard);
      }
      this.#table.requeue(moving);
    }
    this.flush();
    this.review();
  }

  /** A connection ended: decides what becomes of each operation on it. */
  interrupted(link: Link, failure: Failure): void {
    const { interrupted, culprit } = this.#table.judge(link.generation, raisesSuspicion(failure));
    this.#trials.lost(link);
    if (culprit !== undefined) {
      culprit.delivery = culprit.reached;
      this.#fail(culprit, errors.rejected(culprit, failure));
    }
    const others = interrupted.filter((operation) => operation !== culprit);
    this.#recovery.afterLoss(others, failure, link.lastHeard);
  }

  /** No connection will come: what waits for one fails. */
  gaveUp(cause: Failure, attempts: number): void {
    for (const operation of [...this.#table]) {
      if (operation.place.at === 'running') continue;
      this.#fail(operation, errors.gaveUp(operation, cause, attempts));
    }
  }

  /** Closing began: what was not sent is refused, subscriptions end in order, calls in flight may be answered. */
  shed(): void {
    for (const operation of [...this.#table]) {
      if (operation instanceof Call) {
        if (operation.place.at !== 'running') this.#fail(operation, errors.closed(operation));
      } else {
        this.#stop(operation);
        this.#settle(operation);
        operation.finish();
      }
    }
    this.review();
  }

  /** The grace is over: calls in flight fail, and no timer is left. */
  expired(): void {
    for (const operation of [...this.#table]) {
      this.#stop(operation);
      this.#fail(operation, errors.closed(operation));
    }
    this.#deadlines.stop();
    this.#trials.end();
  }

  /** Asks with a cheap query where a connection has no ping: any answer is a sign of life. */
  probe(link: Link, query: string): void {
    const heard = (): void => link.heard();
    const sink = { sending: () => {}, next: heard, error: heard, complete: heard };
    link.connection.start(this.#outgoing.probe(query), sink);
  }

  /** Looks at what the change of an operation or of the connection allows: the end of closing, of retiring, the next send. */
  review(): void {
    const { state, retiring } = this.#driver;
    if (state.status === 'closing') {
      if (this.#table.callsInFlight === 0) this.#driver.dispatch({ type: 'drained', at: this.now() });
      return;
    }
    if (retiring !== undefined && this.#table.runningOn(retiring).length === 0) {
      this.#driver.dispatch({ type: 'finished', at: this.now(), generation: retiring });
    }
    if (this.#table.waiting > 0) this.flush();
  }

  #requeue(operations: readonly Operation[]): void {
    this.#table.requeue(operations);
    // The last of a retiring connection, or of a pause, may come back when no connection will come any more.
    const { state } = this.#driver;
    if (state.status === 'failed') this.gaveUp(state.cause, state.attempts);
    this.flush();
    this.review();
  }

  #fail(operation: Operation, error: Error): void {
    this.#settle(operation);
    operation.fail(error);
  }

  #settle(operation: Operation): void {
    if (operation.place.at === 'pausing') operation.place.cancelTimer();
    this.#table.settle(operation);
    this.review();
  }

  /** Tells the server to stop, where the operation is running. What its attempt reached stays known. */
  #stop(operation: Operation): void {
    if (operation.place.at === 'running') {
      operation.place.attempt.handle?.cancel();
      this.#trials.stopped(operation.place.attempt);
    }
    operation.delivery = operation.reached;
  }

  #expire(call: Call): void {
    const error = errors.deadlinePassed(call, this.#driver.lastFailure);
    this.cancel(call);
    call.fail(error);
  }
}

function hasErrors(result: Result): result is Result & { readonly errors: readonly GraphQLError[] } {
  return result.errors !== undefined && result.errors.length > 0;
}
