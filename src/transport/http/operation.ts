// One operation over HTTP, from its request to its last word: collects a JSON answer, or reads a stream of events or parts as
// it comes, and is silent from the moment it is cancelled.

import type { BodyReader, Outcome, Unreadable } from '../../protocol/http/outcome.js';
import type { Failure, Handle, Request, ResponseHead, Sink } from '../contract.js';
import { type AnswerContext, quote, readAnswer } from './answer.js';
import { BodyText } from './body-text.js';
import type { Exchange, ExchangeEvents } from './exchange.js';
import { parseRetryAfter } from './retry-after.js';
import { brokenStream, cutStream, silentStream, tooLarge, unfinishedAnswer } from './stream-failures.js';
import type { StreamWatch } from './stream-watch.js';
import type { UploadBody } from './upload-body.js';

/** What an operation needs of its connection. */
export interface OperationHost {
  readonly answers: AnswerContext;
  readonly maxMessageBytes: number;
  /** A sign of life. */
  heard(): void;
  /** How to read the body of an answer that comes as a stream; undefined where it comes whole. */
  readerFor(head: ResponseHead, request: Request): BodyReader | undefined;
  /** Watches a stream that falls silent. */
  watch(silent: (ms: number) => void): StreamWatch;
  /** Nothing will be told of it any more. */
  ended(operation: HttpOperation): void;
}

type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'whole'; readonly head: ResponseHead; readonly text: BodyText }
  | { readonly kind: 'stream'; readonly head: ResponseHead; readonly reader: BodyReader; readonly watch: StreamWatch };

const noBody: Body = { kind: 'none' };

export class HttpOperation implements Handle, ExchangeEvents {
  readonly #request: Request;
  readonly #sink: Sink;
  readonly #host: OperationHost;
  /** What writes the request's body, where that is of files. */
  readonly #form: UploadBody | undefined;
  #exchange: Exchange | undefined;
  #body: Body = noBody;
  #over = false;

  constructor(request: Request, sink: Sink, host: OperationHost, form: UploadBody | undefined) {
    this.#request = request;
    this.#sink = sink;
    this.#host = host;
    this.#form = form;
  }

  /** What carries it. Given right after the client took the request. */
  carriedBy(exchange: Exchange): void {
    this.#exchange = exchange;
    if (this.#over) exchange.cancel();
  }

  cancel(): void {
    if (!this.#over) this.#leave();
  }

  /** Only a stream is worth holding back: an answer is one piece. */
  get flow(): this | undefined {
    return this.#request.kind === 'subscription' && this.#exchange?.flow !== undefined ? this : undefined;
  }

  pause(): void {
    if (this.#over) return;
    if (this.#body.kind === 'stream') this.#body.watch.pause();
    this.#exchange?.flow?.pause();
  }

  resume(): void {
    if (this.#over) return;
    if (this.#body.kind === 'stream') this.#body.watch.resume();
    this.#exchange?.flow?.resume();
  }

  sending(): void {
    if (!this.#over) this.#sink.sending();
  }

  head(head: ResponseHead): void {
    this.#host.heard();
    const reader = this.#host.readerFor(head, this.#request);
    this.#body =
      reader === undefined
        ? { kind: 'whole', head, text: new BodyText() }
        : {
            kind: 'stream',
            head,
            reader,
            watch: this.#host.watch((ms) => this.#fail(silentStream(this.#place, head, ms))),
          };
  }

  chunk(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#host.heard();
    const body = this.#body;
    if (body.kind === 'whole') {
      const { maxMessageBytes } = this.#host;
      body.text.add(bytes);
      if (body.text.bytes > maxMessageBytes) this.#fail(tooLarge(body.text.bytes, maxMessageBytes, body.head));
    } else if (body.kind === 'stream') {
      for (const outcome of body.reader.push(bytes)) this.#hear(outcome, body);
      body.watch.heard();
    }
  }

  end(): void {
    const body = this.#body;
    if (this.#over) {
      if (body.kind === 'stream') body.watch.end();
    } else if (body.kind === 'stream') this.#hear(body.reader.end(), body);
    else if (body.kind === 'whole') this.#answer(body.head, body.text);
  }

  failed(failure: Failure): void {
    const body = this.#body;
    if (body.kind === 'stream') body.watch.end();
    if (this.#over) return;
    this.#finish();
    // A source that failed is why, whatever the client of HTTP made of that.
    const why = this.#form?.failure ?? failure;
    this.#sink.error(body.kind === 'none' ? why : { ...why, status: body.head.status, headers: body.head.headers });
  }

  #answer(head: ResponseHead, text: BodyText): void {
    const { answers } = this.#host;
    const answer = readAnswer(text.toString(), head, answers);
    if ('failure' in answer) {
      this.#fail(answer.failure);
      return;
    }
    const { result } = answer;
    if (this.#request.kind === 'subscription') {
      // Not a stream: the server has only this to say.
      this.#sink.next(result, text.bytes, withRetryAfter(head, answers));
      this.#complete();
    } else if (result.hasNext === true) {
      this.#fail(unfinishedAnswer(this.#place, head));
    } else {
      this.#finish();
      this.#sink.next(result, text.bytes, withRetryAfter(head, answers));
    }
  }

  #hear(outcome: Outcome, { head, watch }: Extract<Body, { kind: 'stream' }>): void {
    if (this.#over) return;
    switch (outcome.type) {
      case 'next': {
        const { result, bytes } = outcome;
        // A query or mutation ends with its last part, whatever the server still has to say.
        if (this.#request.kind !== 'subscription' && result.hasNext !== true) this.#finish();
        this.#sink.next(result, bytes, head);
        return;
      }
      case 'alive':
        watch.heartbeat();
        return;
      case 'complete':
        this.#complete();
        return;
      case 'errors':
        this.#fail({
          code: 'graphql-errors',
          phase: 'operation',
          message: outcome.errors[0].message,
          errors: outcome.errors,
          status: head.status,
          headers: head.headers,
          delivery: 'answered',
        });
        return;
      case 'skipped':
        console.warn(`holdfast: a part of the stream of ${this.#place} was skipped: ${told(outcome)}.`);
        return;
      case 'too-large':
        this.#fail(tooLarge(outcome.bytes, this.#host.maxMessageBytes, head));
        return;
      case 'truncated':
        this.#fail(cutStream(this.#place, head));
        return;
      case 'invalid':
        this.#fail({ ...brokenStream(this.#place, head, told(outcome)), cause: outcome.cause });
        return;
    }
  }

  #complete(): void {
    if (this.#over) return;
    this.#finish();
    this.#sink.complete();
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    this.#leave();
    this.#sink.error(failure);
  }

  /** The server is told to stop: what it still sends is for nobody. */
  #leave(): void {
    this.#finish();
    if (this.#body.kind === 'stream') this.#body.watch.end();
    this.#exchange?.cancel();
  }

  #finish(): void {
    this.#over = true;
    this.#form?.close();
    if (this.#body.kind === 'stream') this.#body.watch.linger(() => this.#exchange?.cancel());
    this.#host.ended(this);
  }

  get #place(): string {
    return this.#host.answers.place;
  }
}

/** A server that is overloaded may say so beside an answer. */
export function withRetryAfter(head: ResponseHead, { now }: AnswerContext): ResponseHead {
  if (head.status !== 429 && head.status !== 503) return head;
  return { ...head, retryAfterMs: parseRetryAfter(head.headers['retry-after'], now()) };
}

/** What could not be read, and how it begins. */
function told({ reason, start }: Unreadable): string {
  return start === '' ? reason : `${reason}: ${quote(start)}`;
}
