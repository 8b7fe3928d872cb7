// A client without a session around it, and what is told of its requests. Ended when its test is over.

import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../src/session/clock.js';
import type { Clock, Failure, ResponseHead } from '../../../../src/transport/contract.js';
import type { Exchange, ExchangeEvents, HttpClient, HttpRequest } from '../../../../src/transport/http/exchange.js';
import { openClient } from '../../../../src/transport/undici/open-client.js';
import { resolveUndiciOptions, type UndiciOptions } from '../../../../src/transport/undici/options.js';

/** For `expect.poll`: what is waited for comes at once, and a slow machine must not fail a test. */
export const patience = { timeout: 20_000, interval: 5 } as const;

export async function clientFor(
  address: string,
  options: UndiciOptions = {},
  clock: Clock = systemClock,
): Promise<HttpClient> {
  const client = await openClient(resolveUndiciOptions(address, options), clock, { openTimeoutMs: 10_000 });
  onTestFinished(() => client.destroy());
  return client;
}

/** What is told of one request, in order: `sending`, `head 200`, `chunk`, `end`, `failed network`. Neighbouring chunks are one. */
export class Told implements ExchangeEvents {
  readonly told: string[] = [];
  readonly chunks: Uint8Array[] = [];
  readonly over: Promise<void>;
  response: ResponseHead | undefined;
  failure: Failure | undefined;
  exchange: Exchange | undefined;
  /** Called with everything that is told, right then. */
  onTold: (what: string) => void = () => {};
  #resolve: () => void = () => {};

  constructor() {
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get body(): string {
    return Buffer.concat(this.chunks).toString();
  }

  sending(): void {
    this.#tell('sending');
  }

  head(head: ResponseHead): void {
    this.response = head;
    this.#tell(`head ${head.status}`);
  }

  chunk(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.#tell('chunk');
  }

  end(): void {
    this.#tell('end');
    this.#resolve();
  }

  failed(failure: Failure): void {
    this.failure = failure;
    this.#tell(`failed ${failure.code}`);
    this.#resolve();
  }

  #tell(what: string): void {
    if (what !== 'chunk' || this.told.at(-1) !== 'chunk') this.told.push(what);
    this.onTold(what);
  }
}

const post: HttpRequest = {
  method: 'POST',
  path: '/graphql',
  headers: { 'content-type': 'application/json' },
  body: '{"query":"{ ok }"}',
  longLived: false,
};

export const get: HttpRequest = { method: 'GET', path: '/graphql', headers: {}, body: undefined, longLived: false };

export function send(client: HttpClient, request: Partial<HttpRequest> = {}, told: Told = new Told()): Told {
  told.exchange = client.send({ ...post, ...request }, told);
  return told;
}

/** Resolves when it has ended or failed. */
export async function sent(client: HttpClient, request: Partial<HttpRequest> = {}): Promise<Told> {
  const told = send(client, request);
  await told.over;
  return told;
}
