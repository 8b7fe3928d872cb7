// The interceptors of calls, between the consumers of operations and the session that sends them. An operation stays in the
// table all the time, so that deadline, cancellation and close hold while an interceptor keeps it.

import { OptionError } from '../protocol/errors/option-error.js';
import type { Result } from '../protocol/result.js';
import type { Failure, Handle, Request, Sink } from '../transport/contract.js';
import { Call } from './call.js';
import { GraphQLResultError } from './errors/graphql-result-error.js';
import { SessionError } from './errors/session-error.js';
import { type ChainOwner, type Interceptor, InterceptorChain } from './interceptors.js';
import type { Operation, Receiver } from './operation.js';
import * as errors from './operation-errors.js';

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

interface Passage {
  readonly id: string;
  handle: Handle | undefined;
}

export class CallInterception implements ChainOwner<Operation> {
  readonly #chain: InterceptorChain<Operation>;
  readonly #owner: InterceptionOwner;
  readonly #passages = new Map<Operation, Passage>();

  constructor(interceptors: readonly Interceptor[], owner: InterceptionOwner) {
    this.#chain = new InterceptorChain(interceptors, this);
    this.#owner = owner;
  }

  begin(operation: Operation): void {
    const passage: Passage = { id: this.#owner.nextId(), handle: undefined };
    this.#passages.set(operation, passage);
    const request = { ...operation.request, id: passage.id };
    passage.handle = this.#chain.enter(operation, request, this.#toConsumer(operation));
  }

  /** The consumer's side ended it: the interceptors learn it as a cancellation. */
  cancel(operation: Operation): void {
    const passage = this.#passages.get(operation);
    if (passage === undefined) return;
    this.#forget(operation, passage);
    try {
      passage.handle?.cancel();
    } catch (error) {
      this.threw(operation, error);
    }
  }

  /** Behind the last interceptor. */
  start(operation: Operation, request: Request, sink: Sink): Handle {
    if (operation.place.at !== 'intercepted') {
      throw new OptionError('interceptors.call', 'An interceptor passed a request on again before it had ended.');
    }
    if (request.kind !== operation.request.kind) {
      throw new OptionError(
        'interceptors.call',
        `An interceptor made a ${request.kind} of a ${operation.request.kind}: the rules of sending again would be wrong.`,
      );
    }
    const { id: _, ...rest } = request;
    operation.request = rest;
    const relay = new Relay(operation, sink);
    operation.relay = relay;
    this.#owner.submit(operation);
    return {
      cancel: () => {
        if (operation.relay === relay) this.#owner.withdraw(operation);
      },
    };
  }

  threw(operation: Operation, cause: unknown): void {
    if (operation.place.at === 'settled') {
      console.error('holdfast: an interceptor threw after its operation had ended.', cause);
      return;
    }
    this.#end(operation);
    operation.fail(errors.intercepted(operation, errors.thrownByInterceptor(cause)));
  }

  #toConsumer(operation: Operation): Sink {
    const ended = (): boolean => operation.place.at === 'settled';
    return {
      // The consumer is told by the session itself, which knows what has been interrupted.
      sending: () => {},
      next: (result, bytes) => {
        if (ended()) return;
        // A call ends with its answer.
        if (operation instanceof Call) this.#end(operation);
        operation.deliver(result, bytes);
      },
      error: (failure) => {
        if (ended()) return;
        this.#end(operation);
        operation.fail(errorOf(operation, failure));
      },
      complete: () => {
        if (ended()) return;
        this.#end(operation);
        operation.finish();
      },
    };
  }

  #end(operation: Operation): void {
    const passage = this.#passages.get(operation);
    if (passage !== undefined) this.#forget(operation, passage);
    this.#owner.conclude(operation);
  }

  #forget(operation: Operation, { id }: Passage): void {
    this.#passages.delete(operation);
    this.#chain.abandon(id);
  }
}

/** What the session says of an operation, on its way through the interceptors. */
class Relay implements Receiver {
  readonly #operation: Operation;
  readonly #sink: Sink;

  constructor(operation: Operation, sink: Sink) {
    this.#operation = operation;
    this.#sink = sink;
  }

  deliver(result: Result, bytes: number): void {
    this.#sink.next(result, bytes);
    if (this.#operation instanceof Call) this.#sink.complete();
  }

  finish(): void {
    this.#sink.complete();
  }

  fail(error: Error): void {
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

function errorOf(operation: Operation, failure: Failure): Error {
  if (failure.cause instanceof SessionError) return failure.cause;
  if (failure.code === 'graphql-errors') return errors.answeredWithErrors(operation, failure);
  return errors.intercepted(operation, failure);
}
