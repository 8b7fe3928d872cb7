// Requests of the fetch client without a connection around it, and everything that is told of them.

import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../src/session/clock.js';
import type { Clock, Failure, ResponseHead } from '../../../../src/transport/contract.js';
import { FetchClient } from '../../../../src/transport/fetch/client.js';
import type { Exchange, ExchangeEvents, HttpRequest } from '../../../../src/transport/http/exchange.js';

export interface ClientSetting {
  readonly fetch?: typeof globalThis.fetch;
  readonly credentials?: RequestCredentials;
  readonly clock?: Clock;
}

export function clientOf(origin: string, setting: ClientSetting = {}): FetchClient {
  const { fetch = globalThis.fetch, credentials, clock = systemClock } = setting;
  const client = new FetchClient({ fetch, credentials, origin, place: `${origin}/graphql` }, clock);
  onTestFinished(() => client.destroy());
  return client;
}

const post: HttpRequest = {
  method: 'POST',
  path: '/graphql',
  headers: { 'content-type': 'application/json' },
  body: '{"query":"{ ok }"}',
  longLived: false,
};

/** What is told of one request. */
export class Told implements ExchangeEvents {
  /** The names of what was told, in order. */
  readonly order: string[] = [];
  readonly chunks: Uint8Array[] = [];
  answer: ResponseHead | undefined;
  failure: Failure | undefined;
  /** `end` or `failed`. */
  readonly over: Promise<void>;
  #end!: () => void;
  #listeners: (() => void)[] = [];

  constructor() {
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  sending(): void {
    this.#tell('sending');
  }

  head(head: ResponseHead): void {
    this.answer = head;
    this.#tell('head');
  }

  chunk(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.#tell('chunk');
  }

  end(): void {
    this.#tell('end');
    this.#end();
  }

  failed(failure: Failure): void {
    this.failure = failure;
    this.#tell('failed');
    this.#end();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Resolves when something of this name has been told. */
  async first(name: 'head' | 'chunk'): Promise<void> {
    while (!this.order.includes(name)) {
      if (this.failure !== undefined) throw new Error(`There was a failure before "${name}": ${this.failure.message}`);
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
  }

  #tell(name: string): void {
    this.order.push(name);
    for (const listener of this.#listeners.splice(0)) listener();
  }
}

export interface Asked {
  readonly told: Told;
  readonly exchange: Exchange;
}

export function send(client: FetchClient, request: Partial<HttpRequest> = {}, told: Told = new Told()): Asked {
  return { told, exchange: client.send({ ...post, ...request }, told) };
}

/** Sends and waits for the last word. */
export async function ask(client: FetchClient, request: Partial<HttpRequest> = {}): Promise<Told> {
  const { told } = send(client, request);
  await told.over;
  return told;
}
