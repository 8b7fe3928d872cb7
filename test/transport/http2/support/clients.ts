// The HTTP/2 client without a connection of the session's around it, and everything that is told of its requests.

import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as netConnect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../../src/session/clock.js';
import type {
  Clock,
  ConnectionEvents,
  Failure,
  Limits,
  OpenContext,
  ResponseHead,
} from '../../../../src/transport/contract.js';
import type { Exchange, ExchangeEvents, HttpRequest } from '../../../../src/transport/http/exchange.js';
import { Http2Client } from '../../../../src/transport/http2/client.js';
import { openClient } from '../../../../src/transport/http2/open.js';
import { type Http2Options, resolveHttp2Options } from '../../../../src/transport/http2/options.js';
import { OpenError } from '../../../../src/transport/open-error.js';

/** For `expect.poll`: what is waited for comes at once, and a slow machine must not fail a test. */
export const patience = { timeout: 20_000, interval: 5 } as const;

const limits: Limits = { openTimeoutMs: 10_000, ackTimeoutMs: 10_000, closeTimeoutMs: 1_000, maxMessageBytes: 2 ** 24 };

export interface Opening {
  readonly options?: Http2Options;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
}

export interface Opened {
  readonly client: Http2Client;
  /** What the connection told, in order: `pong`, `going away: why`, `high`, `low`. */
  readonly told: readonly string[];
  /** How often it was heard. */
  heard(): number;
}

function contextOf(opening: Opening): OpenContext {
  return {
    signal: opening.signal ?? new AbortController().signal,
    generation: 1,
    credentials: {},
    clock: opening.clock ?? systemClock,
    limits: { ...limits, ...opening.limits },
  };
}

/** What a connection tells. */
class Ears implements ConnectionEvents {
  readonly told: string[] = [];
  count = 0;

  heard(): void {
    this.count += 1;
  }

  keepAlive(): void {}

  pong(): void {
    this.told.push('pong');
  }

  control(): void {}

  goingAway({ reason }: { readonly reason: string }): void {
    this.told.push(`going away: ${reason}`);
  }

  backlog(level: 'high' | 'low'): void {
    this.told.push(level);
  }
}

export async function open(address: string, opening: Opening = {}): Promise<Opened> {
  const ears = new Ears();
  const client = await openClient(resolveHttp2Options(address, opening.options ?? {}), contextOf(opening), ears);
  onTestFinished(() => client.destroy());
  return { client, told: ears.told, heard: () => ears.count };
}

export interface Started extends Opened {
  readonly session: ClientHttp2Session;
  readonly socket: Socket;
}

/** The client on a session and socket that the test can look at. */
export async function start(address: string): Promise<Started> {
  const { origin, port } = new URL(address);
  const socket = await new Promise<Socket>((resolve) => {
    const connecting = netConnect(Number(port), '127.0.0.1', () => resolve(connecting));
  });
  const session = connect(origin, { createConnection: () => socket });
  const ears = new Ears();
  const target = { place: address, origin: { scheme: 'http', authority: 'localhost' } } as const;
  const client = new Http2Client(session, socket, target, ears, systemClock);
  onTestFinished(() => client.destroy());
  await client.ready;
  return { client, told: ears.told, heard: () => ears.count, session, socket };
}

/** Why it could not be opened. */
export async function failureOf(address: string, opening: Opening = {}): Promise<Failure> {
  try {
    await open(address, opening);
  } catch (error) {
    if (error instanceof OpenError) return error.failure;
    throw error;
  }
  throw new Error('It was expected not to open, and did.');
}

export const post: HttpRequest = {
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

  constructor() {
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  sending(): void {
    this.order.push('sending');
  }

  head(head: ResponseHead): void {
    this.answer = head;
    this.order.push('head');
  }

  chunk(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    if (this.order.at(-1) !== 'chunk') this.order.push('chunk');
  }

  end(): void {
    this.order.push('end');
    this.#end();
  }

  failed(failure: Failure): void {
    this.failure = failure;
    this.order.push('failed');
    this.#end();
  }

  get sent(): boolean {
    return this.order.includes('sending');
  }

  /** Of the body, until now. */
  get bytes(): number {
    return this.chunks.reduce((sum, { length }) => sum + length, 0);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

export interface Asked {
  readonly told: Told;
  readonly exchange: Exchange;
}

export function send({ client }: Opened, request: Partial<HttpRequest> = {}, told: Told = new Told()): Asked {
  return { told, exchange: client.send({ ...post, ...request }, told) };
}

/** Sends and waits for the last word. */
export async function ask(opened: Opened, request: Partial<HttpRequest> = {}): Promise<Told> {
  const { told } = send(opened, request);
  await told.over;
  return told;
}
