// Applies the fates: operations whose attempt ended without an answer, or with a failure, are sent again, rest for a while
// first, or fail.

import type { Credentials, Failure, ResponseHead } from '../transport/contract.js';
import { type AskVerdict, fateAfterAnswer, fateAfterLoss, retryContext } from './fate.js';
import type { Attempt, Operation } from './operation.js';
import * as errors from './operation-errors.js';
import type { OperationTable } from './operations.js';
import type { ResolvedOptions } from './options.js';
import type { Renewed } from './renewal.js';
import type { RequestedPause } from './requested-pause.js';
import { askRule, ruleDelay } from './retry.js';
import { cannotRepeat } from './uploads.js';

const notAccepted: Failure = {
  code: 'http-status',
  phase: 'operation',
  message: 'The server answered with HTTP status 401: it did not accept the credentials.',
};

export interface RecoveryOwner {
  isClosing(): boolean;
  /** Whether this connection takes operations. */
  isCurrent(generation: number): boolean;
  /** The server did not accept what was sent with these credentials. Resolves with whether there are others. */
  refused(failure: Failure, sentWith: Credentials): Promise<Renewed>;
  fail(operation: Operation, error: Error): void;
  /** Puts operations back in front of those that wait. */
  requeue(operations: readonly Operation[]): void;
}

export class Recovery {
  readonly #options: ResolvedOptions;
  readonly #table: OperationTable;
  readonly #requestedPause: RequestedPause;
  readonly #owner: RecoveryOwner;

  constructor(options: ResolvedOptions, table: OperationTable, requestedPause: RequestedPause, owner: RecoveryOwner) {
    this.#options = options;
    this.#table = table;
    this.#requestedPause = requestedPause;
    this.#owner = owner;
  }

  /** Their connection ended, and the answers will never come. `since`: the last sign of life before that. */
  afterLoss(operations: readonly Operation[], failure: Failure, since: number): void {
    const again: Operation[] = [];
    for (const operation of operations) if (this.#survives(operation, failure, since, false)) again.push(operation);
    this.#owner.requeue(again);
  }

  /**
   * It failed alone. On a connection that lives on, as a pool does, no reconnect keeps its sends apart: it pauses before the
   * next one. While it does, its place in flight is free for whoever waits.
   */
  afterFailure({ operation, generation }: Attempt, failure: Failure): void {
    const pauses = this.#owner.isCurrent(generation);
    if (pauses) operation.setbacks += 1;
    const goesOn = this.#survives(operation, failure, this.#options.clock.now(), pauses);
    this.#owner.requeue(goesOn ? [operation] : []);
  }

  /** An answer whose HTTP status says more than the answer does. */
  heed(attempt: Attempt, { status, headers, retryAfterMs }: ResponseHead): void {
    if (retryAfterMs !== undefined) this.#requestedPause.ask(retryAfterMs);
    if (status === 401 && !attempt.operation.refused)
      this.#renewForOthers(attempt, { ...notAccepted, status, headers });
  }

  /**
   * Whether an answer with a failure is not the last word: then the operation rests and is sent again. `last` makes it the last
   * word after all, where new credentials were needed and there are none to be had.
   */
  retriesAnswer(attempt: Attempt, failure: Failure, withData: boolean, last: () => void): boolean {
    const { operation } = attempt;
    if (failure.retryAfterMs !== undefined) this.#requestedPause.ask(failure.retryAfterMs);
    // A closing session sends nothing more: this answer is the last one.
    const fate = this.#owner.isClosing() ? 'fail' : fateAfterAnswer(operation, failure, this.#ask, withData);
    const isLast = fate === 'fail' || fate === 'spent';
    if (isLast && failure.status === 401 && !operation.refused) this.#renewForOthers(attempt, failure);
    if (fate === 'spent' && failure.code !== 'graphql-errors') {
      this.#owner.fail(operation, errors.unusable(operation, cannotRepeat(operation.request, failure)));
      return true;
    }
    if (isLast) return false;
    operation.lastFailure = failure;
    // A refusal says nothing of an earlier send that may have run.
    if (fate !== 'refresh' || operation.delivery !== 'unknown') operation.delivery = 'answered';
    operation.interrupt('retried', this.#options.clock.now());
    if (failure.code === 'http-status' || fate === 'refresh') operation.notBegun();
    if (fate === 'refresh') this.#refresh(attempt, failure, last);
    else this.#pause(operation);
    // While it rests, its place in flight is free for whoever waits.
    this.#owner.requeue([]);
    return true;
  }

  /** Whether it is to be sent again now; one that pauses comes back by itself, one that fails does not. */
  #survives(operation: Operation, failure: Failure, since: number, alone: boolean): boolean {
    const { place } = operation;
    // Its interceptors, who were told of the loss, may have ended it.
    if (place.at !== 'running') return false;
    const delivery = failure.delivery ?? operation.reached;
    const fate = fateAfterLoss(operation, failure, delivery, this.#options.clock.now(), this.#ask);
    // A subscription has lived: that it was refused before is another matter.
    if (operation.yields === 'events') operation.refused = false;
    // An earlier send that may have run stays unknown, whatever became of this one.
    if (operation.delivery !== 'unknown') operation.delivery = delivery;
    operation.lastFailure = failure;
    if (this.#owner.isClosing()) this.#owner.fail(operation, errors.closed(operation));
    else if (fate === 'unknown') this.#owner.fail(operation, errors.outcomeUnknown(operation));
    else if (fate === 'fail') this.#owner.fail(operation, errors.lost(operation, failure));
    else if (fate === 'spent')
      this.#owner.fail(operation, errors.lost(operation, cannotRepeat(operation.request, failure)));
    else if (fate === 'wait') operation.returned();
    else operation.interrupt('connection-lost', since);
    // What failed has left its place, and its interceptors may have started it again.
    if (operation.place !== place) return false;
    const pauses = alone || (fate === 'again' && operation.rule.ownDelay);
    if (pauses) this.#pause(operation);
    return !pauses;
  }

  /** It rests until there are new credentials, and ends as it was answered where there are none to be had. */
  #refresh(attempt: Attempt, failure: Failure, last: () => void): void {
    const { operation } = attempt;
    const place = { at: 'pausing', cancelTimer: () => {} } as const;
    this.#table.rest(operation, place);
    void this.#owner.refused(failure, attempt.credentials).then((renewed) => {
      if (operation.place !== place) return;
      operation.refused = renewed === 'now';
      if (renewed === 'no') last();
      else this.#owner.requeue([operation]);
    });
  }

  /** The answer is final; who comes next shall have credentials that are accepted. */
  #renewForOthers(attempt: Attempt, failure: Failure): void {
    void this.#owner.refused(failure, attempt.credentials);
  }

  #pause(operation: Operation): void {
    const delayMs = ruleDelay(operation.rule, Math.max(operation.sends, operation.setbacks), this.#options.random);
    const cancelTimer = this.#options.clock.setTimer(delayMs, () => this.#owner.requeue([operation]));
    this.#table.rest(operation, { at: 'pausing', cancelTimer });
  }

  readonly #ask: AskVerdict = (operation, failure, delivery) => {
    return askRule(operation.rule, failure, retryContext(operation, delivery));
  };
}
