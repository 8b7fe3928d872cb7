// One operation on a shared stream: a request that is answered with "accepted" or with a refusal, and events that come by
// another way, which may be there first. GraphQL over SSE, sections "Executing operations" and "Stopping streaming operations".

import { bodyKind, parseMediaType } from '../../../protocol/http/media-type.js';
import type { Clock, Failure, Handle, Request, ResponseHead, Sink } from '../../contract.js';
import { type AnswerContext, isSuccess, quote, readAnswer, unusableFailure, withRetryAfter } from '../answer.js';
import { BodyText } from '../body-text.js';
import type { Exchange, ExchangeEvents } from '../exchange.js';
import { brokenStream, tooLarge } from '../stream-failures.js';
import type { UploadBody } from '../upload-body.js';
import type { OperationEvent } from './events.js';

/** How long the answer to a request may take after its operation is over, before its connection is taken from it, ms. */
const lingerMs = 5_000;

export interface SharedOperationHost {
  readonly answers: AnswerContext;
  readonly maxMessageBytes: number;
  readonly clock: Clock;
  /** How the answer began that events come in. */
  readonly streamHead: ResponseHead;
  /** Events with its id are for nobody from now on. */
  ended(operation: SharedOperation): void;
  /** Its request is over too. */
  released(operation: SharedOperation): void;
  /** Tells the server to stop it. */
  stop(operation: SharedOperation): void;
  /** The server knows the stream no more, so it has not begun the operation. */
  forgotten(operation: SharedOperation, head: ResponseHead): void;
}

export class SharedOperation implements Handle, ExchangeEvents {
  readonly id: string;
  readonly #isCall: boolean;
  readonly #sink: Sink;
  readonly #host: SharedOperationHost;
  readonly #form: UploadBody | undefined;
  #exchange: Exchange | undefined;
  #asking: 'unsent' | 'sent' | 'over' = 'unsent';
  #answer: { readonly head: ResponseHead; readonly text: BodyText } | undefined;
  /** The server has it: events come, or "accepted" did. */
  #accepted = false;
  #over = false;
  #cancelled = false;
  #cancelTimer: (() => void) | undefined;

  /** `form`: what writes the request's body, where that is of files. */
  constructor({ id, kind }: Request, sink: Sink, host: SharedOperationHost, form: UploadBody | undefined) {
    this.id = id;
    this.#isCall = kind !== 'subscription';
    this.#sink = sink;
    this.#host = host;
    this.#form = form;
  }

  /** What carries its request. Given right after the client took that. */
  carriedBy(exchange: Exchange): void {
    this.#exchange = exchange;
    if (this.#asking === 'over') exchange.cancel();
  }

  cancel(): void {
    if (this.#over) return;
    this.#cancelled = true;
    this.#leave();
  }

  /** Its connection is gone: nothing is told of it any more. */
  drop(): void {
    this.#over = true;
    this.#form?.close();
    this.#giveUpAsking();
  }

  /** An event of the stream. */
  hear(event: OperationEvent): void {
    if (this.#over) return;
    this.#accepted = true;
    const { answers, streamHead, maxMessageBytes } = this.#host;
    switch (event.type) {
      case 'next':
        // A query or mutation ends with its last part, whatever the server still has to say.
        if (this.#isCall && event.result.hasNext !== true) this.#finish();
        this.#sink.next(event.result, event.bytes, streamHead);
        return;
      case 'complete':
        this.#finish();
        this.#sink.complete();
        return;
      case 'unreadable':
        this.#fail(brokenStream(answers.place, streamHead, `${event.reason}: ${quote(event.start)}`));
        return;
      case 'oversized':
        this.#fail(tooLarge(event.bytes, maxMessageBytes, streamHead));
        return;
    }
  }

  /** It fails, and there is nothing to be stopped. */
  refuse(failure: Failure): void {
    if (this.#over) return;
    this.#finish();
    this.#sink.error(failure);
  }

  // What is told of its request.

  sending(): void {
    this.#asking = 'sent';
    this.#sink.sending();
  }

  head(head: ResponseHead): void {
    this.#answer = { head, text: new BodyText() };
    const type = parseMediaType(head.headers['content-type'] ?? '');
    if (head.status === 202) this.#accept();
    else if (type !== undefined && ['event-stream', 'multipart'].includes(bodyKind(type))) {
      // It may have no end.
      this.#refuseAnswer(unusableFailure(`a stream of its own (${type.type})`, '', head, this.#host.answers));
    }
  }

  chunk(bytes: Uint8Array): void {
    if (this.#over || this.#accepted || this.#answer === undefined) return;
    const { head, text } = this.#answer;
    const { maxMessageBytes } = this.#host;
    text.add(bytes);
    if (text.bytes > maxMessageBytes) this.#refuseAnswer(tooLarge(text.bytes, maxMessageBytes, head));
  }

  end(): void {
    this.#asked();
    if (!this.#over && !this.#accepted && this.#answer !== undefined) this.#judge(this.#answer.head, this.#answer.text);
  }

  failed(failure: Failure): void {
    this.#asked();
    if (this.#over || this.#accepted) return;
    this.#finish();
    if (failure.delivery !== 'not-sent') this.#host.stop(this);
    const why = this.#form?.failure ?? failure;
    this.#sink.error(this.#answer === undefined ? why : { ...why, ...this.#answer.head });
  }

  /**
   * It may come after the operation was given up: then the order to stop may have come before the operation did, to a server
   * that had nothing to stop. Not where events had come before.
   */
  #accept(): void {
    const wasKnown = this.#accepted;
    this.#accepted = true;
    if (this.#cancelled && !wasKnown) this.#host.stop(this);
  }

  #judge(head: ResponseHead, text: BodyText): void {
    const { answers } = this.#host;
    if (head.status === 404) {
      this.#host.forgotten(this, head);
      return;
    }
    // Accepted, in other words.
    if (text.bytes === 0 && isSuccess(head)) return;
    const answer = readAnswer(text, head, answers);
    if ('failure' in answer) {
      this.refuse(answer.failure);
      return;
    }
    if (this.#isCall) this.#finish();
    this.#sink.next(answer.result, text.bytes, withRetryAfter(head, answers));
    if (this.#over) return;
    this.#finish();
    this.#sink.complete();
  }

  /** Nothing more of the answer is wanted. */
  #refuseAnswer(failure: Failure): void {
    this.#giveUpAsking();
    this.refuse(failure);
  }

  #fail(failure: Failure): void {
    this.#leave();
    this.#sink.error(failure);
  }

  /** The server is told to stop: what it still sends is for nobody. */
  #leave(): void {
    const sent = this.#asking !== 'unsent';
    // Files that nobody waits for are not sent to their end.
    if (!sent || this.#form !== undefined) this.#giveUpAsking();
    this.#finish();
    if (sent) this.#host.stop(this);
  }

  #finish(): void {
    this.#over = true;
    this.#form?.close();
    this.#host.ended(this);
    if (this.#asking === 'sent') {
      this.#cancelTimer = this.#host.clock.setTimer(lingerMs, () => this.#giveUpAsking());
    }
  }

  #giveUpAsking(): void {
    if (this.#asking === 'over') return;
    this.#exchange?.cancel();
    this.#asked();
  }

  #asked(): void {
    this.#asking = 'over';
    this.#cancelTimer?.();
    this.#host.released(this);
  }
}
