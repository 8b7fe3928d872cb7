// The states of a session, as its users see them. A discriminated union: each state carries what is true in it alone.

import type { Failure } from '../transport/contract.js';

/** How a dead peer would be noticed: by asking, by the server's keep-alive, by a query, or not at all. */
export type LivenessMode = 'ping' | 'keep-alive' | 'query' | 'none';

export type SessionState =
  | { readonly status: 'idle' }
  | {
      readonly status: 'connecting';
      readonly generation: number;
      /** Which try in a row this is, from 1. */
      readonly attempt: number;
      readonly since: number;
    }
  | {
      readonly status: 'ready';
      readonly generation: number;
      readonly since: number;
      /** The generations that take no new operations and finish what they have, the oldest first; mostly none, at most 8. */
      readonly retiring: readonly number[];
      readonly liveness: LivenessMode;
      /** The headers of the answered upgrade, in lower case and without cookies; undefined where the platform does not tell. */
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly status: 'waiting';
      /** When the next attempt starts, ms since the epoch. */
      readonly until: number;
      /** How many attempts and connections failed in a row, since one was last stable. */
      readonly attempt: number;
      readonly cause: Failure;
    }
  /** `draining`: calls in flight may still be answered; `disconnecting`: the connection is being closed. */
  | { readonly status: 'closing'; readonly stage: 'draining' | 'disconnecting'; readonly since: number }
  | { readonly status: 'closed' }
  | { readonly status: 'failed'; readonly cause: Failure; readonly attempts: number };
