// What is heard of an attempt, and what it means for its operation: it is on its way, an event or a part or the whole of an
// answer came, it failed, it was completed.

import { IncrementalAnswer } from '../protocol/incremental.js';
import type { GraphQLError, Result } from '../protocol/result.js';
import type { Clock, Failure } from '../transport/contract.js';
import type { Attempts } from './attempts.js';
import type { Endings } from './endings.js';
import type { Attempt, AttemptOwner, Operation, Receiver } from './operation.js';
import * as errors from './operation-errors.js';
import type { Recovery } from './recovery.js';
import type { Trials } from './trials.js';

export interface AnswersParts {
  readonly clock: Clock;
  readonly trials: Trials;
  readonly attempts: Attempts;
  readonly endings: Endings;
  readonly recovery: Recovery;
}

export class Answers implements AttemptOwner {
  /** The newest generation on which an operation was answered; 0: none yet. */
  answeredOn = 0;
  readonly #parts: AnswersParts;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  sending({ operation, generation }: Attempt): void {
    operation.observer?.sending(operation, generation);
    operation.started(this.#parts.clock.now());
    operation.receiver.sending?.();
    this.#parts.trials.sent(operation);
  }

  answered(attempt: Attempt, result: Result, bytes: number): void {
    const { operation, generation } = attempt;
    if (generation > this.answeredOn) this.answeredOn = generation;
    this.#parts.trials.acquit(operation);
    // What it asks for counts from when it came, and later parts came with it.
    if (attempt.parts === 1 && operation.head !== undefined && operation.head.status >= 400)
      this.#parts.recovery.heed(attempt, operation.head);
    if (operation.yields === 'events') this.#event(attempt, result, bytes);
    else if (operation.yields === 'parts') this.#part(attempt, result, bytes);
    else this.#answer(attempt, result, bytes);
  }

  errored(attempt: Attempt, failure: Failure): void {
    const { operation, delivery } = attempt;
    const { trials, recovery, endings } = this.#parts;
    if (delivery === 'answered') this.answeredOn = Math.max(this.answeredOn, attempt.generation);
    trials.acquit(operation);
    if (failure.code === 'interceptor' || failure.code === 'invalid-operation') {
      endings.end(operation).fail(errors.intercepted(operation, failure));
    } else if (failure.code === 'graphql-errors') {
      this.#unlessRetried(attempt, failure, false, (receiver) => {
        // A call hands errors to its caller as an answer; a stream or subscription ends with them.
        if (operation.yields === 'answer') receiver.deliver({ errors: failure.errors }, 0);
        else receiver.fail(errors.answeredWithErrors(operation, failure));
      });
    } else if (delivery === 'answered') {
      this.#unusable(attempt, failure);
    } else {
      recovery.afterFailure(attempt, failure);
    }
  }

  completed(attempt: Attempt): void {
    const { operation } = attempt;
    const { trials, endings } = this.#parts;
    this.answeredOn = Math.max(this.answeredOn, attempt.generation);
    trials.acquit(operation);
    if (operation.yields !== 'events' && attempt.parts > 0) this.#unusable(attempt, errors.cutShort);
    else endings.end(operation).finish();
  }

  #event(attempt: Attempt, result: Result, bytes: number): void {
    const { operation } = attempt;
    // No data at all, not even null: it did not start (GraphQL specification, section 7.1.1), and some servers say so here.
    if (result.data === undefined && hasErrors(result)) {
      this.#parts.attempts.stop(attempt);
      this.errored(attempt, errors.graphqlFailure(result.errors, operation.head));
      return;
    }
    // An event proves the subscription good: its rule starts counting anew.
    operation.sends = 1;
    operation.setbacks = 0;
    operation.refused = false;
    operation.observer?.event(operation, bytes);
    operation.receiver.deliver(result, bytes);
  }

  #part(attempt: Attempt, result: Result, bytes: number): void {
    const { operation, parts } = attempt;
    const isLast = operation.endsWith(result);
    // The rule is asked about its first errors, as about those of a call; later ones are in what was handed out.
    if (parts === 1 && hasErrors(result)) {
      const failure = errors.graphqlFailure(result.errors, operation.head);
      const nothingElse = result.data === undefined;
      const handOn = (): void => this.#handOn(operation, result, bytes);
      if (nothingElse || this.#parts.recovery.retriesAnswer(attempt, failure, true, handOn)) {
        if (!isLast) this.#parts.attempts.stop(attempt);
        if (nothingElse) this.errored(attempt, failure);
        return;
      }
    }
    this.#handOn(operation, result, bytes);
  }

  #handOn(operation: Operation, result: Result, bytes: number): void {
    operation.observer?.event(operation, bytes);
    const receiver = operation.endsWith(result) ? this.#parts.endings.end(operation) : operation.receiver;
    receiver.deliver(result, bytes);
  }

  /** An answer in parts reaches its caller when it is whole. */
  #answer(attempt: Attempt, result: Result, bytes: number): void {
    if (attempt.answer === undefined && result.hasNext === undefined) {
      this.#whole(attempt, result, bytes);
      return;
    }
    attempt.answer ??= new IncrementalAnswer();
    const fault = attempt.answer.add(result);
    if (fault !== undefined) {
      this.#parts.attempts.stop(attempt);
      this.#unusable(attempt, errors.badPart(fault));
    } else if (result.hasNext !== true) {
      this.#whole(attempt, attempt.answer.snapshot(), bytes);
    }
  }

  #whole(attempt: Attempt, result: Result, bytes: number): void {
    const { operation } = attempt;
    if (!hasErrors(result)) {
      this.#parts.endings.end(operation).deliver(result, bytes);
      return;
    }
    const failure = errors.graphqlFailure(result.errors, operation.head);
    const withData = result.data !== undefined;
    this.#unlessRetried(attempt, failure, withData, (receiver) => receiver.deliver(result, bytes));
  }

  #unusable(attempt: Attempt, failure: Failure): void {
    const { operation } = attempt;
    this.#unlessRetried(attempt, failure, false, (receiver) => receiver.fail(errors.unusable(operation, failure)));
  }

  /** Ends it with what was answered, now or when there are no new credentials to be had, unless it is sent again. */
  #unlessRetried(attempt: Attempt, failure: Failure, withData: boolean, tell: (receiver: Receiver) => void): void {
    const { recovery, endings } = this.#parts;
    const { operation } = attempt;
    const last = (): void => {
      const receiver = endings.end(operation);
      if (!withData && errors.staysUnknown(operation, failure)) receiver.fail(errors.outcomeUnknown(operation));
      else tell(receiver);
    };
    if (!recovery.retriesAnswer(attempt, failure, withData, last)) last();
  }
}

function hasErrors(result: Result): result is Result & { readonly errors: readonly GraphQLError[] } {
  return result.errors !== undefined && result.errors.length > 0;
}
