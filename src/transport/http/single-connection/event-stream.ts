// The stream that many operations share, from the head of its answer to its end, however that comes. GraphQL over SSE, "single
// connection mode". Whoever owns it is told what it says, and once why it is no more.

import { bodyKind, parseMediaType } from '../../../protocol/http/media-type.js';
import type { Clock, Closure, Failure, ResponseHead } from '../../contract.js';
import type { AnswerContext } from '../answer.js';
import type { ExchangeEvents } from '../exchange.js';
import { StreamWatch } from '../stream-watch.js';
import { type OperationEvent, type StreamEvent, StreamEventReader } from './events.js';
import {
  brokenStream,
  closureOf,
  endedStream,
  lostStream,
  notOpened,
  oversizedStream,
  silentStream,
} from './failures.js';

export interface EventStreamOwner {
  readonly answers: AnswerContext;
  readonly maxMessageBytes: number;
  opened(head: ResponseHead): void;
  /** Any byte of it. */
  streamHeard(): void;
  said(event: OperationEvent): void;
  /** It is no more, or never was. What it says after that is for nobody. */
  streamLost(closure: Closure): void;
}

export class EventStream implements ExchangeEvents {
  readonly #owner: EventStreamOwner;
  readonly #clock: Clock;
  readonly #silenceMs: number | undefined;
  readonly #reader: StreamEventReader;
  /** From the head of the answer on. */
  #watch: StreamWatch | undefined;

  /** `silenceMs`: how long it may be silent; undefined: as the server's heartbeats say. */
  constructor(owner: EventStreamOwner, clock: Clock, silenceMs: number | undefined) {
    this.#owner = owner;
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#reader = new StreamEventReader(owner.maxMessageBytes, owner.answers.parse);
  }

  /** Nobody listens any more. */
  leave(): void {
    this.#watch?.end();
  }

  sending(): void {}

  head(head: ResponseHead): void {
    const { place, now } = this.#owner.answers;
    const type = parseMediaType(head.headers['content-type'] ?? '');
    if (head.status !== 200 || type === undefined || bodyKind(type) !== 'event-stream') {
      this.#lose('peer', notOpened(place, head, now()));
      return;
    }
    const silent = (ms: number): void => this.#lose('us', silentStream(place, ms));
    this.#watch = new StreamWatch(this.#clock, this.#silenceMs, silent);
    this.#owner.opened(head);
  }

  chunk(bytes: Uint8Array): void {
    this.#owner.streamHeard();
    for (const event of this.#reader.push(bytes)) this.#hear(event);
    this.#watch?.heard();
  }

  end(): void {
    this.#lose('peer', endedStream(this.#owner.answers.place));
  }

  failed(failure: Failure): void {
    this.#lose('network', this.#watch === undefined ? { ...failure, phase: 'connect' } : lostStream(failure));
  }

  #hear(event: StreamEvent): void {
    switch (event.type) {
      case 'alive':
        this.#watch?.heartbeat();
        return;
      case 'invalid':
        this.#lose('us', brokenStream(this.#owner.answers.place, event));
        return;
      case 'too-large':
        this.#lose('us', oversizedStream(event.bytes));
        return;
      default:
        this.#watch?.spoke();
        this.#owner.said(event);
    }
  }

  #lose(by: Closure['by'], failure: Failure): void {
    this.#owner.streamLost(closureOf(by, failure));
  }
}
