// What can happen to the connection machine, and what it asks to be done: its whole vocabulary.

import type { Failure } from '../transport/contract.js';
import type { LivenessMode } from './state.js';

/** `retire 3`: of the retiring generation 3. */
export type TimerName = 'backoff' | 'stable' | 'grace' | RetireTimer;
export type RetireTimer = `retire ${number}`;

export type MachineEvent =
  | { readonly type: 'start'; readonly at: number }
  | {
      readonly type: 'opened';
      readonly at: number;
      readonly generation: number;
      readonly liveness: LivenessMode;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly type: 'open-failed'; readonly at: number; readonly generation: number; readonly failure: Failure }
  /** A connection that was ready ended, whoever ended it. */
  | { readonly type: 'lost'; readonly at: number; readonly generation: number; readonly failure: Failure }
  | {
      readonly type: 'going-away';
      readonly at: number;
      readonly generation: number;
      readonly withinMs: number | undefined;
      /** At least one operation was answered on it. */
      readonly useful: boolean;
    }
  /** How a dead peer would be noticed has changed. */
  | { readonly type: 'liveness'; readonly at: number; readonly generation: number; readonly liveness: LivenessMode }
  /** A retiring connection has nothing left to do. */
  | { readonly type: 'finished'; readonly at: number; readonly generation: number }
  | { readonly type: 'timer'; readonly at: number; readonly timer: TimerName }
  | { readonly type: 'reconnect'; readonly at: number }
  /** The machine or page was asleep or offline, and is back. */
  | { readonly type: 'woken'; readonly at: number }
  | { readonly type: 'close'; readonly at: number; readonly graceMs: number }
  /** While closing: no call is in flight any more. */
  | { readonly type: 'drained'; readonly at: number }
  /** While closing: no connection is left. */
  | { readonly type: 'disconnected'; readonly at: number };

export type Effect =
  | {
      readonly type: 'open';
      readonly generation: number;
      readonly attempt: number;
      readonly refused: Failure | undefined;
    }
  | { readonly type: 'abort-open' }
  | { readonly type: 'set-timer'; readonly timer: TimerName; readonly delayMs: number }
  | { readonly type: 'cancel-timer'; readonly timer: TimerName }
  /** Send what waits on the connection that is ready now; subscriptions of those that retire move over. */
  | { readonly type: 'use' }
  /** A retiring connection ends: in order when it has nothing left to do, at once when its time is over. */
  | { readonly type: 'release'; readonly generation: number; readonly how: 'close' | 'terminate' }
  /** Nothing will be sent any more: what waits fails with this cause. */
  | { readonly type: 'give-up'; readonly cause: Failure; readonly attempts: number }
  /** Closing began: what was not sent is refused, subscriptions end. */
  | { readonly type: 'shed' }
  /** The grace is over: calls in flight fail, connections are closed. */
  | { readonly type: 'disconnect' };
