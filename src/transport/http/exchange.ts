// The seam between HTTP as this house speaks it and the clients that carry it: undici, fetch and node:http2 each send one
// request and say what comes back, in callbacks. Everything else about GraphQL over HTTP is on this side of the seam.

import type { Closure, Failure, ResponseHead } from '../contract.js';

export interface HttpRequest {
  readonly method: 'POST' | 'GET' | 'QUERY' | 'PUT' | 'DELETE';
  /** Path and query of the address. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | HttpBody | undefined;
  /** The answer may stay open for long: a client with a bounded number of sockets gives it one outside that bound. */
  readonly longLived: boolean;
}

/** A body in parts, sent one after the other. */
export interface HttpBody {
  readonly parts: readonly HttpBodyPart[];
  /** In bytes, where every part's size is known. */
  readonly length: number | undefined;
}

/** Bytes, a blob, or a source that is opened when its turn comes. */
export type HttpBodyPart = Uint8Array | Blob | (() => AsyncIterable<Uint8Array>);

/**
 * What is told of one request, in this order: `sending`, `head`, any number of `chunk`, then `end`; `failed` instead of what
 * would have come next. Nothing is told synchronously within `send`, except for `sending`; nothing after `end`, `failed` or
 * `cancel()`. Redirects are not followed: a 3xx is a head like any other.
 */
export interface ExchangeEvents {
  /** Called before the first byte is handed to anything outside our memory. */
  sending(): void;
  head(head: ResponseHead): void;
  /** A piece of the body, decompressed. */
  chunk(bytes: Uint8Array): void;
  /** The body is complete by the rules of HTTP. */
  end(): void;
  /** `delivery` is `not-sent` where there is proof of it, else left out. */
  failed(failure: Failure): void;
}

/** One request in progress. */
export interface Exchange {
  /** Ends it at once; the socket is not used again where the answer was not complete. Idempotent. */
  cancel(): void;
  /** Stops reading, so that the peer stops sending. Undefined where the client cannot. */
  readonly flow?: { pause(): void; resume(): void } | undefined;
}

/** One life of an HTTP client: a pool, or a single connection. */
export interface HttpClient {
  /** Never throws. */
  send(request: HttpRequest, events: ExchangeEvents): Exchange;
  /** Asks for a sign of life. Undefined where there is nothing to be asked. */
  readonly ping?: (() => void) | undefined;
  /** For one connection: settles when it has ended, after the exchanges that were provably not sent have failed. Never for a pool. */
  readonly ended?: Promise<Closure> | undefined;
  /** Lets nothing new begin and what runs finish, then releases everything. Resolves then, at `graceMs` at the latest. */
  close(graceMs: number): Promise<void>;
  /** Releases everything at once. What is in progress is told nothing any more. */
  destroy(): void;
}
