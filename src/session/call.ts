// A query or mutation and the promise its caller holds.

import type { JsonObject } from '../protocol/json.js';
import type { GraphQLError, Result } from '../protocol/result.js';
import type { OperationRequest } from '../transport/contract.js';
import { GraphQLResultError } from './errors/graphql-result-error.js';
import { ResponseError } from './errors/response-error.js';
import { type FailureTimings, SessionError } from './errors/session-error.js';
import { Operation } from './operation.js';
import { graphqlFailure, noAnswer, unusable, withHead } from './operation-errors.js';
import type { ResolvedRule } from './retry.js';

/** What `result` answers: the server's answer as it was, and how it came about. */
export interface CallResult<T = unknown> {
  readonly data: T | null | undefined;
  /** GraphQL errors do not throw here. */
  readonly errors: readonly GraphQLError[] | undefined;
  readonly extensions: JsonObject | undefined;
  readonly meta: CallMeta;
}

export interface CallMeta {
  readonly request: OperationRequest;
  /** How often it was sent. */
  readonly attempts: number;
  /** The connection that carried the answer. */
  readonly generation: number;
  /** Undefined where the answer did not come over HTTP. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch; `sentAt` is the last send, or `calledAt` where an interceptor answered without one. */
  readonly timings: { readonly calledAt: number; readonly sentAt: number; readonly answeredAt: number };
}

/** What a call is made of; a stream as well. */
export interface CallSettings {
  readonly request: OperationRequest;
  readonly rule: ResolvedRule;
  readonly idempotencyKey: string | undefined;
  readonly deadlineMs: number;
  readonly calledAt: number;
}

export class Call extends Operation {
  readonly promise: Promise<CallResult>;
  readonly #deadlineMs: number;
  readonly #calledAt: number;
  #sentAt: number | undefined;
  #generation = 0;
  #resolve!: (result: CallResult) => void;
  #reject!: (error: Error) => void;
  readonly #now: () => number;

  constructor(options: CallSettings, now: () => number) {
    super(options.request, options.rule, options.idempotencyKey);
    this.#deadlineMs = options.deadlineMs;
    this.#calledAt = options.calledAt;
    this.#now = now;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  override get deadlineMs(): number {
    return this.#deadlineMs;
  }

  override get deadlineAt(): number {
    return this.#calledAt + this.#deadlineMs;
  }

  override started(at: number): void {
    this.#sentAt = at;
    if (this.place.at === 'running') this.#generation = this.place.attempt.generation;
  }

  override interrupted(): void {
    // A call has no history to keep: its next attempt is a new one.
  }

  override deliver(result: Result): void {
    this.ended();
    this.#resolve({
      data: result.data,
      errors: result.errors,
      extensions: result.extensions,
      meta: {
        request: this.request,
        attempts: this.sends,
        generation: this.#generation,
        status: this.head?.status,
        headers: this.head?.headers,
        timings: { calledAt: this.#calledAt, sentAt: this.#sentAt ?? this.#calledAt, answeredAt: this.#now() },
      },
    });
  }

  override finish(): void {
    this.fail(unusable(this, noAnswer));
  }

  override fail(error: Error): void {
    if (error instanceof SessionError) error.at(this.#timingsUntil(this.#now()));
    this.ended(error);
    this.#reject(error);
  }

  /** The data of an answer, or the error that stands for it: what `execute` gives. */
  dataOf({ data, errors, extensions, meta }: CallResult): unknown {
    const timings = this.#timingsUntil(meta.timings.answeredAt);
    if (errors !== undefined && errors.length > 0) {
      const failure = graphqlFailure(errors, meta);
      throw new GraphQLResultError(this.title, errors, { data, extensions }, this.sends, failure).at(timings);
    }
    if (data === null || data === undefined) {
      const message = 'The answer holds neither data nor errors.';
      const failure = withHead({ code: 'no-answer', phase: 'operation', message }, meta);
      throw new ResponseError(this.title, failure, this.sends).at(timings);
    }
    return data;
  }

  #timingsUntil(endedAt: number): FailureTimings {
    return { calledAt: this.#calledAt, sentAt: this.#sentAt, endedAt };
  }
}
