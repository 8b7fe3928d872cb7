// A client of HTTP whose every request says who asks, as AppSync wants it: it is signed before it is handed on, and once more
// with something fresh where the server answers with 401, which means that nothing was done (RFC 9110, section 15.5.2).

import type { Clock, Failure, ResponseHead } from '../contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../http/exchange.js';
import { inLowerCase } from '../http/options.js';
import { OpenError } from '../open-error.js';
import type { Authoriser } from './auth.js';
import { authorise, notSent } from './authorise.js';

export interface Signing {
  readonly address: URL;
  readonly authoriser: Authoriser;
  readonly clock: Clock;
}

export function signingClient(inner: HttpClient, signing: Signing): HttpClient {
  return {
    send: (request, events) => new SigningExchange(request, events, inner, signing).begin(),
    close: (graceMs) => inner.close(graceMs),
    destroy: () => inner.destroy(),
  };
}

class SigningExchange implements Exchange, ExchangeEvents {
  readonly #request: HttpRequest;
  readonly #events: ExchangeEvents;
  readonly #inner: HttpClient;
  readonly #signing: Signing;
  readonly #givenUp = new AbortController();
  #exchange: Exchange | undefined;
  #sent = false;
  #refreshed = false;
  #over = false;

  constructor(request: HttpRequest, events: ExchangeEvents, inner: HttpClient, signing: Signing) {
    this.#request = request;
    this.#events = events;
    this.#inner = inner;
    this.#signing = signing;
  }

  begin(): this {
    void this.#begin();
    return this;
  }

  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#givenUp.abort();
    this.#exchange?.cancel();
  }

  sending(): void {
    if (this.#sent) return;
    this.#sent = true;
    this.#events.sending();
  }

  head(head: ResponseHead): void {
    if (head.status === 401 && !this.#refreshed && this.#signing.authoriser.canRefresh) {
      this.#refreshed = true;
      this.#exchange?.cancel();
      void this.#begin();
    } else this.#events.head(head);
  }

  chunk(bytes: Uint8Array): void {
    this.#events.chunk(bytes);
  }

  end(): void {
    this.#over = true;
    this.#events.end();
  }

  failed(failure: Failure): void {
    this.#over = true;
    this.#events.failed(failure);
  }

  async #begin(): Promise<void> {
    let request: HttpRequest;
    try {
      request = await this.#signed();
    } catch (error) {
      if (!this.#over) this.failed(notSent(error));
      return;
    }
    if (!this.#over) this.#exchange = this.#inner.send(request, this);
  }

  async #signed(): Promise<HttpRequest> {
    const { method, path, headers, body } = this.#request;
    if (typeof body !== 'string') throw new OpenError(noFiles);
    const { address, authoriser, clock } = this.#signing;
    const contentType = headers['content-type'];
    const signable = {
      method,
      url: new URL(path, address),
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      body,
    };
    const { signal } = this.#givenUp;
    const added = await authorise(authoriser, signable, { clock, signal, forceRefresh: this.#refreshed });
    return { ...this.#request, headers: { ...headers, ...inLowerCase(added) } };
  }
}

const noFiles: Failure = {
  code: 'bad-option',
  phase: 'operation',
  message:
    'It holds a file, and AppSync takes none: put the file where the API can find it, such as S3, and send its name.',
};
