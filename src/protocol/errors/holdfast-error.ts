// The root of every error that Holdfast throws, on the client and on the server. It lives in `protocol` because every other
// part of the house may throw, and only `protocol` is known to all of them.

import type { Delivery } from '../delivery.js';

/**
 * Where on its way something failed:
 * - `prepare`: options or documents, before anything was attempted;
 * - `queue`: waiting for a connection;
 * - `connect`: name resolution, TCP, TLS, the WebSocket upgrade or HTTP request;
 * - `handshake`: from the open socket to the server's acknowledgement;
 * - `operation`: a query, mutation or subscription on a ready connection;
 * - `connection`: a ready connection itself;
 * - `close`: the session was being closed, or was closed already.
 */
export type Phase = 'prepare' | 'queue' | 'connect' | 'handshake' | 'operation' | 'connection' | 'close';

export interface HoldfastErrorOptions {
  readonly code: string;
  readonly phase: Phase;
  readonly delivery?: Delivery | undefined;
  readonly retryable?: boolean | undefined;
  readonly attempts?: number | undefined;
  readonly cause?: unknown;
}

/** The common face of all errors: what happened (`code`, `message`), where (`phase`), and whether it reached the server (`delivery`). */
export class HoldfastError extends Error {
  override readonly name: string = 'HoldfastError';
  /** A stable, lower-case code to branch on; the message is for people and may change. */
  readonly code: string;
  readonly phase: Phase;
  /** Whether the operation reached the server. `not-sent` where no operation is concerned. */
  readonly delivery: Delivery;
  /** Whether doing the same again later may succeed without running anything twice. */
  readonly retryable: boolean;
  /** How often it was tried: sends of an operation, or attempts to connect. */
  readonly attempts: number;

  constructor(message: string, options: HoldfastErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.phase = options.phase;
    this.delivery = options.delivery ?? 'not-sent';
    this.retryable = options.retryable ?? false;
    this.attempts = options.attempts ?? 0;
  }
}
