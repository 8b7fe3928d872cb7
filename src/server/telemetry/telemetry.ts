// What a server tells about itself while it works: the one place that its parts call. It counts always, and publishes where
// somebody listens; where nobody does, nothing is made for an operation.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { ExecutionContext } from '../../protocol/executor.js';
import type { OperationKind } from '../../protocol/result.js';
import type { DocumentOptions, ServerOptions, UploadOptions } from '../options.js';
import type { ServerLimits } from '../server-limits.js';
import type { Timers } from '../timers.js';
import { connections, operations } from './channels.js';
import type { Outcome } from './messages.js';
import { ObservedOperation } from './observed-operation.js';
import { Tally } from './tally.js';

/** An option of createServer by which something is turned away. A type of its own, so that what a peer sends cannot be one. */
export type LimitingOption =
  | keyof ServerOptions
  | `limits.${keyof ServerLimits}`
  | `uploads.${keyof UploadOptions}`
  | `documents.${keyof DocumentOptions}`;

let servers = 0;

export class Telemetry {
  /** What has been counted. */
  readonly tally: Tally = new Tally();
  readonly #timers: Pick<Timers, 'now'>;
  readonly #server: number;
  #observed = 0;

  constructor(timers: Pick<Timers, 'now'>) {
    servers += 1;
    this.#server = servers;
    this.#timers = timers;
  }

  /** An operation was asked for. What it returns is told of it until its end; undefined where nobody listens. */
  operation(
    payload: Pick<OperationPayload, 'extensions'>,
    context: Pick<ExecutionContext, 'headers'>,
  ): ObservedOperation | undefined {
    if (!operations.hasSubscribers) return undefined;
    this.#observed += 1;
    return new ObservedOperation({ server: this.#server, number: this.#observed }, payload, context);
  }

  /** An event of a subscription, or a part of an answer, for its client. */
  event(observed: ObservedOperation | undefined): void {
    this.tally.events += 1;
    observed?.event();
  }

  /**
   * Once for each operation. `kind` is undefined where it never was known; `startedAt` is what the timers' clock showed when it
   * was asked for.
   */
  ended(
    kind: OperationKind | undefined,
    outcome: Outcome,
    startedAt: number,
    observed: ObservedOperation | undefined,
  ): void {
    const durationMs = this.#timers.now() - startedAt;
    this.tally.kinds[kind ?? 'unknown'].add(outcome, durationMs);
    observed?.ended(outcome, durationMs);
  }

  /** A limit turned something away. */
  limited(option: LimitingOption): void {
    this.tally.limit(option);
  }

  /** A WebSocket was opened. */
  connectionOpened(): void {
    this.tally.connectionsOpened += 1;
    if (connections.hasSubscribers) connections.publish({ server: this.#server, type: 'open' });
  }

  /** Once for each that was opened; `code` as in `onDisconnect`. */
  connectionClosed(code: number): void {
    this.tally.closed(code);
    if (connections.hasSubscribers) connections.publish({ server: this.#server, type: 'closed', code });
  }
}
