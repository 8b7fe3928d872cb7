// How long an operation may run.

import { describe, expect, test } from 'vitest';
import { TimeLimit } from '../../../src/server/execution/time-limit.js';
import { ManualTimers } from '../support/manual-timers.js';
import { until } from '../support/serving.js';
import { ask } from './support.js';

describe('an operation', () => {
  test.each([
    ['query', '{ waits }'],
    ['mutation', 'mutation { slowWrite(value: 1) }'],
  ])(
    'a %s that runs for too long is answered with an error that names the option, and its signal is aborted',
    async (kind, query) => {
      const { run, timers, signals, server } = ask({ executionTimeoutMs: 1_000 });
      const running = run(query);
      await until(() => signals.length === 1);
      timers.advance(999);
      expect(await Promise.race([running, 'still running'])).toBe('still running');
      expect(signals[0]?.aborted).toBe(false);
      timers.advance(1);
      expect(await running).toEqual({
        kind: 'result',
        result: {
          data: null,
          errors: [
            {
              message: `The ${kind} did not finish within 1000 ms (option "executionTimeoutMs").`,
              extensions: { code: 'EXECUTION_TIMEOUT' },
            },
          ],
        },
      });
      expect(signals[0]?.aborted).toBe(true);
      expect(server.stats()).toMatchObject({ sources: 0 });
    },
  );

  test('that is answered in time leaves nothing behind when the time is over', async () => {
    const { run, timers, signals, release } = ask({ executionTimeoutMs: 1_000 });
    const running = run('{ waits }');
    await until(() => signals.length === 1);
    expect(timers.armed).toBe(1);
    release();
    expect(await running).toMatchObject({ result: { data: { waits: 'at last' } } });
    timers.advance(1_000);
    expect(timers.armed).toBe(0);
  });

  test('a subscription may last', async () => {
    const { run, timers } = ask({ executionTimeoutMs: 1 });
    const execution = await run('subscription { ticks }');
    if (execution.kind !== 'stream') throw new Error(execution.kind);
    for (const ticks of [1, 2, 3]) {
      timers.advance(60_000);
      expect(await execution.events.next()).toEqual({ done: false, value: { data: { ticks } } });
    }
  });
});

test('one timer watches any number of pieces of work, each with its own end', async () => {
  const timers = new ManualTimers();
  const limit = new TimeLimit(100, timers);
  const never = new Promise<string>(() => {});
  const ended: string[] = [];
  const begin = (name: string, work: Promise<string> = never): void => {
    void limit
      .bound(work, () => `${name} expired`)
      .then(
        (how) => ended.push(how),
        (error: Error) => ended.push(error.message),
      );
  };
  begin('first');
  timers.advance(60);
  begin('second');
  begin('quick', Promise.resolve('quick done'));
  begin('broken', Promise.reject(new Error('broken failed')));
  await until(() => ended.length === 2);
  expect(ended).toEqual(['quick done', 'broken failed']);
  expect(timers.armed).toBe(1);
  timers.advance(40);
  await until(() => ended.length === 3);
  expect(timers.armed).toBe(1);
  timers.advance(60);
  await until(() => ended.length === 4);
  expect(ended.slice(2)).toEqual(['first expired', 'second expired']);
  expect(timers.armed).toBe(0);
});
