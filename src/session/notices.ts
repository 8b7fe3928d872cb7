// What a session tells about itself besides its state: the life of its connections and of its operations. Plain data without
// variables, headers or credentials, so that it may be shown and logged.

import type { OperationKind } from '../protocol/result.js';
import type { Failure } from '../transport/contract.js';
import type { Interruption } from './operation.js';
import type { LivenessMode, SessionState } from './state.js';

interface ConnectionMoment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly generation: number;
}

/**
 * - `opening`: an attempt begins, the `attempt`-th since the last stable connection; `open-failed`: it came to nothing;
 * - `opened`: operations can be sent; `going-away`: the server asked to move to another connection;
 * - `renewed`: it has new credentials, because the old ones were about to expire; `renewal-failed`: the provider failed;
 * - `pong`: a ping was answered, `elapsedMs` after it was sent; `ended`: the connection is gone, whoever ended it.
 */
export type ConnectionNotice = ConnectionMoment &
  (
    | { readonly type: 'opening'; readonly attempt: number }
    | { readonly type: 'open-failed'; readonly failure: Failure }
    | { readonly type: 'opened'; readonly liveness: LivenessMode }
    | { readonly type: 'going-away'; readonly withinMs: number | undefined }
    | { readonly type: 'renewed' }
    | { readonly type: 'renewal-failed'; readonly failure: Failure }
    | { readonly type: 'pong'; readonly elapsedMs: number }
    | { readonly type: 'ended'; readonly failure: Failure }
  );

/** An operation, as far as it may be shown. */
export interface OperationInfo {
  /** Counts the operations of the session, from 1. */
  readonly number: number;
  readonly kind: OperationKind;
  readonly name: string | undefined;
}

interface OperationMoment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly operation: OperationInfo;
}

/**
 * - `started`: the program asked for it; `sending`: it is sent, for the `send`-th time, on a connection;
 * - `event`: a subscription got an event, or a stream a part, of that many bytes;
 * - `interrupted`: its connection is gone, its consumer is slow or its server failed it: it will be started again, `failure`
 *   says why where something went wrong;
 * - `ended`: its consumer has its end, after that many sends; `error` is undefined where it was answered or completed, or its
 *   consumer left.
 */
export type OperationNotice = OperationMoment &
  (
    | { readonly type: 'started' }
    | { readonly type: 'sending'; readonly generation: number; readonly send: number }
    | { readonly type: 'event'; readonly bytes: number }
    | { readonly type: 'interrupted'; readonly reason: Interruption; readonly failure: Failure | undefined }
    | { readonly type: 'ended'; readonly error: Error | undefined; readonly sends: number }
  );

/** What can be listened to with `session.on`, and what its listeners get. */
export interface SessionEvents {
  readonly state: SessionState;
  readonly connection: ConnectionNotice;
  readonly operation: OperationNotice;
}

/** Which session a message on a diagnostics channel is about. */
export interface SessionMark {
  /** Counts the sessions of the process, from 1. */
  readonly session: number;
  /** The name of its transport. */
  readonly transport: string;
}

/**
 * The messages on the channels of `node:diagnostics_channel`: `holdfast:state`, `holdfast:connection` and
 * `holdfast:operation`.
 */
export interface ChannelMessages {
  readonly 'holdfast:state': SessionMark & { readonly state: SessionState };
  readonly 'holdfast:connection': SessionMark & ConnectionNotice;
  readonly 'holdfast:operation': SessionMark & OperationNotice;
}
