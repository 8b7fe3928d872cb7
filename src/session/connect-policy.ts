// What the connection machine asks of a session's options: the rule's own verdict first, then the tables.

import type { ConnectPolicy } from './machine.js';
import type { ResolvedOptions } from './options.js';
import { askRule, largestAttempt, ruleDelay } from './retry.js';
import { connectVerdict } from './verdicts.js';

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
