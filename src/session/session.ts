// The session: the face of it all. Prepares what is asked, hands it on, and shows the state.
/// <reference lib="esnext.disposable" preserve="true" />

import type { DocumentSource } from '../protocol/document.js';
import { OptionError } from '../protocol/errors/option-error.js';
import type { JsonObject } from '../protocol/json.js';
import { writeDown } from '../protocol/json-text.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../protocol/options.js';
import { AbortWatch } from './abort-watch.js';
import { Call, type CallResult, type CallSettings } from './call.js';
import type { VariablesOf, VariablesThenOptions } from './call-parameters.js';
import { CredentialsSource } from './credentials.js';
import type { Dispatcher } from './dispatcher.js';
import type { LaneShare } from './lane.js';
import { Lanes } from './lanes.js';
import type { Pong } from './link.js';
import type { SessionEvents } from './notices.js';
import { type Listener, Notifier } from './notifier.js';
import type { Operation } from './operation.js';
import { type ResolvedOptions, resolveOptions, type SessionOptions } from './options.js';
import { Outgoing } from './outgoing.js';
import { ping } from './ping.js';
import {
  type CallOptions,
  checkSignal,
  type Prepared,
  prepareCall,
  prepareStream,
  prepareSubscription,
  type StreamOptions,
  type SubscribeOptions,
} from './prepare.js';
import { Readiness, type ReadyOptions } from './readiness.js';
import { RequestedPause } from './requested-pause.js';
import type { SessionState } from './state.js';
import { type ResultStream, StreamOperation } from './stream.js';
import type { StreamPart, StreamPatch, StreamSnapshot } from './stream-part.js';
import { Patches } from './stream-patches.js';
import { Snapshots } from './stream-snapshots.js';
import { type Subscription, SubscriptionOperation } from './subscription.js';
import { UnheardFailures } from './unheard.js';

export type { SessionOptions } from './options.js';

export interface CloseOptions {
  /** How long calls in flight may still be answered, ms. Default 5,000. */
  readonly graceMs?: number | undefined;
}

export interface PingOptions {
  readonly deadlineMs?: number | undefined;
}

export class Session implements AsyncDisposable {
  readonly #options: ResolvedOptions;
  readonly #lanes: Lanes;
  readonly #pause: RequestedPause;
  readonly #readiness: Readiness;
  readonly #notifier: Notifier;
  readonly #unheard: UnheardFailures;
  readonly #aborts = new AbortWatch();
  #closed: Promise<void> | undefined;
  #resolveClosed: (() => void) | undefined;

  /** Use `createSession` or `connect`. */
  constructor(options: SessionOptions) {
    this.#options = resolveOptions(options);
    const { clock, name } = this.#options;
    this.#notifier = new Notifier(clock, name);
    this.#unheard = new UnheardFailures(name, () => this.#notifier.heard || this.#readiness.awaited);
    this.#pause = new RequestedPause(clock);
    const share: LaneShare = {
      options: this.#options,
      credentials: new CredentialsSource(options.credentials, clock),
      outgoing: new Outgoing(),
      pause: this.#pause,
      session: { clock, firstReady: this.#notifier.firstReady, result: (...call) => this.result(...call) },
    };
    this.#lanes = new Lanes(share, {
      stateChanged: (state) => this.#stateChanged(state),
      givesUp: (operations) => this.#unheard.toldOperations(operations),
      connectionNotice: (notice) => this.#notifier.connection(notice),
    });
    this.#readiness = new Readiness(clock, this.#lanes);
    this.#lanes.start();
  }

  /** What the session is doing now. A new object at each change. */
  get state(): SessionState {
    return this.#lanes.state;
  }

  /** How many operations are in progress: waiting, on the wire, pausing and parked. Zero after `close()`. */
  get operations(): number {
    return this.#lanes.operations;
  }

  /**
   * Calls the listener at every change of `state`, with what happens to a `connection`, or with what happens to an
   * `operation`; the returned function ends that. A listener of states is called during the change, the others right after.
   *
   * @throws OptionError for an event that there is not.
   * @example `session.on('connection', (notice) => console.log(notice.type, notice.generation))`
   */
  on<Event extends keyof SessionEvents>(event: Event, listener: Listener<Event>): () => void {
    const { events } = this.#notifier;
    if (!events.includes(event)) {
      throw new OptionError('event', `There is no event ${describe(event)}; there are ${events.join(', ')}.`);
    }
    return this.#notifier.listen(event, listener);
  }

  /**
   * Resolves when the session is ready, at once when it is.
   *
   * @throws ConnectError at the deadline, with the last failure, while the session goes on trying; or at once when it gave up.
   */
  async ready(options: ReadyOptions = {}): Promise<void> {
    refuseUnknownOptions('the options of ready()', options, ['deadlineMs', 'signal']);
    checkNumberOption('deadlineMs', options.deadlineMs, 0);
    checkSignal(options.signal);
    await this.#readiness.wait(options);
  }

  /**
   * Runs a query or mutation and answers with its data.
   *
   * @throws GraphQLResultError when the answer holds errors; OutcomeUnknownError for a mutation that may have run;
   * DeadlineError, CancelledError, ConnectionLostError, OperationRejectedError, SessionClosedError; DocumentError and
   * OptionError before anything is sent.
   * @example `const { book } = await session.execute('query ($id: ID!) { book(id: $id) { title } }', { id: '1' })`
   */
  async execute<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, CallOptions>
  ): Promise<TResult> {
    const running = this.#call(document as DocumentSource, call);
    return running.dataOf(await running.promise) as TResult;
  }

  /** Runs a query or mutation and answers with everything: data, GraphQL errors (which do not throw here), extensions, meta. */
  async result<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, CallOptions>
  ): Promise<CallResult<TResult>> {
    return (await this.#call(document as DocumentSource, call).promise) as CallResult<TResult>;
  }

  /**
   * Runs a query or mutation and answers with its parts, as the server sends them for `@defer` and `@stream`; an ordinary
   * answer is one part. A query whose connection is lost is sent again, and the snapshots of its new answer follow.
   *
   * @throws DocumentError and OptionError at once. Out of the iterator, after the parts before it: what `execute` throws,
   * except for errors beside data, which are in the parts; ConnectionLostError for patches that are cut off, and
   * OutcomeUnknownError for a mutation; BufferFullError for too many patches that wait.
   * @example `for await (const { data } of session.stream('{ book { title ... @defer { reviews } } }')) show(data)`
   */
  stream<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, StreamOptions<'snapshot'>>
  ): ResultStream<StreamSnapshot<TResult>>;
  stream<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    variables: VariablesOf<TVariables>,
    options: StreamOptions<'patch'>,
  ): ResultStream<StreamPatch<TResult>>;
  stream<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    variables: VariablesOf<TVariables>,
    options: StreamOptions,
  ): ResultStream<StreamPart<TResult>>;
  stream(document: DocumentSource, variables?: object, options?: StreamOptions): ResultStream<StreamPart> {
    const prepared = prepareStream(document, variables, options, this.#options);
    const parts = prepared.as === 'patch' ? new Patches(this.#options.buffer) : new Snapshots();
    const { dispatcher } = this.#lanes.for(prepared.request);
    const stream = new StreamOperation<StreamPart>(this.#made(prepared, options), parts, dispatcher);
    this.#begin(stream, dispatcher, options?.signal);
    return stream;
  }

  /**
   * Starts a subscription and answers with its events, which outlive every connection. Its consumer sees each interruption as
   * a `gap`, in order. It has no deadline: leave the loop, or abort the signal, to end it.
   *
   * @throws DocumentError and OptionError at once; everything else out of the iterator, after the events before it.
   */
  subscribe<TResult = unknown, TVariables extends object = object>(
    document: DocumentSource<TResult, TVariables>,
    ...call: VariablesThenOptions<TVariables, SubscribeOptions>
  ): Subscription<TResult> {
    const [variables, options] = call;
    const prepared = prepareSubscription(document as DocumentSource, variables, options, this.#options);
    const { request, rule, buffer } = prepared;
    const { dispatcher } = this.#lanes.for(request);
    const subscription = new SubscriptionOperation<TResult>(request, rule, buffer, dispatcher);
    this.#begin(subscription, dispatcher, options?.signal);
    return subscription;
  }

  /**
   * Asks the server for a sign of life on the connection in use, and answers with what came back.
   *
   * @throws ConnectError when there is no connection, or one without a ping, or it ended before the answer; DeadlineError
   * after `deadlineMs` (default 5,000).
   */
  async ping(payload?: JsonObject | undefined, options: PingOptions = {}): Promise<Pong> {
    refuseUnknownOptions('the options of ping()', options, ['deadlineMs']);
    const { deadlineMs = 5_000 } = options;
    writeDown('payload', payload);
    checkNumberOption('deadlineMs', deadlineMs, 0);
    return ping(this.#lanes.pingable, this.#options.clock, payload, deadlineMs);
  }

  /** Cuts a wait for the next attempt short, and makes a session that gave up try again. Otherwise nothing. */
  reconnect(): void {
    this.#lanes.reconnect();
  }

  /**
   * Ends the session: calls not yet sent reject at once, calls in flight may be answered until the grace ends, subscriptions
   * end after their buffered events; then the connection is closed. Resolves when nothing is left; may be called again.
   */
  close(options: CloseOptions = {}): Promise<void> {
    refuseUnknownOptions('the options of close()', options, ['graceMs']);
    checkNumberOption('graceMs', options.graceMs, 0);
    this.#closed ??= new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#lanes.close(options.graceMs ?? 5_000);
    this.#pause.end();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #call(document: DocumentSource, [variables, options]: VariablesThenOptions<object, CallOptions>): Call {
    const prepared = prepareCall(document, variables, options, this.#options);
    const { dispatcher } = this.#lanes.for(prepared.request);
    const call = new Call(this.#made(prepared, options), () => this.#options.clock.now());
    this.#begin(call, dispatcher, options?.signal);
    return call;
  }

  /** What a call or stream is, made now. */
  #made({ request, rule }: Prepared, options: CallOptions | undefined): CallSettings {
    const { idempotencyKey, deadlineMs = this.#options.deadlineMs } = options ?? {};
    return { request, rule, idempotencyKey, deadlineMs, calledAt: this.#options.clock.now() };
  }

  #begin(operation: Operation, dispatcher: Dispatcher, signal: AbortSignal | undefined): void {
    this.#notifier.started(operation);
    if (signal !== undefined) {
      const abort = (): void => dispatcher.abort(operation, signal.reason);
      if (signal.aborted) {
        abort();
        return;
      }
      operation.released = this.#aborts.watch(signal, abort);
    }
    dispatcher.begin(operation);
  }

  #stateChanged(state: SessionState): void {
    this.#unheard.look(state);
    this.#readiness.settle(state);
    if (state.status === 'closed') this.#resolveClosed?.();
    this.#notifier.state(state);
  }
}

/** Makes a session, which connects in the background, and answers at once. @throws OptionError */
export function createSession(options: SessionOptions): Session {
  return new Session(options);
}

/**
 * Makes a session and waits until it is ready.
 *
 * @param ready How long to wait for it, and a signal that ends the wait. Default: 30 s.
 * @throws OptionError; ConnectError when it was not ready in time: the session is closed then.
 * @example `await using session = await connect({ transport: webSocket('wss://example.com/graphql') })`
 */
export async function connect(options: SessionOptions, ready?: ReadyOptions | undefined): Promise<Session> {
  const session = new Session(options);
  try {
    await session.ready(ready);
  } catch (error) {
    await session.close({ graceMs: 0 });
    throw error;
  }
  return session;
}
