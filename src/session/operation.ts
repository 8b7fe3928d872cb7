// One query, mutation or subscription in progress, as the session keeps it: what is asked, where it stands, and how often it
// was sent. Calls, streams and subscriptions extend it with the side that their consumer sees.

import type { Delivery } from '../protocol/delivery.js';
import type { IncrementalAnswer } from '../protocol/incremental.js';
import { Linked } from '../protocol/linked-list.js';
import type { Result } from '../protocol/result.js';
import type { Credentials, Failure, Handle, OperationRequest, ResponseHead, Sink } from '../transport/contract.js';
import type { ResolvedRule } from './retry.js';
import { releaseUploads, takeUploads } from './uploads.js';

/**
 * Where an operation stands. Exactly one at a time:
 * - `intercepted`: with the interceptors of calls, who have not handed it on yet, or have its end in their hands;
 * - `waiting`: to be sent as soon as the connection and its turn allow; `pausing`: until its retry delay is over;
 * - `parked`: a subscription that the server was told to stop, until its consumer has caught up;
 * - `running`: an attempt is on a connection; `settled`: nothing will happen to it any more.
 */
export type Place =
  | { readonly at: 'intercepted' }
  | { readonly at: 'waiting' }
  | { readonly at: 'pausing'; readonly cancelTimer: () => void }
  | { readonly at: 'parked' }
  | { readonly at: 'running'; readonly attempt: Attempt }
  | { readonly at: 'settled' };

export const intercepted: { readonly at: 'intercepted' } = { at: 'intercepted' };
export const waiting: Place = { at: 'waiting' };
export const parked: { readonly at: 'parked' } = { at: 'parked' };
export const settled: Place = { at: 'settled' };

/** An idempotency key and since when a server has been holding it. */
export interface IdempotencyKey {
  readonly key: string;
  /** When it was first sent to a server that honours keys, and until when that server remembers it; ms since the epoch. */
  readonly heldUntil: number | undefined;
  /** What that server calls its memory of keys. */
  readonly heldBy?: string | undefined;
}

/** Who is told what becomes of an operation: its consumer, or the interceptors before it. */
export interface Receiver {
  /** It is being sent, perhaps again. */
  sending?(): void;
  /** An answer or event came. */
  deliver(result: Result, bytes: number): void;
  /** The server completed it. */
  finish(): void;
  fail(error: Error): void;
}

/** Who is told what happens to an operation, to show it. */
export interface OperationObserver {
  sending(operation: Operation, generation: number): void;
  event(operation: Operation, bytes: number): void;
  interrupted(operation: Operation, reason: Interruption): void;
  /** Its consumer has its end. */
  ended(operation: Operation, error: Error | undefined): void;
}

/** Why an operation is started again. */
export type Interruption = 'connection-lost' | 'going-away' | 'parked' | 'retried';

/**
 * What its consumer gets: one `answer`, also where that comes in parts; the `parts` of an answer; or the `events` of a
 * subscription, which has no last one.
 */
export type Yield = 'answer' | 'parts' | 'events';

export abstract class Operation extends Linked<Operation> implements Receiver {
  /** As its caller made it, or as the interceptors of calls handed it on. */
  request: OperationRequest;
  readonly rule: ResolvedRule;
  place: Place = waiting;
  /** Its number in the order in which the session took operations in. */
  turn = 0;
  /** Counts the operations of its session. */
  number = 0;
  observer: OperationObserver | undefined;
  /** How often it was handed to a connection since its rule last started counting. */
  sends = 0;
  /** How often in a row it failed alone, its connection living on. */
  setbacks = 0;
  /** How far the last attempt came that is over. */
  delivery: Delivery = 'not-sent';
  /** It was unanswered when a connection ended for a reason that one of its operations may have caused. */
  suspect = false;
  /** Such a connection ended while it was on trial, but not alone: the next time it is convicted. */
  accused = false;
  /** How long it has to live in its next trial, ms. */
  patienceMs = 0;
  key: IdempotencyKey | undefined;
  /** Set by whoever watches a signal on its behalf; called once, when it ends. */
  released: (() => void) | undefined;
  /** The interceptors of calls, while what comes goes to them first. */
  relay: Receiver | undefined;
  /** How the last HTTP answer to it began. */
  head: ResponseHead | undefined;
  /** The server did not accept the credentials that it was sent with; that is worth new ones once. */
  refused = false;
  /** The last thing that went wrong with it. */
  lastFailure: Failure | undefined;

  constructor(request: OperationRequest, rule: ResolvedRule, key: string | undefined) {
    super();
    this.request = request;
    this.rule = rule;
    this.key = key === undefined ? undefined : { key, heldUntil: undefined };
    takeUploads(request);
  }

  /** For messages: `Mutation "addOrder"`. */
  get title(): string {
    const { kind, operationName } = this.request;
    const noun = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    return operationName === undefined ? noun : `${noun} "${operationName}"`;
  }

  /** What was handed to a connection was provably not sent: that was no attempt, and no server holds its key. */
  returned(): void {
    this.sends -= 1;
    if (this.key !== undefined && this.delivery === 'not-sent') this.key = { key: this.key.key, heldUntil: undefined };
  }

  get yields(): Yield {
    return this.request.kind === 'subscription' ? 'events' : 'answer';
  }

  /** Whether this is all, or the last, of what its consumer gets. */
  endsWith(result: Result): boolean {
    return this.yields === 'answer' || (this.yields === 'parts' && result.hasNext !== true);
  }

  /** Its consumer holds what another send would contradict. */
  get committed(): boolean {
    return false;
  }

  /** How long it may take, ms. */
  get deadlineMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** When that time is over, ms since the epoch. */
  get deadlineAt(): number {
    return Number.POSITIVE_INFINITY;
  }

  get receiver(): Receiver {
    return this.relay ?? this;
  }

  /** Its events are kept from coming: it is parked, or its transport holds it back. */
  get heldBack(): boolean {
    return this.place.at === 'parked' || (this.place.at === 'running' && this.place.attempt.heldBack);
  }

  /** How far it came, the running attempt included. */
  get reached(): Delivery {
    const running = this.place.at === 'running' ? this.place.attempt.delivery : 'not-sent';
    return running === 'not-sent' ? this.delivery : running;
  }

  /** How often it was sent: an attempt that still waits on its connection is none. */
  get attempts(): number {
    const { place, sends } = this;
    return place.at === 'running' && place.attempt.delivery === 'not-sent' ? sends - 1 : sends;
  }

  /** It is being sent: the first time, or again after `interrupted`. */
  abstract started(at: number): void;
  /** Its attempt ended or was stopped without an answer; it may be started again. `since`: the last sign of life. */
  abstract interrupted(reason: Interruption, since: number): void;
  abstract deliver(result: Result, bytes: number): void;
  abstract finish(): void;
  abstract fail(error: Error): void;

  /** The server refused to begin: it did not know the document, or answered the request with an HTTP status. */
  notBegun(): void {}

  /** It will be started again. */
  interrupt(reason: Interruption, since: number): void {
    this.observer?.interrupted(this, reason);
    this.interrupted(reason, since);
  }

  /** Its consumer has its end: nobody watches on its behalf any more. May be called again. */
  protected ended(error?: Error): void {
    this.released?.();
    this.released = undefined;
    releaseUploads(this.request);
    this.observer?.ended(this, error);
    this.observer = undefined;
  }

  /** Ends it for its consumer at once, with nothing delivered any more. */
  abort(error: Error): void {
    this.fail(error);
  }
}

/** Who is told what comes of an attempt. */
export interface AttemptOwner {
  sending(attempt: Attempt): void;
  answered(attempt: Attempt, result: Result, bytes: number): void;
  errored(attempt: Attempt, failure: Failure): void;
  completed(attempt: Attempt): void;
}

/** The connection that an attempt is made on. */
export interface SentOn {
  readonly generation: number;
  readonly credentials: Credentials;
}

/** One send of an operation on one connection. What arrives for an attempt that is over goes nowhere. */
export class Attempt implements Sink {
  readonly operation: Operation;
  /** Of its request. */
  readonly id: string;
  readonly generation: number;
  readonly credentials: Credentials;
  readonly startedAt: number;
  /** What it is the running place of; the same object for the attempt's life. */
  readonly place: Place;
  delivery: Delivery = 'not-sent';
  /** The peer lived on with it, as later pings that came back have shown. */
  harmless = false;
  /** The transport was told to hold its events back. */
  heldBack = false;
  handle: Handle | undefined;
  /** How many results came for it. */
  parts = 0;
  /** Of a call whose answer comes in parts: what has come of it. */
  answer: IncrementalAnswer | undefined;
  readonly #owner: AttemptOwner;

  constructor(operation: Operation, id: string, on: SentOn, startedAt: number, owner: AttemptOwner) {
    this.operation = operation;
    this.id = id;
    this.generation = on.generation;
    this.credentials = on.credentials;
    this.startedAt = startedAt;
    this.#owner = owner;
    this.place = { at: 'running', attempt: this };
  }

  get current(): boolean {
    return this.operation.place === this.place;
  }

  /** How far it came, where it goes wrong without more being known: events that came say nothing of those that follow. */
  get unlessKnown(): Delivery {
    return this.operation.yields === 'events' && this.delivery === 'answered' ? 'unknown' : this.delivery;
  }

  sending(): void {
    this.delivery = 'unknown';
    if (this.current) this.#owner.sending(this);
  }

  next(result: Result, bytes: number, head?: ResponseHead | undefined): void {
    if (!this.current) return;
    this.operation.head = head ?? this.operation.head;
    this.parts += 1;
    // A part of an answer is no answer, and shows that the peer lives on with what it was sent.
    if (this.operation.yields !== 'events' && result.hasNext === true) this.harmless = true;
    else this.delivery = 'answered';
    this.#owner.answered(this, result, bytes);
  }

  error(failure: Failure): void {
    if (!this.current) return;
    this.delivery = failure.delivery ?? this.unlessKnown;
    this.operation.head = headOf(failure) ?? this.operation.head;
    this.#owner.errored(this, failure);
  }

  complete(): void {
    if (!this.current) return;
    this.delivery = 'answered';
    this.#owner.completed(this);
  }
}

/** How the HTTP answer began that was a failure. */
export function headOf({ status, headers = {}, retryAfterMs }: Failure): ResponseHead | undefined {
  return status === undefined ? undefined : { status, headers, retryAfterMs };
}
