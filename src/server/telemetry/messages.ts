// What a server publishes on the channels of `node:diagnostics_channel`: the life of its operations and WebSockets. Plain data
// without variables, headers or credentials, so that it may be shown and logged.

import type { OperationKind } from '../../protocol/result.js';

/** What ended an operation; `failed`: answered with errors and without data; `partial`: with both. */
export type Outcome = 'ok' | 'partial' | 'failed' | 'refused' | 'stopped';

/** Which operation a message is about: the same object in every message about it, and its alone. */
export interface ServedOperation {
  /** Counts the servers of the process, from 1. */
  readonly server: number;
  /** Counts the operations of the server that somebody listened to, from 1. */
  readonly number: number;
}

/** Calls `work` and returns or throws what it does, with something around it: an AsyncLocalStorage that holds a value, say. */
export type Scope = <T>(work: () => T) => T;

/**
 * - `start`: it was asked for. `runIn` takes a scope in which everything is run that is executed for it: its context function,
 *   its resolvers, and those of each event. `header` and `extension` read one text that came with it, for trace context: the
 *   messages themselves hold nothing of the kind. Header names are in lower case; over WebSocket they are the upgrade's.
 * - `known`: its document was found valid, and this is what it asks for. The document may hold values that were written in it;
 * - `event`: the `count`-th event of a subscription, or part of an answer;
 * - `end`: once, also where it was refused. `kind` and `name` are undefined where it did not come to `known`.
 */
export type ServedOperationMessage = { readonly operation: ServedOperation } & (
  | {
      readonly type: 'start';
      readonly runIn: (scope: Scope) => void;
      readonly header: (name: string) => string | undefined;
      readonly extension: (name: string) => string | undefined;
    }
  | {
      readonly type: 'known';
      readonly kind: OperationKind;
      readonly name: string | undefined;
      readonly document: string;
    }
  | { readonly type: 'event'; readonly count: number }
  | {
      readonly type: 'end';
      readonly kind: OperationKind | undefined;
      readonly name: string | undefined;
      readonly outcome: Outcome;
      /** From when it was asked for to its end. */
      readonly durationMs: number;
      readonly events: number;
    }
);

/** `code` is the close code as `onDisconnect` has it. */
export type ServedConnectionMessage = { readonly server: number } & (
  | { readonly type: 'open' }
  | { readonly type: 'closed'; readonly code: number }
);

/** By the name of their channel. */
export interface ServerChannelMessages {
  readonly 'holdfast:server:operation': ServedOperationMessage;
  readonly 'holdfast:server:connection': ServedConnectionMessage;
}
