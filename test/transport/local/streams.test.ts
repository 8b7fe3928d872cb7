// Sources of events within the process, without a session: pulled one by one, held back alone, and closed whatever they do.

import { describe, expect, onTestFinished, test } from 'vitest';
import type { Result } from '../../../src/protocol/result.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Connection } from '../../../src/transport/contract.js';
import {
  type Asked,
  type Asking,
  ask,
  ended,
  executorOf,
  isSettled,
  open,
  ScriptedSource,
  turns,
} from './support/opening.js';

const subscribe = (connection: Connection, asking: Asking = {}): Asked =>
  ask(connection, 'subscription { n }', { kind: 'subscription', ...asking });

const event = (n: number): Result => ({ data: { n } });

interface Streaming {
  readonly source: ScriptedSource;
  readonly connection: Connection;
  readonly asked: Asked;
  readonly signal: AbortSignal;
}

/** A subscription whose source waits for its first pull to be answered. */
async function streaming(asking: Asking = {}, clock?: VirtualClock): Promise<Streaming> {
  const source = new ScriptedSource();
  const { connection } = await open(source.executor, clock === undefined ? {} : { clock });
  const asked = subscribe(connection, asking);
  await expect.poll(() => source.pulls).toBe(1);
  const signal = source.executor.contexts[0]?.signal;
  if (signal === undefined) throw new Error('The executor was not asked.');
  return { source, connection, asked, signal };
}

/** Collects what nobody caught while the test runs. */
function unhandled(): readonly unknown[] {
  const caught: unknown[] = [];
  const listener = (error: unknown): void => {
    caught.push(error);
  };
  process.on('unhandledRejection', listener);
  onTestFinished(() => void process.off('unhandledRejection', listener));
  return caught;
}

describe('events', () => {
  test('are pulled one at a time, each when the one before was handed on', async () => {
    const { source, asked } = await streaming();
    await turns();
    expect(source.pulls).toBe(1);
    source.give(event(1));
    await expect.poll(() => source.pulls).toBe(2);
    expect(asked.results).toEqual([event(1)]);
    source.give(event(2));
    await expect.poll(() => source.pulls).toBe(3);
    source.finish();
    await expect.poll(() => asked.types).toEqual(['sending', 'next', 'next', 'complete']);
    expect([source.pulls, source.returns]).toEqual([3, 0]);
  });

  test('are copies: a source may send one object again and again, and a consumer may change what it gets', async () => {
    const { source, asked } = await streaming({
      listen: (told) => {
        if (told.type === 'next') (told.result.data as { n: number }).n += 100;
      },
    });
    const same = event(1);
    for (let count = 1; count <= 2; count++) {
      source.give(same);
      await expect.poll(() => asked.results).toHaveLength(count);
    }
    expect(same).toEqual(event(1));
    expect(asked.results).toEqual([event(101), event(101)]);
  });

  test('with errors go on; a source that throws ends with its error as an answer', async () => {
    const { source, asked } = await streaming();
    source.give({ data: null, errors: [{ message: 'Bad event' }] });
    await expect.poll(() => source.pulls).toBe(2);
    source.break(new Error('Source broke'));
    await expect.poll(() => asked.types).toEqual(['sending', 'next', 'error']);
    expect(asked.results[0]).toEqual({ data: null, errors: [{ message: 'Bad event' }] });
    expect(asked.failure).toMatchObject({
      code: 'graphql-errors',
      delivery: 'answered',
      errors: [{ message: 'Source broke' }],
    });
  });

  test.each([
    ['that JSON cannot be made of', { data: { n: 10n } }, 'graphql-errors'],
    ['beyond the limit of a message', { data: { n: 'x'.repeat(17 * 2 ** 20) } }, 'too-large'],
    ['that is no result', {}, 'protocol-error'],
  ])('%s ends its subscription alone, and its source', async (_what, bad, code) => {
    const { source, asked, signal } = await streaming();
    source.give(event(1));
    await expect.poll(() => source.pulls).toBe(2);
    source.give(bad as Result);
    await expect.poll(() => asked.types).toEqual(['sending', 'next', 'error']);
    expect(asked.failure).toMatchObject({ code, delivery: 'answered' });
    await expect.poll(() => source.returns).toBe(1);
    expect(signal.aborted).toBe(true);
    await turns();
    expect(source.pulls).toBe(2);
  });

  test('of a source that is cancelled by whoever gets them are the last ones', async () => {
    const source = new ScriptedSource();
    const { connection } = await open(source.executor);
    const asked = subscribe(connection, { listen: ({ type }) => type === 'next' && asked.handle.cancel() });
    await expect.poll(() => source.pulls).toBe(1);
    source.give(event(1));
    await expect.poll(() => source.returns).toBe(1);
    await turns();
    expect(asked.types).toEqual(['sending', 'next']);
    expect(source.pulls).toBe(1);
  });
});

describe('an operation that is held back', () => {
  test('is not asked for its next event; the one on its way arrives', async () => {
    const { source, asked } = await streaming();
    asked.handle.flow?.pause();
    asked.handle.flow?.pause();
    source.give(event(1));
    await expect.poll(() => asked.results).toEqual([event(1)]);
    await turns();
    expect(source.pulls).toBe(1);
    asked.handle.flow?.pause();
    asked.handle.flow?.resume();
    await expect.poll(() => source.pulls).toBe(2);
    asked.handle.flow?.resume();
    source.give(event(2));
    await expect.poll(() => source.pulls).toBe(3);
    expect(asked.results).toEqual([event(1), event(2)]);
  });

  test('from its start is not asked for any event', async () => {
    const source = new ScriptedSource();
    const { connection } = await open(source.executor);
    const asked = subscribe(connection);
    asked.handle.flow?.pause();
    await expect.poll(() => asked.types).toEqual(['sending']);
    await turns();
    expect(source.pulls).toBe(0);
    asked.handle.flow?.resume();
    await expect.poll(() => source.pulls).toBe(1);
  });

  test('holds nobody else back', async () => {
    const { source, connection, asked } = await streaming();
    asked.handle.flow?.pause();
    const other = subscribe(connection);
    await expect.poll(() => source.pulls).toBe(2);
    source.give(event(1));
    source.give(event(2));
    await expect.poll(() => source.pulls).toBe(3);
    expect([asked.results, other.results]).toEqual([[event(1)], [event(2)]]);
  });

  test('can be cancelled, and stays so when it is resumed', async () => {
    const { source, asked } = await streaming();
    asked.handle.flow?.pause();
    source.give(event(1));
    await expect.poll(() => asked.results).toHaveLength(1);
    asked.handle.cancel();
    asked.handle.flow?.pause();
    asked.handle.flow?.resume();
    await turns();
    expect([source.pulls, source.returns]).toEqual([1, 1]);
    expect(asked.types).toEqual(['sending', 'next']);
  });
});

describe('a source that is left', () => {
  test('is told by its signal first, then closed once, and what it still gives goes nowhere', async () => {
    const { source, asked, signal } = await streaming();
    const order: string[] = [];
    signal.addEventListener('abort', () => order.push('aborted'));
    source.closing = () => Promise.resolve(order.push('returned'));
    asked.handle.cancel();
    asked.handle.cancel();
    expect(order).toEqual(['aborted', 'returned']);
    source.give(event(1));
    await turns();
    expect(asked.types).toEqual(['sending']);
    expect([source.pulls, source.returns]).toEqual([1, 1]);
  });

  test.each([
    ['rejects in return()', () => Promise.reject(new Error('Cannot close'))],
    [
      'throws in return()',
      () => {
        throw new Error('Cannot close');
      },
    ],
  ])('and %s disturbs nobody', async (_what, closing) => {
    const rejections = unhandled();
    const { source, connection, asked } = await streaming();
    source.closing = closing;
    asked.handle.cancel();
    source.break(new Error('Too late'));
    await turns();
    expect([rejections, asked.types, source.returns]).toEqual([[], ['sending'], 1]);
    await connection.close(ended, 60_000);
  });

  test('and throws out of return() itself, or has none, disturbs nobody', async () => {
    const rejections = unhandled();
    const sources = [
      {
        next: () => new Promise<never>(() => {}),
        return: () => {
          throw new Error('Cannot close');
        },
      },
      { next: () => new Promise<never>(() => {}) },
    ];
    for (const events of sources) {
      const { connection } = await open(executorOf(() => ({ kind: 'stream', events })));
      const asked = subscribe(connection);
      await expect.poll(() => asked.types).toEqual(['sending']);
      await turns();
      asked.handle.cancel();
      await connection.close(ended, 60_000);
    }
    expect(rejections).toEqual([]);
  });

  test('before it came is closed when it comes', async () => {
    const source = new ScriptedSource();
    let come = (): void => {};
    const { connection } = await open(
      executorOf(
        () =>
          new Promise((resolve) => {
            come = () => resolve({ kind: 'stream', events: source });
          }),
      ),
    );
    const asked = subscribe(connection);
    await expect.poll(() => asked.types).toEqual(['sending']);
    asked.handle.cancel();
    come();
    await expect.poll(() => source.returns).toBe(1);
    expect([source.pulls, asked.types]).toEqual([0, ['sending']]);
  });
});

describe('the event loop', () => {
  /** Far more than can pass before a timer of 1 ms is due; a bound, so that starvation fails and does not hang. */
  const many = 2_000_000;

  /** A source that never waits for anything. */
  function endless(count: { pulled: number }): AsyncIterator<Result, undefined> {
    return {
      next: () => {
        count.pulled += 1;
        return Promise.resolve(
          count.pulled > many ? { done: true, value: undefined } : { done: false, value: event(count.pulled) },
        );
      },
      return: () => Promise.resolve({ done: true, value: undefined }),
    };
  }

  test('turns while sources that never wait are read', async () => {
    const count = { pulled: 0 };
    const { connection } = await open(executorOf(() => ({ kind: 'stream', events: endless(count) })));
    let events = 0;
    const asked = [1, 2, 3].map(() => subscribe(connection, { listen: () => events++ }));
    for (let turn = 1; turn <= 3; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const { handle } of asked) handle.cancel();
    expect(events).toBeGreaterThan(256);
    expect(count.pulled).toBeLessThan(many);
    const before = count.pulled;
    await turns();
    expect(count.pulled).toBe(before);
  });

  test('turns while operations that never wait follow each other', async () => {
    const { connection } = await open(executorOf(() => ({ kind: 'result', result: { data: {} } })));
    let answers = 0;
    let going = true;
    const again = (): void => {
      ask(connection, '{ a }', {
        listen: ({ type }) => {
          if (type !== 'next') return;
          answers += 1;
          if (going && answers < 100_000) again();
        },
      });
    };
    again();
    await new Promise((resolve) => setTimeout(resolve, 1));
    going = false;
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThan(100_000);
  });

  test('is waited for by everybody alike, and nobody is forgotten', async () => {
    const { connection } = await open(executorOf(() => ({ kind: 'result', result: { data: {} } })));
    const order: number[] = [];
    const expected = Array.from({ length: 2_000 }, (_, index) => index);
    for (const index of expected)
      ask(connection, '{ a }', { listen: ({ type }) => type === 'next' && order.push(index) });
    await expect.poll(() => order.length).toBe(2_000);
    expect(order).toEqual(expected);
  });

  test('is not waited for any more once the connection has ended', async () => {
    const clock = new VirtualClock();
    const executor = executorOf(() => ({ kind: 'result', result: { data: {} } }));
    const { connection } = await open(executor, { clock });
    for (let count = 0; count < 1_000; count++) ask(connection, '{ a }');
    await turns();
    expect(clock.pending).toBe(1);
    expect(executor.payloads.length).toBeLessThan(1_000);
    const asked = executor.payloads.length;
    const closing = connection.close(ended, 5_000);
    expect(await isSettled(closing)).toBe(true);
    expect(clock.pending).toBe(0);
    expect(executor.payloads.length).toBe(asked);
  });
});
