// A query or mutation whose answer may come in parts, and the iterator its consumer holds. Until its first part it is like a
// call; from then on it is sent again only where its consumer can be given a new answer in the place of the old one.
/// <reference lib="esnext.disposable" preserve="true" />

import type { Result } from '../protocol/result.js';
import type { CallSettings } from './call.js';
import { BufferFullError } from './errors/buffer-full-error.js';
import { SessionError } from './errors/session-error.js';
import { type Interruption, Operation } from './operation.js';
import * as errors from './operation-errors.js';
import type { PartBuffer } from './stream-part.js';

/** What a stream asks of its session. */
export interface StreamOwner {
  /** Nobody wants more of it. */
  cancel(stream: Operation): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

type Step<Part> = Promise<IteratorResult<Part, undefined>>;

const done = { done: true, value: undefined } as const;

/**
 * The parts of one answer, for one consumer. It was started when it was made; breaking out of the loop, `return()` or `await
 * using` stops it on the server.
 */
export interface ResultStream<Part> extends AsyncIterableIterator<Part, undefined>, AsyncDisposable {
  /** Ends it: the parts that wait are dropped. */
  return(): Promise<IteratorReturnResult<undefined>>;
}

export class StreamOperation<Part> extends Operation implements ResultStream<Part> {
  readonly #owner: StreamOwner;
  readonly #parts: PartBuffer<Part>;
  readonly #deadlineMs: number;
  readonly #calledAt: number;
  #sentAt: number | undefined;
  #begun = false;
  /** Those who wait for a step. */
  readonly #pulls: ((step: Step<Part>) => void)[] = [];
  /** Open, or how it ends once its consumer has every part. */
  #end: { readonly error: Error | undefined } | undefined;

  constructor(options: CallSettings, parts: PartBuffer<Part>, owner: StreamOwner) {
    super(options.request, options.rule, options.idempotencyKey);
    this.#owner = owner;
    this.#parts = parts;
    this.#deadlineMs = options.deadlineMs;
    this.#calledAt = options.calledAt;
  }

  override get yields(): 'parts' {
    return 'parts';
  }

  override get committed(): boolean {
    return this.#begun && (this.#parts.final || this.request.kind === 'mutation');
  }

  override get deadlineMs(): number {
    return this.#deadlineMs;
  }

  override get deadlineAt(): number {
    return this.#calledAt + this.#deadlineMs;
  }

  override started(at: number): void {
    this.#sentAt = at;
    this.#parts.restart();
  }

  override interrupt(reason: Interruption, since: number): void {
    super.interrupt(reason, since);
    this.#parts.restart();
  }

  override interrupted(): void {
    // Its last part may be with interceptors: until it is started again, what comes belongs to the answer there is.
  }

  override deliver(result: Result, bytes: number): void {
    const fault = this.#parts.add(result, bytes);
    if (fault !== undefined) {
      this.#giveUp(errors.unusable(this, errors.badPart(fault)));
      return;
    }
    this.#begun = true;
    this.#serve();
    const { exceeded } = this.#parts;
    if (exceeded !== undefined) {
      this.#giveUp(
        new BufferFullError(this.title, exceeded.maxEvents, exceeded.maxBytes, this.sends, 'or ask for snapshots'),
      );
    } else if (this.endsWith(result)) {
      this.#finish(undefined);
    }
  }

  override finish(): void {
    this.fail(errors.unusable(this, errors.noAnswer));
  }

  override fail(error: Error): void {
    this.#finish(error);
  }

  override abort(error: Error): void {
    this.#parts.clear();
    this.#finish(error);
  }

  next(): Step<Part> {
    const step = this.#step();
    if (step !== undefined) return step;
    return new Promise((resolve) => {
      this.#pulls.push(resolve);
    });
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#parts.clear();
    this.#owner.cancel(this);
    this.#finish(undefined);
    this.#end = { error: undefined };
    return Promise.resolve(done);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** It cannot go on, whatever the server still sends. */
  #giveUp(error: Error): void {
    this.#owner.cancel(this);
    this.fail(error);
  }

  #finish(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    if (error instanceof SessionError)
      error.at({ calledAt: this.#calledAt, sentAt: this.#sentAt, endedAt: this.#owner.now() });
    this.ended(error);
    this.#end = { error };
    this.#serve();
  }

  #serve(): void {
    while (this.#pulls.length > 0) {
      const step = this.#step();
      if (step === undefined) return;
      this.#pulls.shift()?.(step);
    }
  }

  /** What comes next, where that is known: a part, the error once, or the end. */
  #step(): Step<Part> | undefined {
    const value = this.#parts.take();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#end === undefined) return undefined;
    const { error } = this.#end;
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve(done) : Promise.reject(error);
  }
}
