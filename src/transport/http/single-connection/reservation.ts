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
/** What is longer is no token, and is not read to its end. */
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
    this.#text.add(bytes);
    if (this.#text.bytes > maxBytes) this.#refuse();
  }

  end(): void {
    const given = this.#text.toString().trim();
    if (this.#head.status === 201 && token.test(given)) this.#owner.reserved(given);
    else this.#refuse();
  }

  failed(failure: Failure): void {
    this.#owner.refused({ ...failure, phase: 'connect' });
  }

  #refuse(): void {
    const { place, now } = this.#owner.answers;
    this.#owner.refused(notReserved(place, this.#head, this.#text.toString(), now()));
  }
}
