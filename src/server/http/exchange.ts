// One request and its answer, as long as they last: until the answer is handed over, or, where it stays open, until it is over.

import { Linked } from '../../protocol/linked-list.js';
import type { Accepted } from './accept.js';
import type { PlainRequest, PlainResponse } from './plain.js';
import { cutOff } from './replies.js';
import type { StreamedBody } from './streamed-body.js';

export class Exchange extends Linked<Exchange> {
  readonly request: PlainRequest;
  readonly accepted: Accepted;
  readonly #answer: (response: PlainResponse) => void;
  readonly #over: (exchange: Exchange) => void;
  #body: { readonly body: StreamedBody; readonly isEndless: boolean } | undefined;

  constructor(
    request: PlainRequest,
    accepted: Accepted,
    answer: (response: PlainResponse) => void,
    over: (exchange: Exchange) => void,
  ) {
    super();
    this.request = request;
    this.accepted = accepted;
    this.#answer = answer;
    this.#over = over;
  }

  /** Its answer is going to be this one, which stays open. `isEndless`: it does not end by itself. */
  stream(body: StreamedBody, isEndless: boolean): void {
    this.#body = { body, isEndless };
  }

  /** An answer that does not end by itself. */
  get endless(): StreamedBody | undefined {
    return this.#body?.isEndless === true ? this.#body.body : undefined;
  }

  answer(response: PlainResponse): void {
    // It was cut while its answer was made.
    if (this.list === undefined) this.#body?.body.closed();
    this.#answer(response);
    if (this.#body === undefined) this.#over(this);
  }

  /** Nobody waits for its answer any more. What is streamed hears of that by itself. */
  gone(): void {
    if (this.#body === undefined) this.answer(cutOff);
  }

  /** Its stream is over. */
  closed(): void {
    this.#over(this);
  }

  cut(): void {
    if (this.#body === undefined) this.answer(cutOff);
    else this.#body.body.cut();
  }
}
