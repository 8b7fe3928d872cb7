// A connection to the real-time side of AppSync: what a WebSocket is, for subscriptions only, each of them signed before it is
// sent. "Building a real-time WebSocket client" in the AppSync Developer Guide.

import { appSyncData } from '../../protocol/dialects/appsync/client.js';
import { JsonText } from '../../protocol/json-text.js';
import type { Capabilities, Clock, Closure, Connection, Failure, Handle, Request, Sink } from '../contract.js';
import { OpenError } from '../open-error.js';
import { authorization, startRequest } from './addresses.js';
import type { Authoriser } from './auth.js';
import { authorise } from './authorise.js';
import { SignedStart, type StartOwner } from './signed-start.js';

const subscriptionsOnly: Failure = {
  code: 'bad-option',
  phase: 'operation',
  message:
    'The real-time side of AppSync carries subscriptions only. Give the session what appSync(address, { auth }) answers as its transport: a route, which sends queries and mutations over HTTP.',
  delivery: 'not-sent',
};

/** Nothing is asked with a ping: AppSync does not promise an answer, and says itself how often it is to be heard. */
export class AppSyncConnection implements Connection, StartOwner {
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly closed: Promise<Closure>;
  readonly canRefresh: boolean;
  readonly #inner: Connection;
  readonly #address: URL;
  readonly #authoriser: Authoriser;
  readonly #clock: Clock;
  readonly #starts = new Set<SignedStart>();

  constructor(inner: Connection, address: URL, authoriser: Authoriser, clock: Clock) {
    this.#inner = inner;
    this.#address = address;
    this.#authoriser = authoriser;
    this.#clock = clock;
    this.headers = inner.headers;
    this.canRefresh = authoriser.canRefresh;
    this.closed = inner.closed;
    // What still waits for its signature is told nothing: its session decides by how the connection ended.
    void inner.closed.then(() => {
      for (const start of this.#starts) start.cancel();
    });
  }

  get capabilities(): Capabilities {
    return { ...this.#inner.capabilities, operations: ['subscription'] };
  }

  start(request: Request, sink: Sink): Handle {
    const start = new SignedStart(request, sink, this);
    this.#starts.add(start);
    start.begin();
    return start;
  }

  close(closure: Closure, graceMs: number): Promise<void> {
    return this.#inner.close(closure, graceMs);
  }

  terminate(closure: Closure): void {
    this.#inner.terminate(closure);
  }

  // What one start needs.

  async sign(request: Request, forceRefresh: boolean, signal: AbortSignal): Promise<Request> {
    if (request.kind !== 'subscription') throw new OpenError(subscriptionsOnly);
    const address = this.#address;
    const signable = startRequest(address, appSyncData(request));
    const headers = await authorise(this.#authoriser, signable, { clock: this.#clock, signal, forceRefresh });
    const members = { authorization: authorization(address, headers) };
    return { ...request, extensions: request.extensions?.with(members) ?? JsonText.of(members) };
  }

  send(request: Request, sink: Sink): Handle {
    return this.#inner.start(request, sink);
  }

  over(start: SignedStart): void {
    this.#starts.delete(start);
  }
}
