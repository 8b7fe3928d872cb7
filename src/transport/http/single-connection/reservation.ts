// The first request of single connection mode: asks for a stream, and gets the token that every request after it carries.
// GraphQL over SSE, section "Making reservations".

import type { Failure, ResponseHead } from '../../contract.js';
import type { AnswerContext } from '../answer.js';
import { BodyText } from '../body-text.js';
import type { ExchangeEvents } from '../exchange.js';
import { notReserved } from './failures.js';

export interface ReservationOwner {
  readonly answers: AnswerContext;
  reserved(token: string): void;
  refused(failure: Failure): void;
}

/** Visible characters, as a header needs them, and no more than servers take in one. */
const token = /^[\x21-\x7e]{1,4096}$/;
/** Of an answer that is none; the rest is not read. */
const maxBytes = 65_536;

export class Reservation implements ExchangeEvents {
  readonly #owner: ReservationOwner;
  readonly #text = new BodyText();
  #head: ResponseHead = { status: 0, headers: {} };

  constructor(owner: ReservationOwner) {
    this.#owner = owner;
  }

  sending(): void {}

  head(head: ResponseHead): void {
    this.#head = head;
  }

  chunk(bytes: Uint8Array): void {
    if (this.#text.bytes <= maxBytes) this.#text.add(bytes);
  }

  end(): void {
    const { answers } = this.#owner;
    const body = this.#text.toString();
    const given = body.trim();
    if (this.#head.status === 201 && token.test(given)) this.#owner.reserved(given);
    else this.#owner.refused(notReserved(answers.place, this.#head, body, answers.now()));
  }

  failed(failure: Failure): void {
    this.#owner.refused({ ...failure, phase: 'connect' });
  }
}
