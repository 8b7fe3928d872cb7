// One operation over HTTP, from its request to its last word: collects a JSON answer, or reads a stream of events or parts as
// it comes, and is silent from the moment it is cancelled.

import type { BodyReader, Outcome, Unreadable } from '../../protocol/http/outcome.js';
import { Linked } from '../../protocol/linked-list.js';
import type { Failure, Handle, Request, ResponseHead, Sink } from '../contract.js';
import { type AnswerContext, isSuccess, quote, readAnswer, unusableFailure, withRetryAfter } from './answer.js';
import { BodyText } from './body-text.js';
import type { Exchange, ExchangeEvents } from './exchange.js';
import { HeldOutcomes } from './held-outcomes.js';
import { brokenOff, brokenStream, cutStream, silentStream, tooLarge } from './stream-failures.js';
import type { StreamWatch } from './stream-watch.js';
import type { UploadBody } from './upload-body.js';

/** What an operation needs of its connection. */
export interface OperationHost {
  readonly answers: AnswerContext;
  readonly maxMessageBytes: number;
  /** A sign of life. */
  heard(): void;
  /** An answer begins: a sign of life, and what the server says about itself. */
  answering(head: ResponseHead): void;
  /** How to read the body of an answer that comes as a stream; undefined where it comes whole. */
  readerFor(head: ResponseHead, request: Request): BodyReader | undefined;
  /** Watches a stream that falls silent. */
  watch(silent: (ms: number) => void): StreamWatch;
  /** Nothing will be told of it any more. */
  ended(operation: HttpOperation): void;
}

/** `opening`: what came before the first result, where the status is no success: it may be no GraphQL at all. */
interface Stream {
  readonly kind: 'stream';
  readonly head: ResponseHead;
  readonly reader: BodyReader;
  readonly watch: StreamWatch;
  readonly held: HeldOutcomes;
  opening: BodyText | undefined;
  /** The body has ended. */
  ended: boolean;
}

/** `draining`: everything was said, and the body of the answer has not ended yet. */
type State =
  | { readonly kind: 'asked' }
  | { readonly kind: 'whole'; readonly head: ResponseHead; readonly text: BodyText }
  | Stream
  | { readonly kind: 'draining'; readonly watch: StreamWatch }
  | { readonly kind: 'over' };

/** What a stream ends with, where that is not its completion. */
type StreamEnd = Extract<Outcome, { readonly type: 'errors' | 'too-large' | 'truncated' | 'invalid' }>;

const asked: State = { kind: 'asked' };
const over: State = { kind: 'over' };
/** How much of an answer that is no GraphQL is kept to be quoted. */
const openingBytes = 1_024;

export class HttpOperation extends Linked<HttpOperation> implements Handle, ExchangeEvents {
  readonly #request: Request;
  readonly #sink: Sink;
  readonly #host: OperationHost;
  /** What writes the request's body, where that is of files. */
  readonly #form: UploadBody | undefined;
  #exchange: Exchange | undefined;
  #state: State = asked;

  constructor(request: Request, sink: Sink, host: OperationHost, form: UploadBody | undefined) {
    super();
    this.#request = request;
    this.#sink = sink;
    this.#host = host;
    this.#form = form;
  }

  /** What carries it. Given right after the client took the request. */
  carriedBy(exchange: Exchange): void {
    this.#exchange = exchange;
    if (this.#state.kind === 'over') exchange.cancel();
  }

  /** The server is told to stop: what it still sends is for nobody. */
  cancel(): void {
    if (this.#state.kind === 'over') return;
    this.#release();
    this.#exchange?.cancel();
  }

  /** Only a stream is worth holding back: an answer is one piece. */
  get flow(): this | undefined {
    return this.#request.kind === 'subscription' && this.#exchange?.flow !== undefined ? this : undefined;
  }

  pause(): void {
    if (this.#state.kind !== 'stream') return;
    this.#state.watch.pause();
    this.#state.held.pause();
    this.#exchange?.flow?.pause();
  }

  resume(): void {
    const state = this.#state;
    if (state.kind !== 'stream') return;
    state.watch.resume();
    state.held.resume(() => {
      if (state.ended) this.#release();
      else this.#exchange?.flow?.resume();
    });
  }

  sending(): void {
    this.#sink.sending();
  }

  head(head: ResponseHead): void {
    this.#host.answering(head);
    const told = withRetryAfter(head, this.#host.answers);
    const reader = this.#host.readerFor(head, this.#request);
    if (reader === undefined) {
      this.#state = { kind: 'whole', head: told, text: new BodyText() };
      return;
    }
    const watch = this.#host.watch((ms) => this.#fail(silentStream(this.#place, head, ms)));
    const held = new HeldOutcomes((outcome) => this.#hear(outcome));
    const opening = isSuccess(head) ? undefined : new BodyText();
    this.#state = { kind: 'stream', head: told, reader, watch, held, opening, ended: false };
  }

  chunk(bytes: Uint8Array): void {
    this.#host.heard();
    const state = this.#state;
    if (state.kind === 'whole') {
      const { maxMessageBytes } = this.#host;
      state.text.add(bytes);
      if (state.text.bytes > maxMessageBytes) this.#fail(tooLarge(state.text.bytes, maxMessageBytes, state.head));
    } else if (state.kind === 'stream') {
      const { opening, reader, watch, held } = state;
      if (opening !== undefined && opening.bytes < openingBytes) opening.add(bytes);
      held.add(reader.push(bytes));
      watch.heard();
    }
  }

  end(): void {
    const state = this.#state;
    if (state.kind === 'whole') this.#answer(state.head, state.text);
    else if (state.kind === 'stream') {
      state.ended = true;
      state.held.add([state.reader.end()]);
      if (state.held.any) return;
    }
    this.#release();
  }

  failed(failure: Failure): void {
    const state = this.#state;
    this.#release();
    if (state.kind === 'draining' || state.kind === 'over') return;
    // A source that failed is why, whatever the client of HTTP made of that.
    const why = this.#form?.failure ?? failure;
    this.#sink.error(state.kind === 'asked' ? why : brokenOff(why, state.head));
  }

  #answer(head: ResponseHead, text: BodyText): void {
    const answer = readAnswer(text, head, this.#host.answers);
    if ('failure' in answer) {
      this.#release();
      this.#sink.error(answer.failure);
      return;
    }
    if (this.#request.kind !== 'subscription') this.#release();
    this.#sink.next(answer.result, text.bytes, head);
    if (this.#state.kind === 'over') return;
    // Not a stream: the server has only this to say.
    this.#release();
    this.#sink.complete();
  }

  #hear(outcome: Outcome): void {
    const state = this.#state;
    if (state.kind !== 'stream') return;
    const { head, opening, watch } = state;
    if (outcome.type === 'alive') {
      watch.heartbeat();
      return;
    }
    watch.spoke();
    if (outcome.type === 'next') {
      const { result, bytes } = outcome;
      state.opening = undefined;
      // A query or mutation ends with its last part, whatever the server still has to say.
      if (this.#request.kind !== 'subscription' && result.hasNext !== true) this.#drain(watch);
      this.#sink.next(result, bytes, head);
    } else if (outcome.type === 'skipped') {
      console.warn(`holdfast: a part of the stream of ${this.#place} was skipped: ${told(outcome)}.`);
    } else if (opening !== undefined && outcome.type !== 'errors' && outcome.type !== 'too-large') {
      this.#fail(unusableFailure('no GraphQL response', opening.toString(), head, this.#host.answers));
    } else if (outcome.type === 'complete') {
      this.#drain(watch);
      this.#sink.complete();
    } else {
      this.#fail(this.#failureOf(outcome, head));
    }
  }

  #failureOf(outcome: StreamEnd, head: ResponseHead): Failure {
    switch (outcome.type) {
      case 'errors': {
        const { status, headers } = head;
        const { errors } = outcome;
        const message = errors[0].message;
        return { code: 'graphql-errors', phase: 'operation', message, errors, status, headers, delivery: 'answered' };
      }
      case 'too-large':
        return tooLarge(outcome.bytes, this.#host.maxMessageBytes, head);
      case 'truncated':
        return cutStream(this.#place, head);
      case 'invalid':
        return { ...brokenStream(this.#place, head, told(outcome)), cause: outcome.cause };
    }
  }

  #fail(failure: Failure): void {
    if (this.#state.kind === 'over') return;
    this.cancel();
    this.#sink.error(failure);
  }

  /** The body has a moment to end by itself, so that its socket stays good for others. */
  #drain(watch: StreamWatch): void {
    this.#form?.close();
    this.#state = { kind: 'draining', watch };
    watch.linger(() => this.cancel());
  }

  /** Nothing is told of it any more, and nothing of it is left. */
  #release(): void {
    const state = this.#state;
    if (state.kind === 'over') return;
    this.#state = over;
    if (state.kind === 'stream' || state.kind === 'draining') state.watch.end();
    this.#form?.close();
    this.#host.ended(this);
  }

  get #place(): string {
    return this.#host.answers.place;
  }
}

/** What could not be read, and how it begins. */
function told({ reason, start }: Unreadable): string {
  return start === '' ? reason : `${reason}: ${quote(start)}`;
}
