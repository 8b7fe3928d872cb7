// Retry rules: jitter and its bounds, wrong rules, and rules of a program that misbehave.

import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { askRule, jitter, largestAttempt, type RetryContext, resolveRule, ruleDelay } from '../../src/session/retry.js';
import { refusedByNetwork } from './support/failures.js';

const context: RetryContext = {
  subject: 'execute',
  attempt: 1,
  delivery: 'unknown',
  kind: 'query',
  operationName: undefined,
};

function throws(): never {
  throw new Error('mistake');
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('jitter', () => {
  const draw = fc.double({ min: 0, max: 0.999_999_999, noNaN: true });

  test('the n-th wait is anywhere from 0 up to min(cap, base x 2^(n-1))', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        draw,
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (attempt, random, baseMs, capMs) => {
          const bound = Math.min(capMs, baseMs * 2 ** (attempt - 1));
          const wait = jitter({ baseMs, capMs })(attempt, () => random);
          expect(wait).toBe(random * bound);
        },
      ),
    );
  });

  test('by default the bounds are 0.5, 1, 2 s and so on, 60 s at most', () => {
    const bounds = [1, 2, 3, 7, 8, 9, 100].map((attempt) => jitter()(attempt, () => 1));
    expect(bounds).toEqual([500, 1_000, 2_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('is a number for any attempt, however large or odd', () => {
    fc.assert(
      fc.property(fc.integer(), draw, (attempt, random) => {
        const wait = jitter({ capMs: Number.POSITIVE_INFINITY })(attempt, () => random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(500 * 2 ** (largestAttempt - 1));
      }),
    );
  });
});

describe('a retry rule', () => {
  test('false means once', () => {
    expect(resolveRule('retry.execute', false, 5)).toMatchObject({ attempts: 1, ownDelay: false, verdict: undefined });
  });

  test('without attempts has those of its subject', () => {
    expect(resolveRule('retry.execute', undefined, 5).attempts).toBe(5);
    expect(resolveRule('retry.execute', {}, 5).attempts).toBe(5);
    expect(resolveRule('retry.execute', { attempts: 2 }, 5).attempts).toBe(2);
  });

  test.each([
    ['true is no rule', true, 'retry.execute', /must be false or a retry rule; it is true/],
    ['an unknown option has a suggestion', { attempt: 3 }, 'attempt', /Did you mean "attempts"\?/],
    ['zero attempts', { attempts: 0 }, 'retry.execute.attempts', /at least 1; it is 0/],
    ['attempts that are no number', { attempts: '3' }, 'retry.execute.attempts', /it is "3"/],
    ['a delay that is no function', { delayMs: 100 }, 'retry.execute.delayMs', /must be a function; it is 100/],
    ['a verdict that is no function', { verdict: 'retry' }, 'retry.execute.verdict', /must be a function/],
  ])('%s', (_what, rule, option, message) => {
    const resolve = () => resolveRule('retry.execute', rule as false, 5);
    expect(resolve).toThrow(OptionError);
    expect(resolve).toThrow(message);
    expect(resolve).toThrow(expect.objectContaining({ option }));
  });

  test('a verdict that throws leaves the decision to the tables, and is seen', () => {
    const seen = vi.spyOn(console, 'error').mockImplementation(() => {});
    const rule = resolveRule('retry.execute', { verdict: throws }, 5);
    expect(askRule(rule, refusedByNetwork, context)).toBeUndefined();
    expect(seen).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('"verdict" threw'), expect.any(Error));
  });

  test.each([
    ['throws', throws],
    ['gives NaN', () => Number.NaN],
    ['gives a negative number', () => -1],
    ['gives nothing', () => undefined as unknown as number],
  ])('a delay that %s is replaced by the default, and is seen', (_what, delayMs) => {
    const seen = vi.spyOn(console, 'error').mockImplementation(() => {});
    const rule = resolveRule('retry.execute', { delayMs }, 5);
    expect(ruleDelay(rule, 3, () => 0.5)).toBe(1_000);
    expect(seen).toHaveBeenCalledOnce();
  });

  test('a delay of 0 is taken as it is', () => {
    const seen = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(ruleDelay(resolveRule('retry.execute', { delayMs: () => 0 }, 5), 3, () => 0.5)).toBe(0);
    expect(seen).not.toHaveBeenCalled();
  });
});
