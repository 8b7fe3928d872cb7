// What a subscription hands its consumer: data, gaps and snapshots, in order, nothing hidden.

import type { JsonObject } from '../protocol/json.js';
import type { Position } from '../protocol/position.js';
import type { GraphQLError } from '../protocol/result.js';

/**
 * - `connection-lost`: the connection ended; `going-away`: the server asked to move to another one;
 * - `parked`: the consumer was slow, its buffer was full and the server was told to stop;
 * - `dropped`: the consumer was slow, and by its option `whenFull` events gave way to newer ones: `missed` of them;
 * - `retried`: the server ended the subscription with errors and the retry rule started it again.
 */
export type GapReason = 'connection-lost' | 'going-away' | 'parked' | 'dropped' | 'retried';

/** A stretch of time for which events may be missing. */
export interface Gap {
  readonly reason: GapReason;
  /** The last position before and the first after, where the server has a log. */
  readonly from?: Position | undefined;
  readonly to?: Position | undefined;
  /** How many events, where it is known: of those that were dropped here, or where the server counts. */
  readonly missed?: number | undefined;
  /** Since when events may be missing: the last sign of life before the interruption, ms since the epoch. */
  readonly lostAt: number;
  /**
   * When the subscription was started again, or the last event that was dropped came; ms since the epoch. What is read after
   * this is newer than the gap.
   */
  readonly liveAt: number;
}

export type SubscriptionEvent<T = unknown> =
  | {
      readonly type: 'data';
      readonly data: T;
      readonly errors?: readonly GraphQLError[] | undefined;
      readonly extensions?: JsonObject | undefined;
      readonly position?: Position | undefined;
      /** The event is older than the subscription's connection: it came out of the server's log. */
      readonly replayed: boolean;
    }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'snapshot'; readonly data: T; readonly position: Position };
