// The seam between a server's pipeline and whoever carries requests to it: a WebSocket handler, an HTTP handler, or the
// client's in-process transport. Types only; the server implements them.

import type { OperationPayload } from './dialects/dialect.js';
import type { JsonObject } from './json.js';
import type { GraphQLError, OperationKind, Result } from './result.js';

/** Who asks, and until when. One per operation. */
export interface ExecutionContext {
  /** Aborted when the caller stops the operation or its connection ends. */
  readonly signal: AbortSignal;
  /** Whether it is aborted, from a carrier that makes the signal only when it is asked for. Default: what the signal says. */
  readonly aborted?: boolean | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The payload of `connection_init`; undefined over HTTP. */
  readonly connectionParams: JsonObject | undefined;
  /** What the connect hook made of this connection, for the context function. */
  readonly connection: unknown;
  /** The address of the peer's socket, where its carrier knows it. */
  readonly remoteAddress?: string | undefined;
  /** The name that the application gave to whoever asks, where it gives names. */
  readonly principal?: string | undefined;
}

/**
 * How the parts of an answer to `@defer` and `@stream` are written: `current` names them by ids (`pending`, `completed`),
 * `2022-08-24` by their paths.
 */
export type IncrementalFormat = 'current' | '2022-08-24';

/**
 * - `refused`: nothing was executed (syntax, unknown operation, validation, variables, a failed source): one `error`;
 * - `result`: a query or mutation ran;
 * - `stream`: a subscription started, or an answer in parts. `next()` settles when the signal aborts; `return()` closes the source.
 */
export type Execution =
  | {
      readonly kind: 'refused';
      readonly errors: readonly [GraphQLError, ...GraphQLError[]];
      /** The kind of the operation, where it was refused because its carrier cannot answer that kind. */
      readonly disallowed?: OperationKind | undefined;
      /** The fault is the server's: a hook of the application failed. */
      readonly failed?: boolean | undefined;
      /** A resolver ran, which was to make the source of a subscription and failed. */
      readonly begun?: boolean | undefined;
    }
  | { readonly kind: 'result'; readonly result: Result }
  | {
      readonly kind: 'stream';
      readonly events: AsyncIterator<Result, undefined>;
      /** The parts of one answer (`@defer`, `@stream`), not the events of a subscription. */
      readonly incremental?: boolean | undefined;
    };

export interface ExecuteOptions {
  /** Kinds that this carrier can answer; another one is refused. Default: all. */
  readonly kinds?: readonly OperationKind[] | undefined;
  /** Default `current`. */
  readonly incremental?: IncrementalFormat | undefined;
  /** Given beside the operation, as in a header; `extensions.idempotencyKey` comes first. */
  readonly idempotencyKey?: string | undefined;
}

export interface Executor {
  /** Never throws or rejects: whatever goes wrong is an Execution. What takes no waiting is answered at once. */
  execute(
    payload: OperationPayload,
    context: ExecutionContext,
    options?: ExecuteOptions,
  ): Execution | Promise<Execution>;
}
