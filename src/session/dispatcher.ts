// Carries operations over whatever connection there is: sends those whose turn it is. What comes of them is in answers.ts, what
// a change of the connection means for them in connection-changes.ts, how they end in endings.ts; here everything meets.

import { Answers } from './answers.js';
import { Attempts } from './attempts.js';
import { Backpressure } from './backpressure.js';
import { CallInterception } from './call-interception.js';
import { ConnectionChanges } from './connection-changes.js';
import { DeadlineSweep } from './deadlines.js';
import type { Driver } from './driver.js';
import { Endings } from './endings.js';
import { maySend } from './fate.js';
import type { LaneShare } from './lane.js';
import type { Link } from './link.js';
import { Attempt, type Operation } from './operation.js';
import * as errors from './operation-errors.js';
import { OperationTable } from './operations.js';
import type { ResolvedOptions } from './options.js';
import type { Outgoing } from './outgoing.js';
import { Recovery } from './recovery.js';
import type { RequestedPause } from './requested-pause.js';
import type { SubscriptionOwner } from './subscription.js';
import { Trials } from './trials.js';

export class Dispatcher implements SubscriptionOwner {
  readonly #options: ResolvedOptions;
  readonly #driver: Driver;
  readonly #table: OperationTable;
  readonly #deadlines: DeadlineSweep;
  readonly #trials: Trials;
  readonly #recovery: Recovery;
  readonly #outgoing: Outgoing;
  readonly #pause: RequestedPause;
  readonly #attempts: Attempts;
  readonly #endings: Endings;
  readonly #backpressure: Backpressure;
  readonly #answers: Answers;
  readonly interception: CallInterception | undefined;
  readonly changes: ConnectionChanges;
  #flushing = false;

  constructor({ options, outgoing, pause, session }: LaneShare, driver: Driver) {
    this.#options = options;
    this.#driver = driver;
    this.#outgoing = outgoing;
    this.#pause = pause;
    this.#table = new OperationTable(options);
    this.#trials = new Trials(options.clock, options.liveness, this.#table, () => this.flush());
    const { call, attempt } = options.interceptors;
    this.#attempts = new Attempts(
      attempt,
      session,
      () => this.now(),
      (started, cause) => this.#threw(started, cause),
    );
    this.#endings = new Endings(this.#table, this.#attempts, this.#trials, this);
    this.#backpressure = new Backpressure(this.#table, this.#endings, this.#trials, this);
    if (call.length > 0) {
      this.interception = new CallInterception(call, session, {
        nextId: () => this.#outgoing.nextId(),
        submit: (operation) => this.submit(operation),
        withdraw: (operation) => this.#endings.withdraw(operation),
        conclude: (operation) => this.#endings.conclude(operation),
      });
    }
    this.#recovery = new Recovery(options, this.#table, pause, {
      isClosing: () => driver.state.status === 'closing',
      isCurrent: (generation) => driver.current?.generation === generation,
      refused: (failure, sentWith) => driver.refused(failure, sentWith),
      fail: (operation, error) => this.#endings.end(operation).fail(error),
      requeue: (operations) => this.requeue(operations),
    });
    this.#deadlines = new DeadlineSweep(options.clock, this.#table, (operation) => this.#expire(operation));
    const parts = {
      table: this.#table,
      trials: this.#trials,
      attempts: this.#attempts,
      endings: this.#endings,
      recovery: this.#recovery,
    };
    this.#answers = new Answers({ ...parts, clock: options.clock });
    this.changes = new ConnectionChanges({
      ...parts,
      deadlines: this.#deadlines,
      flush: () => this.flush(),
      review: () => this.review(),
    });
  }

  get table(): OperationTable {
    return this.#table;
  }

  /** The newest generation on which an operation was answered; 0: none yet. */
  get answeredOn(): number {
    return this.#answers.answeredOn;
  }

  /** Takes in a new operation: through the interceptors of calls, where there are any. */
  begin(operation: Operation): void {
    const { status } = this.#driver.state;
    if (this.interception === undefined || status === 'closing' || status === 'closed') {
      this.submit(operation);
    } else if (this.#table.hold(operation)) {
      this.#deadlines.watch(operation);
      this.interception.begin(operation);
    } else {
      operation.fail(errors.queueFull(operation, this.#options.maxWaiting));
    }
  }

  /** Sends an operation when it may be sent. One that will not be sent fails. */
  submit(operation: Operation): void {
    const { state } = this.#driver;
    if (state.status === 'closing' || state.status === 'closed') {
      this.#endings.end(operation).fail(errors.closed(operation));
    } else if (state.status === 'failed') {
      this.#endings.end(operation).fail(errors.gaveUp(operation, state.cause, state.attempts));
    } else if (!this.#table.admit(operation)) {
      this.#endings.end(operation).fail(errors.queueFull(operation, this.#options.maxWaiting));
    } else {
      this.#deadlines.watch(operation);
      this.flush();
    }
  }

  /** Sends everything whose turn it is. */
  flush(): void {
    const link = this.#driver.current;
    // Failing one operation frees a place for the next: that is this loop's business, not a recursion's.
    if (link === undefined || this.#flushing) return;
    if (this.#pause.active) {
      if (this.#table.waiting > 0) this.#pause.whenOver(this.#resume);
      return;
    }
    this.#flushing = true;
    for (let operation = this.#next(link); operation !== undefined; operation = this.#next(link)) {
      this.#send(operation, link);
    }
    this.#flushing = false;
  }

  readonly #resume = (): void => this.flush();

  #next(link: Link): Operation | undefined {
    const operation = link.backlogged ? undefined : this.#table.next();
    return operation?.suspect && !this.#trials.mayBegin(link) ? undefined : operation;
  }

  #send(operation: Operation, link: Link): void {
    const { connection } = link;
    const now = this.now();
    if (!maySend(operation, connection.capabilities, now)) {
      this.#endings.end(operation).fail(errors.outcomeUnknown(operation));
      return;
    }
    const request = this.#outgoing.request(operation, connection.capabilities, now);
    const attempt = new Attempt(operation, request.id, link, now, this.#answers);
    operation.sends += 1;
    operation.head = undefined;
    this.#table.started(operation, attempt);
    this.#attempts.begin(attempt, request, connection);
    if (this.#table.onTrial === operation) this.#trials.begin(operation, link, attempt.delivery !== 'not-sent');
  }

  /** The consumer wants no more of it: the server is told to stop. */
  cancel(operation: Operation): void {
    this.#endings.cancel(operation);
  }

  /** The consumer's signal was aborted. */
  abort(operation: Operation, reason: unknown): void {
    const error = errors.cancelled(operation, reason);
    this.cancel(operation);
    operation.abort(error);
  }

  holdBack(operation: Operation, overdue: boolean): boolean {
    return this.#backpressure.holdBack(operation, overdue);
  }

  letGo(operation: Operation): void {
    this.#backpressure.letGo(operation);
  }

  now(): number {
    return this.#options.clock.now();
  }

  /** Asks with a cheap query where a connection has no ping. */
  probe(link: Link, query: string): void {
    this.#outgoing.probe(link.connection, query, () => link.heard());
  }

  /** Looks at what the change of an operation or of the connection allows: the end of closing, of retiring, the next send. */
  review(): void {
    const { state, retiring } = this.#driver;
    if (state.status === 'closing') {
      if (this.#table.callsUnfinished === 0) this.#driver.dispatch({ type: 'drained', at: this.now() });
      return;
    }
    if (retiring.length > 0) {
      const at = this.now();
      for (const generation of this.#table.idleAmong(retiring))
        this.#driver.dispatch({ type: 'finished', at, generation });
    }
    // A session that gave up is nobody's work any more: its process may end.
    if (state.status === 'failed' && this.#table.size === 0) this.#deadlines.stop();
    if (this.#table.waiting > 0) this.flush();
    else this.#pause.leave(this.#resume);
  }

  requeue(operations: readonly Operation[]): void {
    this.#table.requeue(operations);
    // The last of a retiring connection, or of a pause, may come back when no connection will come any more.
    const { state } = this.#driver;
    if (state.status === 'failed') this.changes.gaveUp(state.cause, state.attempts);
    this.flush();
    this.review();
  }

  #threw(attempt: Attempt, cause: unknown): void {
    const { operation } = attempt;
    if (!attempt.current) {
      console.error('holdfast: an interceptor threw after its attempt had ended.', cause);
      return;
    }
    this.#endings.stop(operation);
    this.#endings.end(operation).fail(errors.intercepted(operation, errors.thrownByInterceptor(cause)));
  }

  #expire(operation: Operation): void {
    const error = errors.deadlinePassed(operation, this.#driver.lastFailure);
    this.cancel(operation);
    operation.fail(error);
  }
}
