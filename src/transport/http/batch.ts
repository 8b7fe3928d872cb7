// One batch: several operations in one HTTP request, as a JSON list, answered by a list in the same order. Each entry has its
// own outcome; nobody's abort and nobody's errors are another one's.

import { operationText } from '../../protocol/operation-text.js';
import type { Failure, Handle, Request, ResponseHead, Sink } from '../contract.js';
import { type AnswerContext, readEntry, unusableFailure, withRetryAfter } from './answer.js';
import { BodyText } from './body-text.js';
import type { Exchange, ExchangeEvents } from './exchange.js';
import { brokenOff, tooLarge } from './stream-failures.js';

/** What a batch needs of its connection. */
export interface BatchHost {
  readonly answers: AnswerContext;
  readonly maxMessageBytes: number;
  heard(): void;
  answering(head: ResponseHead): void;
}

export class BatchEntry implements Handle {
  readonly request: Request;
  readonly sink: Sink;
  over = false;
  /** Who has to know that nobody wants it any more: who keeps it until it is sent, then its batch. */
  left: () => void = () => {};

  constructor(request: Request, sink: Sink) {
    this.request = request;
    this.sink = sink;
  }

  cancel(): void {
    if (this.over) return;
    this.over = true;
    this.left();
  }
}

/** The body of the request that asks for all of them. */
export function batchText(entries: readonly BatchEntry[]): string {
  return `[${entries.map(({ request }) => operationText(request)).join(',')}]`;
}

export class Batch implements ExchangeEvents {
  readonly #entries: readonly BatchEntry[];
  readonly #host: BatchHost;
  readonly #ended: (batch: Batch) => void;
  readonly #body: BodyText = new BodyText();
  #head: ResponseHead | undefined;
  #exchange: Exchange | undefined;

  constructor(entries: readonly BatchEntry[], host: BatchHost, ended: (batch: Batch) => void) {
    this.#entries = entries;
    this.#host = host;
    this.#ended = ended;
    for (const entry of entries) entry.left = () => this.#look();
  }

  carriedBy(exchange: Exchange): void {
    this.#exchange = exchange;
    this.#look();
  }

  cancel(): void {
    for (const entry of this.#entries) entry.cancel();
  }

  sending(): void {
    for (const { over, sink } of this.#entries) if (!over) sink.sending();
  }

  head(head: ResponseHead): void {
    this.#host.answering(head);
    this.#head = withRetryAfter(head, this.#host.answers);
  }

  chunk(bytes: Uint8Array): void {
    const { maxMessageBytes } = this.#host;
    this.#host.heard();
    this.#body.add(bytes);
    if (this.#head === undefined || this.#body.bytes <= maxMessageBytes) return;
    this.#exchange?.cancel();
    this.#fail(tooLarge(this.#body.bytes, maxMessageBytes, this.#head));
  }

  end(): void {
    const head = this.#head;
    if (head === undefined) return;
    const { answers } = this.#host;
    const list = readList(this.#body, answers);
    if (list?.length !== this.#entries.length) {
      const what = `no list of ${this.#entries.length} answers to a batch`;
      this.#fail(unusableFailure(what, this.#body.toString(), head, answers));
      return;
    }
    this.#ended(this);
    this.#entries.forEach((entry, index) => {
      if (entry.over) return;
      entry.over = true;
      const answer = readEntry(list[index], head, answers);
      if ('failure' in answer) entry.sink.error(answer.failure);
      else entry.sink.next(answer.result, this.#body.bytes, head);
    });
  }

  /** An entry was cancelled: the request is given up with the last one. */
  #look(): void {
    if (this.#entries.some(({ over }) => !over)) return;
    this.#exchange?.cancel();
    this.#ended(this);
  }

  failed(failure: Failure): void {
    this.#fail(this.#head === undefined ? failure : brokenOff(failure, this.#head));
  }

  /** Nobody has an answer: each decides for itself what follows. */
  #fail(failure: Failure): void {
    this.#ended(this);
    for (const entry of this.#entries) {
      if (entry.over) continue;
      entry.over = true;
      entry.sink.error({ ...failure });
    }
  }
}

function readList(body: BodyText, { parse }: AnswerContext): readonly unknown[] | undefined {
  try {
    const value = parse(body.read());
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
