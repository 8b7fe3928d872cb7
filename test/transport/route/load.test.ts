// Waiting for a part of the library that a page loads when it needs it.

import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { OpenContext } from '../../../src/transport/contract.js';
import { OpenError } from '../../../src/transport/open-error.js';
import { loaded } from '../../../src/transport/route/load.js';

const never = new Promise<never>(() => {});

function opening() {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const limits = { openTimeoutMs: 10_000, ackTimeoutMs: 1, closeTimeoutMs: 1, maxMessageBytes: 1 };
  const context: OpenContext = { signal: abort.signal, clock, limits, generation: 1, credentials: {}, json: JSON };
  return { clock, abort, context };
}

async function failureOf(waiting: Promise<unknown>) {
  const error = await waiting.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OpenError);
  return (error as OpenError).failure;
}

describe('a part that is loaded late', () => {
  test('is handed over, and leaves no timer behind', async () => {
    const { clock, context } = opening();
    expect(await loaded(Promise.resolve('part'), 'HTTP', context)).toBe('part');
    expect(clock.pending).toBe(0);
  });

  test('is waited for no longer than opening a connection may take', async () => {
    const { clock, context } = opening();
    const failure = failureOf(loaded(never, 'HTTP https://example.com', context));
    await clock.advance(10_000);
    expect(await failure).toMatchObject({
      code: 'timeout',
      message:
        'The part of the library for HTTP https://example.com was not loaded within 10000 ms (limits.openTimeoutMs).',
    });
    expect(clock.pending).toBe(0);
  });

  test('is not waited for by a session that gives up', async () => {
    const { clock, abort, context } = opening();
    const failure = failureOf(loaded(never, 'HTTP', context));
    abort.abort();
    expect(await failure).toMatchObject({ code: 'aborted' });
    expect(clock.pending).toBe(0);
  });

  test('says what it was, why it did not come and what to look at', async () => {
    const { clock, context } = opening();
    const cause = new TypeError('Failed to fetch dynamically imported module: https://cdn.example.com/platform.js');
    const failure = await failureOf(loaded(Promise.reject(cause), 'HTTP https://example.com', context));
    expect(failure).toMatchObject({ code: 'network', phase: 'connect', cause });
    expect(failure.message).toMatch(/for HTTP https:\/\/example\.com could not be loaded: .*platform\.js.*deployed/);
    expect(clock.pending).toBe(0);
  });
});
