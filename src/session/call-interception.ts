// The interceptors of calls, between the consumers of operations and the session that sends them. An operation stays in the
// table all the time, so that deadline, cancellation and close hold while an interceptor keeps it.

import { OptionError } from '../protocol/errors/option-error.js';
import type { Result } from '../protocol/result.js';
import type { Failure, Handle, Request, Sink } from '../transport/contract.js';
import { GraphQLResultError } from './errors/graphql-result-error.js';
import { SessionError } from './errors/session-error.js';
import { type ChainOwner, InterceptorChain, keptAnswer } from './interceptor-chain.js';
import type { Interceptor, InterceptorSession } from './interceptors.js';
import type { Operation, Receiver } from './operation.js';
import * as errors from './operation-errors.js';
import { checkPassedOn } from './passed-on.js';

/** What the interception asks of its session. */
export interface InterceptionOwner {
  /** A number for a request, unique in the session. */
  nextId(): string;
  /** The interceptors hand it on, to be sent. */
  submit(operation: Operation): void;
  /** They take it back before it has ended. */
  withdraw(operation: Operation): void;
  /** Its consumer is told the end by the caller of this. */
  conclude(operation: Operation): void;
}

const option = 'interceptors.call';

/** So often in a row an interceptor may pass a call on again without anything being sent: else it could do so for ever, at once. */
const maxFruitless = 100;

interface Passage {
  readonly id: string;
  /** What is in progress behind the interceptors, or was. */
  relay: Relay | undefined;
  /** What the session ended it with. */
  told: Error | undefined;
  /** How often it had been sent when it was last passed on, and how often it has been passed on since. */
  sends: number;
  fruitless: number;
}

export class CallInterception implements ChainOwner<Operation> {
  readonly #chain: InterceptorChain<Operation>;
  readonly #owner: InterceptionOwner;
  readonly #passages = new Map<Operation, Passage>();

  constructor(interceptors: readonly Interceptor[], session: InterceptorSession, owner: InterceptionOwner) {
    this.#chain = new InterceptorChain(option, interceptors, session, this);
    this.#owner = owner;
  }

  begin(operation: Operation): void {
    const id = this.#owner.nextId();
    const passage: Passage = { id, relay: undefined, told: undefined, sends: -1, fruitless: 0 };
    this.#passages.set(operation, passage);
    this.#chain.enter(operation, { ...operation.request, id }, this.#toConsumer(operation, passage));
  }

  /** The consumer's side ended it: the interceptors learn it as a cancellation. */
  cancel(operation: Operation): void {
    const passage = this.#passages.get(operation);
    this.#passages.delete(operation);
    if (passage !== undefined) this.#chain.cancel(passage.id);
  }

  /** Behind the last interceptor. */
  start(operation: Operation, request: Request, sink: Sink): Handle {
    const passage = this.#passages.get(operation);
    if (passage === undefined || operation.place.at !== 'intercepted') {
      throw new OptionError(option, 'An interceptor passed a request on again before it had ended.');
    }
    if (operation.committed) {
      const why = 'because what its consumer has of the first answer cannot be taken back';
      throw new OptionError(option, `An interceptor passed a stream on again that cannot begin anew, ${why}.`);
    }
    checkPassedOn(option, operation.request, request);
    if (passage.sends !== operation.sends) passage.fruitless = 0;
    passage.sends = operation.sends;
    passage.fruitless += 1;
    if (passage.fruitless > maxFruitless) {
      throw new OptionError(
        option,
        `An interceptor passed a request on ${maxFruitless} times in a row without its being sent; wait for something before, or hand its error on.`,
      );
    }
    if (operation.request.query === '' && request.query !== '') operation.notBegun();
    const { id: _, ...rest } = request;
    operation.request = rest;
    const relay = new Relay(operation, passage, sink);
    passage.relay = relay;
    operation.relay = relay;
    this.#owner.submit(operation);
    return {
      cancel: () => {
        if (operation.relay === relay) this.#owner.withdraw(operation);
      },
    };
  }

  threw(operation: Operation, cause: unknown): void {
    this.cancel(operation);
    this.#owner.conclude(operation);
    operation.fail(errors.intercepted(operation, errors.thrownByInterceptor(cause)));
  }

  #toConsumer(operation: Operation, passage: Passage): Sink {
    const isEvents = operation.yields === 'events';
    return {
      // The consumer is told by the session itself, which knows what has been interrupted.
      sending: () => {},
      next: (result, bytes) => {
        if (operation.endsWith(result)) this.#end(operation, passage);
        operation.deliver(result, bytes);
      },
      error: (failure) => {
        this.#end(operation, passage);
        const { told } = passage;
        if (told !== undefined && failure.cause === told) operation.fail(told);
        else if (failure.code !== 'graphql-errors') operation.fail(errors.intercepted(operation, failure));
        else if (operation.yields === 'answer')
          operation.deliver({ errors: failure.errors ?? [{ message: failure.message }] }, 0);
        else operation.fail(errors.answeredWithErrors(operation, failure));
      },
      complete: () => {
        this.#end(operation, passage);
        if (isEvents) operation.finish();
        else operation.fail(errors.intercepted(operation, keptAnswer));
      },
    };
  }

  #end(operation: Operation, { id }: Passage): void {
    this.#passages.delete(operation);
    this.#chain.close(id);
    this.#owner.conclude(operation);
  }
}

/** What the session says of an operation, on its way through the interceptors. */
class Relay implements Receiver {
  readonly #operation: Operation;
  readonly #passage: Passage;
  readonly #sink: Sink;

  constructor(operation: Operation, passage: Passage, sink: Sink) {
    this.#operation = operation;
    this.#passage = passage;
    this.#sink = sink;
  }

  sending(): void {
    this.#sink.sending();
  }

  deliver(result: Result, bytes: number): void {
    if (!this.#operation.endsWith(result)) {
      this.#sink.next(result, bytes);
      return;
    }
    // From here on interceptors have it, and may take their time.
    this.#operation.delivery = 'answered';
    this.#sink.next(result, bytes);
    // Unless they have passed it on again.
    if (this.#passage.relay === this) this.#sink.complete();
  }

  finish(): void {
    this.#operation.delivery = 'answered';
    if (this.#operation.yields === 'events') this.#sink.complete();
    else this.fail(errors.unusable(this.#operation, errors.noAnswer));
  }

  fail(error: Error): void {
    if (error instanceof SessionError && error.delivery !== 'not-sent') this.#operation.delivery = error.delivery;
    this.#passage.told = error;
    this.#sink.error(failureOf(error));
  }
}

/** The error stays whole, as the cause: its consumer gets it back as it was. */
function failureOf(error: Error): Failure {
  const { message } = error;
  if (!(error instanceof SessionError)) return { code: 'aborted', phase: 'operation', message, cause: error };
  const { failure, phase, delivery } = error;
  const code = failure?.code ?? (error instanceof GraphQLResultError ? 'graphql-errors' : 'aborted');
  const answered = error instanceof GraphQLResultError ? { errors: error.errors } : undefined;
  return { ...failure, ...answered, code, phase, message, delivery, cause: error };
}
