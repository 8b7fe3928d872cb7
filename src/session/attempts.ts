// Starts attempts on their connections, through the interceptors of attempts where there are any. What the session decides by
// (whether a request was sent, under which key, what came of it) it learns behind the last of them, whatever they make of it.

import type { Delivery } from '../protocol/delivery.js';
import { OptionError } from '../protocol/errors/option-error.js';
import { JsonText } from '../protocol/json-text.js';
import type { Connection, Failure, Handle, Request, ResponseHead, Sink } from '../transport/contract.js';
import { maySend } from './fate.js';
import { type ChainOwner, InterceptorChain, keptAnswer } from './interceptor-chain.js';
import type { Interceptor, InterceptorSession } from './interceptors.js';
import { type Attempt, headOf } from './operation.js';
import { checkPassedOn } from './passed-on.js';

const option = 'interceptors.attempt';

export class Attempts implements ChainOwner<Send> {
  readonly #chain: InterceptorChain<Send> | undefined;
  readonly #now: () => number;
  readonly #threw: (attempt: Attempt, cause: unknown) => void;
  /** Stopped while its connection starts it. */
  #stopped: Attempt | undefined;

  constructor(
    interceptors: readonly Interceptor[],
    session: InterceptorSession,
    now: () => number,
    threw: (attempt: Attempt, cause: unknown) => void,
  ) {
    this.#now = now;
    this.#chain = interceptors.length === 0 ? undefined : new InterceptorChain(option, interceptors, session, this);
    this.#threw = threw;
  }

  begin(attempt: Attempt, request: Request, connection: Connection): void {
    if (this.#chain === undefined) {
      attempt.handle = connection.start(request, attempt);
      if (this.#stopped === attempt) attempt.handle.cancel();
      this.#stopped = undefined;
      return;
    }
    const send = new Send(attempt, request, connection, this.#chain);
    attempt.handle = send;
    send.enter();
  }

  /** Tells the server to stop. */
  stop(attempt: Attempt): void {
    if (attempt.handle === undefined) this.#stopped = attempt;
    else attempt.handle.cancel();
  }

  /** Its connection ended. The session knows; its interceptors are told. */
  lost({ handle }: Attempt, failure: Failure): void {
    if (handle instanceof Send) handle.lost(failure);
  }

  /** Behind the last interceptor. */
  start(send: Send, request: Request, sink: Sink): Handle {
    return send.start(request, sink, this.#now());
  }

  threw({ attempt }: Send, cause: unknown): void {
    this.#threw(attempt, cause);
  }
}

/** Until then it was allowed to be sent again. */
const forgotten: Failure = {
  code: 'aborted',
  phase: 'operation',
  message: 'An interceptor kept it until the server may have forgotten its idempotency key.',
  delivery: 'unknown',
};

/** What the last interceptor passed on, as long as it has not ended. */
interface PassedOn {
  readonly sink: Sink;
  handle: Handle | undefined;
  stopped: boolean;
}

/** An attempt on its way through its interceptors. */
class Send implements Handle {
  readonly attempt: Attempt;
  readonly #request: Request;
  readonly #connection: Connection;
  readonly #chain: InterceptorChain<Send>;
  #passedOn: PassedOn | undefined;
  #wasPassedOn = false;
  /** How far the request came, as the connection has shown. */
  #shown: Delivery | undefined;

  constructor(attempt: Attempt, request: Request, connection: Connection, chain: InterceptorChain<Send>) {
    this.attempt = attempt;
    this.#request = request;
    this.#connection = connection;
    this.#chain = chain;
  }

  get flow(): Handle['flow'] {
    return this.#chain.flowOf(this.attempt.id);
  }

  enter(): void {
    const { attempt } = this;
    this.#chain.enter(this, this.#request, {
      sending: () => this.#sent(),
      next: (result, bytes) => {
        attempt.next(result, bytes);
        if (!attempt.current) this.#finish();
      },
      error: (failure) => {
        this.#finish();
        // What they say of delivery counts only where they did not pass it on.
        attempt.error(this.#wasPassedOn ? { ...failure, delivery: this.#shown ?? attempt.unlessKnown } : failure);
      },
      complete: () => {
        this.#finish();
        if (this.#isCall && this.#shown === 'answered') attempt.error({ ...keptAnswer, delivery: 'answered' });
        else attempt.complete();
      },
    });
  }

  /** They are told, and so is the server, whatever they do. */
  cancel(): void {
    this.#chain.cancel(this.attempt.id);
    this.#stop();
  }

  /** They hear of it as the end of what they passed on. What they make of it changes nothing. */
  lost(failure: Failure): void {
    const { id } = this.attempt;
    const passedOn = this.#passedOn;
    this.#passedOn = undefined;
    if (passedOn === undefined) {
      this.#chain.cancel(id);
    } else {
      this.#chain.close(id);
      passedOn.sink.error(failure);
    }
  }

  /** Behind the last interceptor. */
  start(request: Request, sink: Sink, now: number): Handle {
    if (this.#wasPassedOn) {
      throw new OptionError(
        option,
        'An interceptor passed an attempt on twice, and an attempt is one send. Interceptors of calls may pass it on again.',
      );
    }
    checkPassedOn(option, this.#request, request);
    this.#wasPassedOn = true;
    if (!maySend(this.attempt.operation, this.#connection.capabilities, now)) {
      this.#chain.close(this.attempt.id);
      sink.error(forgotten);
      this.attempt.error(forgotten);
      return { cancel: () => {} };
    }
    const passedOn: PassedOn = { sink, handle: undefined, stopped: false };
    this.#passedOn = passedOn;
    const handle = this.#connection.start(this.#underItsKey(request), this.#wayBack(passedOn));
    passedOn.handle = handle;
    // It was stopped while it was being started.
    if (passedOn.stopped) handle.cancel();
    return {
      cancel: () => {
        if (this.#passedOn === passedOn) this.#stop();
      },
      flow: handle.flow,
    };
  }

  get #isCall(): boolean {
    return this.#request.kind !== 'subscription';
  }

  /** From the connection to the last interceptor. */
  #wayBack(passedOn: PassedOn): Sink {
    const { sink } = passedOn;
    const open = (): boolean => this.#passedOn === passedOn;
    const ends = (): boolean => {
      if (!open()) return false;
      this.#passedOn = undefined;
      return true;
    };
    let begun = false;
    const next: Sink['next'] = (result, bytes, head) => {
      begun = true;
      this.#cameWith(head);
      // A call ends with its last answer; interceptors hear a `complete` after it, whatever the protocol does.
      const last = this.#isCall && result.hasNext !== true;
      if (last ? !ends() : !open()) return;
      if (last || !this.#isCall) this.#shown = 'answered';
      sink.next(result, bytes);
      if (last) sink.complete();
    };
    return {
      sending: () => {
        this.#sent();
        if (open()) sink.sending();
      },
      next,
      error: (failure) => {
        // Servers say it either way: to a call, GraphQL errors are its answer, unless that has begun.
        if (this.#isCall && !begun && failure.code === 'graphql-errors') {
          next({ errors: failure.errors ?? [] }, 0, headOf(failure));
          return;
        }
        this.#cameWith(headOf(failure));
        if (!ends()) return;
        this.#shown = failure.delivery;
        sink.error(failure);
      },
      complete: () => {
        if (ends()) sink.complete();
      },
    };
  }

  /** Kept here, behind the last of them, so that none can lose it. */
  #cameWith(head: ResponseHead | undefined): void {
    const { attempt } = this;
    if (attempt.current) attempt.operation.head = head ?? attempt.operation.head;
  }

  #sent(): void {
    if (this.attempt.delivery === 'not-sent') this.attempt.sending();
  }

  /** The session counts on the server's having it. */
  #underItsKey(request: Request): Request {
    const key = this.#request.kind === 'mutation' ? this.attempt.operation.key?.key : undefined;
    if (key === undefined || request.extensions === this.#request.extensions) return request;
    const { extensions } = request;
    if (extensions?.value.idempotencyKey === key) return request;
    const member = { idempotencyKey: key };
    return { ...request, extensions: extensions?.with(member) ?? JsonText.of(member) };
  }

  /** For the interceptors it is over; what they passed on is stopped, where that is not. */
  #finish(): void {
    this.#chain.close(this.attempt.id);
    this.#stop();
  }

  #stop(): void {
    const passedOn = this.#passedOn;
    this.#passedOn = undefined;
    if (passedOn === undefined) return;
    passedOn.stopped = true;
    passedOn.handle?.cancel();
  }
}
