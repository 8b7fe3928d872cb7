// Retry rules: what a program may say about sending again, the defaults, and the jitter that keeps a herd apart.

import type { Delivery } from '../protocol/delivery.js';
import { OptionError } from '../protocol/errors/option-error.js';
import { checkNumberOption, describe, refuseUnknownOptions } from '../protocol/options.js';
import type { OperationKind } from '../protocol/result.js';
import type { Failure } from '../transport/contract.js';

/** `refresh` asks for new credentials first; for operations it means `retry`. */
export type Verdict = 'retry' | 'refresh' | 'fail';

/** What a rule's `verdict` is asked about. */
export interface RetryContext {
  readonly subject: 'connect' | 'execute' | 'subscribe';
  /** How often it was tried, this time included. */
  readonly attempt: number;
  readonly delivery: Delivery;
  /** Undefined for `connect`. */
  readonly kind: OperationKind | undefined;
  readonly operationName: string | undefined;
}

export interface RetryRule {
  /**
   * How often it is tried at most: sends, not waits. An operation that was never sent has used none.
   * Default: connect without bound, execute 5, subscribe without bound (counted since the last event).
   */
  readonly attempts?: number | undefined;
  /**
   * The wait before a further attempt, ms. `attempt` counts the failures so far, from 1, and is 32
   * where the wait is to be at its cap; `random` is the session's.
   * Default: connect `jitter()`; operations after a lost connection none beyond the reconnect, else `jitter()`.
   */
  readonly delayMs?: ((attempt: number, random: () => number) => number) | undefined;
  /**
   * Decides instead of the built-in tables, also about GraphQL errors; undefined leaves it to them. A mutation whose
   * outcome is unknown is not asked about: it is never sent again.
   */
  readonly verdict?: ((failure: Failure, context: RetryContext) => Verdict | undefined) | undefined;
}

/** `false` means never again: one connection, one send, one start. */
export interface RetryOptions {
  readonly connect?: false | RetryRule | undefined;
  /** Queries and mutations; also per call. */
  readonly execute?: false | RetryRule | undefined;
  /** Subscriptions; also per subscription. */
  readonly subscribe?: false | RetryRule | undefined;
}

export type Delay = (attempt: number, random: () => number) => number;

/** Attempts are counted up to here: keeps 2^n inside what a number holds exactly, and means "at the cap". */
export const largestAttempt = 32;

/**
 * Full-jitter exponential backoff: the n-th wait is random(0, min(capMs, baseMs x 2^(n-1))).
 *
 * @example `createSession({ transport, retry: { connect: { delayMs: jitter({ capMs: 300_000 }) } } })`
 */
export function jitter(
  options: { readonly baseMs?: number | undefined; readonly capMs?: number | undefined } = {},
): Delay {
  const { baseMs = 500, capMs = 60_000 } = options;
  return (attempt, random) =>
    random() * Math.min(capMs, baseMs * 2 ** (Math.min(Math.max(attempt, 1), largestAttempt) - 1));
}

/** A rule with its defaults filled in. */
export interface ResolvedRule {
  readonly attempts: number;
  readonly delayMs: Delay;
  /** Whether the program gave `delayMs` itself: then it also holds after a lost connection. */
  readonly ownDelay: boolean;
  readonly verdict: ((failure: Failure, context: RetryContext) => Verdict | undefined) | undefined;
}

export function resolveRule(name: string, rule: false | RetryRule | undefined, defaultAttempts: number): ResolvedRule {
  const given: RetryRule = rule === false ? { attempts: 1 } : (rule ?? {});
  if (typeof given !== 'object' || given === null) {
    throw new OptionError(name, `Option "${name}" must be false or a retry rule; it is ${describe(given)}.`);
  }
  refuseUnknownOptions(name, given, ['attempts', 'delayMs', 'verdict']);
  checkNumberOption(`${name}.attempts`, given.attempts, 1);
  for (const option of ['delayMs', 'verdict'] as const) {
    if (given[option] !== undefined && typeof given[option] !== 'function') {
      throw new OptionError(
        `${name}.${option}`,
        `Option "${name}.${option}" must be a function; it is ${describe(given[option])}.`,
      );
    }
  }
  return {
    attempts: given.attempts ?? defaultAttempts,
    delayMs: given.delayMs ?? jitter(),
    ownDelay: given.delayMs !== undefined,
    verdict: given.verdict,
  };
}

/** Asks a rule's own verdict. One that throws has none: a program's mistake must not decide, and must not stay unseen. */
export function askRule(rule: ResolvedRule, failure: Failure, context: RetryContext): Verdict | undefined {
  try {
    return rule.verdict?.(failure, context);
  } catch (error) {
    console.error('holdfast: the retry rule\'s "verdict" threw; the built-in tables decide instead.', error);
    return undefined;
  }
}

/** Asks a rule's delay; one that throws, or gives no number, is replaced by the default. */
export function ruleDelay(rule: ResolvedRule, attempt: number, random: () => number): number {
  try {
    const delayMs = rule.delayMs(attempt, random);
    if (delayMs >= 0) return delayMs;
    console.error(`holdfast: the retry rule's "delayMs" gave ${String(delayMs)}; the default is used instead.`);
  } catch (error) {
    console.error('holdfast: the retry rule\'s "delayMs" threw; the default is used instead.', error);
  }
  return jitter()(attempt, random);
}
