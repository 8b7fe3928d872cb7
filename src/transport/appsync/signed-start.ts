// One subscription on its way to AppSync: it waits for what says who asks, is sent, and where the server does not accept that,
// is sent once more with something fresh. "Building a real-time WebSocket client" in the AppSync Developer Guide.

import { isUnauthorized } from '../../protocol/dialects/appsync/client.js';
import type { Result } from '../../protocol/result.js';
import type { Failure, Handle, Request, Sink } from '../contract.js';
import { notSent } from './authorise.js';

export interface StartOwner {
  readonly canRefresh: boolean;
  /** The request with what says who asks. Rejects with an OpenError. */
  sign(request: Request, forceRefresh: boolean, signal: AbortSignal): Promise<Request>;
  /** Hands it to the connection. */
  send(request: Request, sink: Sink): Handle;
  /** Nothing more will come of it. */
  over(start: SignedStart): void;
}

export class SignedStart implements Handle, Sink {
  readonly #request: Request;
  readonly #sink: Sink;
  readonly #owner: StartOwner;
  readonly #givenUp = new AbortController();
  #handle: Handle | undefined;
  #sent = false;
  #refreshed = false;
  #over = false;

  constructor(request: Request, sink: Sink, owner: StartOwner) {
    this.#request = request;
    this.#sink = sink;
    this.#owner = owner;
  }

  begin(): void {
    void this.#begin(this.#request);
  }

  cancel(): void {
    if (this.#over) return;
    this.#end();
    this.#givenUp.abort();
    this.#handle?.cancel();
  }

  sending(): void {
    if (this.#sent) return;
    this.#sent = true;
    this.#sink.sending();
  }

  next(result: Result, bytes: number): void {
    if (!this.#over) this.#sink.next(result, bytes);
  }

  error(failure: Failure): void {
    if (this.#over) return;
    if (!this.#refreshed && this.#owner.canRefresh && isRefusal(failure)) {
      this.#refreshed = true;
      this.#handle = undefined;
      // An id is used once: what still comes for the first one is for nobody.
      void this.#begin({ ...this.#request, id: `${this.#request.id}-again` });
    } else this.#fail(failure);
  }

  complete(): void {
    if (this.#over) return;
    this.#end();
    this.#sink.complete();
  }

  async #begin(request: Request): Promise<void> {
    let signed: Request;
    try {
      signed = await this.#owner.sign(request, this.#refreshed, this.#givenUp.signal);
    } catch (error) {
      if (!this.#over) this.#fail(notSent(error));
      return;
    }
    if (!this.#over) this.#handle = this.#owner.send(signed, this);
  }

  #fail(failure: Failure): void {
    this.#end();
    this.#sink.error(failure);
  }

  #end(): void {
    this.#over = true;
    this.#owner.over(this);
  }
}

function isRefusal({ code, errors = [] }: Failure): boolean {
  return code === 'graphql-errors' && errors.some(isUnauthorized);
}
