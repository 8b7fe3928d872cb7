// The options of createServer: their meaning, bounds and defaults.

import type { GraphQLSchema } from 'graphql';
import type { Engine } from './execution/engine.js';
import type { Hooks } from './hook-types.js';
import type { IdempotencyStore } from './idempotency/store.js';
import type { ResolvedLimits, ServerLimits } from './server-limits.js';

export interface ServerOptions extends Hooks {
  readonly schema: GraphQLSchema;
  /** The root value handed to root resolvers. */
  readonly rootValue?: unknown;
  /**
   * Whether this is a developer's machine: errors are answered in full, introspection and suggestions of field names are on,
   * and GraphiQL is served. Default: whether the environment variable NODE_ENV is `development`.
   */
  readonly development?: boolean | undefined;
  /** What executes documents. Default: graphql-js; `jit()` compiles those that are asked for often. */
  readonly engine?: Engine | undefined;
  /** Documents that clients name by their ids. Default: none. */
  readonly documents?: DocumentOptions | undefined;
  /**
   * Where mutations with an idempotency key are remembered. Default: in this process, for 24 hours, within 64 MiB; `false`: keys
   * are not honoured.
   */
  readonly idempotency?: IdempotencyStore | false | undefined;
  /**
   * Pages of which other origins may use the server: open a WebSocket, and read what is answered over HTTP (CORS), with cookies.
   * `https://app.example.com`, compared by scheme, host and port; `*` for any, over HTTP without cookies. The server's own origin
   * always may, and whoever is no browser sends none. Default: none, and answers over HTTP say nothing of origins.
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** How many operations one HTTP request may hold in a list; `true` is 10. Default: `false`, a list is refused. */
  readonly batching?: boolean | number | undefined;
  /** Whether files may be sent beside the variables, as multipart/form-data. Needs the package @fastify/busboy. Default: `false`. */
  readonly uploads?: boolean | UploadOptions | undefined;
  /**
   * Which status codes `application/graphql-response+json` has: `2025`, or those of the draft of 2026, where a refused document is
   * 422 and data with errors 294. Default `2025`.
   */
  readonly statusCodes?: '2025' | '2026' | undefined;
  /** How long a new WebSocket may take to send `connection_init`, ms, at least 1; then close 4408. Default 10,000. */
  readonly initTimeoutMs?: number | undefined;
  /**
   * After this much silence on a WebSocket, ms, the server sends a sign of life and asks for one; a peer that stays silent
   * for as long again is dead and its socket is ended. On a stream over HTTP it sends a comment, or a part that means nothing.
   * 0 turns both off: then a dead peer is noticed only by TCP. Default 12,000.
   */
  readonly keepAliveMs?: number | undefined;
  /** How long a query or mutation may run, ms, at least 1; then it is answered with an error. Default 30,000. */
  readonly executionTimeoutMs?: number | undefined;
  /** How long a client may leave what it was sent unread, ms, at least 1; then close 1013, or the stream is cut. Default 30,000. */
  readonly stallTimeoutMs?: number | undefined;
  /** How long any hook may take, ms, at least 1; then it counts as failed. Default 10,000. */
  readonly hookTimeoutMs?: number | undefined;
  /** How long the `return()` of a stopped event source is waited for, ms. Default 5,000. */
  readonly finaliseTimeoutMs?: number | undefined;
  readonly limits?: ServerLimits | undefined;
}

/** Documents that clients name by their ids instead of sending their text. */
export interface DocumentOptions {
  /** The text of the document with this id; undefined where there is none. Called for each operation: keep it quick. */
  readonly find: (id: string) => string | undefined | Promise<string | undefined>;
  /** Refuse every text that a client sends itself. Default `false`. */
  readonly only?: boolean | undefined;
}

export interface UploadOptions {
  /** How many files one request may hold. Default 10. */
  readonly maxFiles?: number | undefined;
  /** The largest file, bytes. Default 10 MiB. The other fields are bounded by `limits.messageBytes`. */
  readonly maxFileBytes?: number | undefined;
}

/** The same with every default filled in. */
export interface ResolvedOptions extends Hooks {
  readonly schema: GraphQLSchema;
  readonly rootValue: unknown;
  readonly development: boolean;
  readonly engine: Engine;
  readonly documents: Required<DocumentOptions> | undefined;
  readonly idempotency: IdempotencyStore | undefined;
  readonly allowedOrigins: readonly string[];
  /** 1 where lists are refused. */
  readonly batchSize: number;
  readonly uploads: Readonly<Record<keyof UploadOptions, number>> | undefined;
  readonly statusCodes: '2025' | '2026';
  readonly initTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly executionTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly hookTimeoutMs: number;
  readonly finaliseTimeoutMs: number;
  readonly limits: ResolvedLimits;
}
