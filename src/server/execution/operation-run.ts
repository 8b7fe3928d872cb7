// One operation on its way through the pipeline, from what the client sent to what it is answered. Each step goes on to the
// next one or ends it, and a step that need not wait does not: most operations are answered in the turn in which they came.

import type { ExecutionResult } from 'graphql';
import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ExecuteOptions, Execution, ExecutionContext } from '../../protocol/executor.js';
import type { GraphQLError, Result } from '../../protocol/result.js';
import type { Errors } from '../../protocol/to-graphql-error.js';
import { isPromiseLike } from '../call-hook.js';
import type { FailedOperation } from '../hook-types.js';
import { runOnce } from '../idempotency/run-once.js';
import { idempotencyScope } from '../idempotency/scope.js';
import type { IdempotencyStore } from '../idempotency/store.js';
import type { Outcome } from '../telemetry/messages.js';
import type { ObservedOperation } from '../telemetry/observed-operation.js';
import { HookFailure } from './contexts.js';
import type { Lookup } from './document-lookup.js';
import { EventStream } from './event-stream.js';
import { allParts, answerPieces, isIncremental } from './incremental.js';
import { AnsweredError, isMeantForClients } from './masking.js';
import { OperationSignal } from './operation-signal.js';
import type { Workshop } from './pipeline.js';
import type { PreparedOperation, Ran, Subscribed } from './prepared.js';
import { outcomeOf, refused, stopped } from './refusals.js';
import { OperationInput } from './run-input.js';
import { refusedKind, selectOperation } from './select-operation.js';

type Answer = Execution | PromiseLike<Execution>;

export class OperationRun {
  readonly #workshop: Workshop;
  readonly #payload: OperationPayload;
  readonly #context: ExecutionContext;
  readonly #options: ExecuteOptions | undefined;
  readonly #signal: OperationSignal;
  readonly #observed: ObservedOperation | undefined;
  readonly #startedAt: number;
  #text = '';
  /** A mutation whose answer is kept: it is put together whole, whoever waits for it. */
  #isSeenThrough = false;
  #isOver = false;
  /** Of an answer in parts. */
  #cancelLimit: (() => void) | undefined;
  #operation: PreparedOperation | undefined;

  constructor(
    workshop: Workshop,
    payload: OperationPayload,
    context: ExecutionContext,
    options: ExecuteOptions | undefined,
  ) {
    this.#workshop = workshop;
    this.#payload = payload;
    this.#context = context;
    this.#options = options;
    this.#signal = new OperationSignal(context);
    this.#startedAt = workshop.timers.now();
    this.#observed = workshop.telemetry.operation(payload, context);
  }

  /** Neither throws nor rejects. */
  run(): Execution | Promise<Execution> {
    try {
      const lookup = this.#workshop.lookup.find(this.#payload);
      const answer = isPromiseLike(lookup) ? lookup.then((found) => this.#prepare(found)) : this.#prepare(lookup);
      return isPromiseLike(answer) ? this.#whenAnswered(answer) : this.#end(answer);
    } catch (thrown) {
      return this.#endThrown(thrown);
    }
  }

  async #whenAnswered(answer: PromiseLike<Execution>): Promise<Execution> {
    try {
      return this.#end(await answer);
    } catch (thrown) {
      return this.#endThrown(thrown);
    }
  }

  #prepare(lookup: Lookup): Answer {
    if (lookup.fault !== undefined) return refused([lookup.fault], lookup.failed);
    this.#text = lookup.text;
    const { operations, errors } = this.#workshop.documents.get(lookup.text);
    if (operations === undefined) return refused(errors);
    const operation = selectOperation(operations, this.#payload.operationName);
    if ('message' in operation) return refused([operation]);
    this.#operation = operation;
    const { kind, name } = operation;
    this.#observed?.known(kind, name, lookup.text);
    const kinds = this.#options?.kinds;
    if (kinds !== undefined && !kinds.includes(kind)) return refusedKind(kind);
    if (kind === 'subscription') return this.#untilStopped(this.#inScope(() => this.#begin()));
    const answer = kind === 'mutation' ? this.#mutate() : this.#inScope(() => this.#begin());
    return isPromiseLike(answer) ? this.#workshop.timeLimit.bound(answer, () => this.#expire()) : answer;
  }

  /** A subscribe resolver may never settle: when its client has gone, the operation is over all the same. */
  #untilStopped(answer: Answer): Answer {
    if (isPromiseLike(answer))
      this.#signal.signal.addEventListener('abort', () => this.#over('stopped'), { once: true });
    return answer;
  }

  /** With an idempotency key, at most once. */
  #mutate(): Answer {
    const key = this.#payload.extensions?.idempotencyKey ?? this.#options?.idempotencyKey;
    const store = this.#workshop.options.idempotency;
    if (key === undefined || store === undefined) return this.#inScope(() => this.#begin());
    const { principal } = this.#context;
    const asked = principal === undefined ? this.#workshop.contexts.principal(this.#context, this.#named) : principal;
    return isPromiseLike(asked)
      ? asked.then((name) => this.#mutateOnce(store, key, name))
      : this.#mutateOnce(store, key, asked);
  }

  #mutateOnce(store: IdempotencyStore, key: unknown, principal: string | undefined): Promise<Execution> {
    const { timers, report, telemetry, options } = this.#workshop;
    const { operationName, variables } = this.#payload;
    this.#isSeenThrough = true;
    return runOnce(
      { ...options, store, timers, telemetry, report: (error, source) => report(error, source, this.#named()) },
      {
        key,
        scope: idempotencyScope(principal, this.#context),
        document: this.#text,
        operationName,
        variables,
        signal: this.#signal.signal,
      },
      async () => this.#inScope(() => this.#begin()),
    );
  }

  /** A context that cannot be made is a refusal: nothing was executed, and the key of a mutation stays free. */
  #begin(): Answer {
    const { contexts } = this.#workshop;
    let contextValue: object | PromiseLike<object>;
    try {
      contextValue = contexts.of(this.#payload, this.#context, this.#signal, this.#named);
    } catch (thrown) {
      return this.#refuseThrown(thrown);
    }
    return isPromiseLike(contextValue)
      ? contextValue.then(
          (made) => this.#execute(made as object),
          (thrown: unknown) => this.#refuseThrown(thrown),
        )
      : this.#execute(contextValue);
  }

  #execute(contextValue: object): Answer {
    const operation = this.#operation;
    if (operation === undefined || this.#isStopped) return stopped;
    const { kind } = operation;
    const { options, contexts } = this.#workshop;
    const given = {
      rootValue: options.rootValue,
      contextValue,
      variables: this.#payload.variables,
      incremental: this.#options?.incremental,
      eventContext: kind === 'subscription' ? contexts.forEvents(contextValue, this.#named) : undefined,
    };
    // A mutation that has begun is not left half done when its client goes: only its own resolvers may stop it.
    const input = new OperationInput(given, kind === 'mutation' ? undefined : this.#signal);
    if (kind === 'subscription') {
      const subscribed = operation.subscribe(input);
      return isPromiseLike(subscribed)
        ? subscribed.then((opened) => this.#subscribed(opened))
        : this.#subscribed(subscribed);
    }
    const ran = operation.execute(input);
    return isPromiseLike(ran) ? ran.then((settled) => this.#ran(settled)) : this.#ran(ran);
  }

  #ran(answer: Ran): Execution {
    if (isIncremental(answer)) return this.#stream(allParts(answer), true);
    // No data at all, not even null: nothing was executed, because the variables did not fit.
    if (answer.data === undefined) return refused(this.#answerErrors(answer.errors));
    return { kind: 'result', result: this.#toResult(answer) };
  }

  #subscribed(subscribed: Subscribed): Execution {
    if ('next' in subscribed) return this.#stream(subscribed, false);
    const errors = this.#answerErrors(subscribed.errors);
    // What is wrong with the request has no place in the answer.
    return { kind: 'refused', errors, begun: errors.some(({ path }) => path !== undefined) };
  }

  #stream(source: AsyncIterator<ExecutionResult, unknown>, incremental: boolean): Execution {
    const { timers, report, counters, options } = this.#workshop;
    const events = new EventStream(this.#scoped(source), {
      signal: this.#isSeenThrough ? new AbortController().signal : this.#signal.signal,
      finaliseTimeoutMs: options.finaliseTimeoutMs,
      timers,
      report,
      counters,
      toResult: (answer) => {
        this.#workshop.telemetry.event(this.#observed);
        return this.#toResult(incremental ? answerPieces(answer, (errors) => this.#answerErrors(errors)) : answer);
      },
      toError: (thrown) => new AnsweredError(this.#answerError(thrown)),
      ended: (how) => this.#over(how),
    });
    // The parts of one answer are bounded in time like the whole; the events of a subscription are not.
    if (incremental && !this.#isSeenThrough)
      this.#cancelLimit = timers.set(options.executionTimeoutMs, () => events.fail(this.#tooLate()));
    return { kind: 'stream', events, incremental };
  }

  // Errors.

  #toResult(answer: ExecutionResult): Result {
    const result = answer.errors === undefined ? answer : { ...answer, errors: this.#answerErrors(answer.errors) };
    return result as Result;
  }

  #answerErrors(errors: readonly unknown[] | undefined): Errors {
    const [first, ...rest] = errors ?? [];
    return [this.#answerError(first), ...rest.map((error) => this.#answerError(error))];
  }

  #answerError(thrown: unknown): GraphQLError {
    const { masking, report } = this.#workshop;
    return masking.answer(thrown, (original) => {
      // A hook's failure has been reported as the hook's.
      if (!(original instanceof HookFailure)) report(original, 'resolver', this.#named());
    });
  }

  readonly #named = (): FailedOperation => ({
    kind: this.#operation?.kind,
    name: this.#operation?.name,
    query: this.#text,
  });

  // Scope and signal.

  #inScope<T>(work: () => T): T {
    return this.#observed === undefined ? work() : this.#observed.run(work);
  }

  #scoped(source: AsyncIterator<ExecutionResult, unknown>): AsyncIterator<ExecutionResult, unknown> {
    const observed = this.#observed;
    if (observed === undefined) return source;
    return {
      next: () => observed.run(() => source.next()),
      return: () => source.return?.() ?? Promise.resolve({ done: true, value: undefined }),
    };
  }

  get #isStopped(): boolean {
    return this.#context.aborted ?? this.#context.signal.aborted;
  }

  // The end.

  #expire(): Execution {
    const error = this.#tooLate();
    this.#signal.abort(timeOver);
    return { kind: 'result', result: { data: null, errors: [error.toJSON()] } };
  }

  #tooLate(): AnsweredError {
    const { timeLimit, telemetry } = this.#workshop;
    telemetry.limited('executionTimeoutMs');
    const { kind } = this.#named();
    const message = `The ${kind} did not finish within ${timeLimit.limitMs} ms (option "executionTimeoutMs").`;
    return new AnsweredError({ message, extensions: { code: 'EXECUTION_TIMEOUT' } });
  }

  #end(execution: Execution): Execution {
    if (execution.kind !== 'stream') this.#over(outcomeOf(execution));
    return execution;
  }

  #endThrown(thrown: unknown): Execution {
    return this.#end(this.#refuseThrown(thrown));
  }

  #refuseThrown(thrown: unknown): Execution {
    return refused([this.#answerError(thrown)], !isMeantForClients(thrown));
  }

  #over(outcome: Outcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelLimit?.();
    this.#signal.release();
    this.#workshop.telemetry.ended(this.#operation?.kind, outcome, this.#startedAt, this.#observed);
  }
}

const timeOver = new DOMException('The operation ran longer than the server allows.', 'TimeoutError');
