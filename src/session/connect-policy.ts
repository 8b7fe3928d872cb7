// What the connection machine asks of a session's options: the rule's own verdict first, then the tables.

import type { Failure } from '../transport/contract.js';
import type { ResolvedOptions } from './options.js';
import { askRule, largestAttempt, ruleDelay } from './retry.js';
import { type ConnectVerdict, connectVerdict } from './verdicts.js';

/** What the machine asks of its session's options. */
export interface ConnectPolicy {
  /** False: the first connection is the only one. */
  readonly reconnect: boolean;
  /** Opens in a row, until one is stable. */
  readonly attempts: number;
  /** New credentials can be had. */
  readonly canRefresh: boolean;
  readonly verdict: (failure: Failure, contacted: boolean, attempt: number) => ConnectVerdict;
  readonly delayMs: (failures: number) => number;
  /** The longest wait of the backoff, for causes that waiting alone does not cure. */
  readonly slowDelayMs: () => number;
  /** How long a connection must live before the backoff starts anew. */
  readonly stableMs: number;
  /** How long a retiring connection may take when the server does not say. */
  readonly retireMs: number;
}

const stableMs = 10_000;
const retireMs = 30_000;

export function connectPolicy(
  retry: ResolvedOptions['retry'],
  canRefresh: boolean,
  random: () => number,
): ConnectPolicy {
  const { reconnect, connect } = retry;
  return {
    reconnect,
    attempts: connect.attempts,
    canRefresh,
    verdict: (failure, contacted, attempt) => {
      const context = {
        subject: 'connect',
        attempt,
        delivery: 'not-sent',
        kind: undefined,
        operationName: undefined,
      } as const;
      return askRule(connect, failure, context) ?? connectVerdict(failure, contacted);
    },
    delayMs: (failures) => ruleDelay(connect, failures, random),
    slowDelayMs: () => ruleDelay(connect, largestAttempt, random),
    stableMs,
    retireMs,
  };
}
