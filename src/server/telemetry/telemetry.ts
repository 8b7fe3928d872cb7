// What a server tells about itself while it works: the one place that its parts call, and that counts and publishes.

import type { ExecutionContext } from '../../protocol/executor.js';
import type { OperationKind } from '../../protocol/result.js';

export type Carrier = 'websocket' | 'http' | 'local';

/** What ended an operation; `failed`: answered with errors and without data; `partial`: with both. */
export type Outcome = 'ok' | 'partial' | 'failed' | 'refused' | 'stopped';

/** One operation, from the moment it was asked for to its end. */
export interface ObservedOperation {
  /** Runs `work` as a part of it: what a tracer keeps for the time of a call is there. */
  run<T>(work: () => T): T;
  /** What it turned out to be. */
  known(kind: OperationKind, name: string | undefined): void;
  /** One event of a subscription, or one part of an answer. */
  event(): void;
  /** Once. */
  ended(outcome: Outcome): void;
}

export interface OperationAsked {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly extensions: { readonly [name: string]: unknown } | undefined;
  readonly context: Pick<ExecutionContext, 'headers' | 'connectionParams'>;
}

export class Telemetry {
  /** Undefined where nobody wants to know. */
  operation(_asked: OperationAsked): ObservedOperation | undefined {
    return undefined;
  }

  /** A limit turned something away; `option` is its name. */
  limited(_option: string): void {}

  connectionOpened(): void {}

  /** `code` as in `onDisconnect`. */
  connectionClosed(_code: number): void {}
}
