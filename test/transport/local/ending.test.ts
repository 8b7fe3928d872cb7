// The end of a local connection: everything is stopped at once, what the executor still holds has until the grace ends, and
// `closed` settles exactly once.

import { describe, expect, test } from 'vitest';
import type { Execution } from '../../../src/protocol/executor.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { ask, ended, executorOf, isSettled, open, ScriptedSource, turns } from './support/opening.js';

const other = { ...ended, code: 4000, reason: 'another one' };
const never = (): Promise<Execution> => new Promise(() => {});

async function running() {
  const clock = new VirtualClock();
  const source = new ScriptedSource();
  const executor = executorOf(({ query }) => (query === '{ slow }' ? never() : { kind: 'stream', events: source }));
  const { connection } = await open(executor, { clock });
  const subscription = ask(connection, 'subscription { n }', { kind: 'subscription' });
  await expect.poll(() => source.pulls).toBe(1);
  return { clock, source, executor, connection, subscription };
}

describe('closing in order', () => {
  test('with nothing to do is over at once, with the closure it was given', async () => {
    const clock = new VirtualClock();
    const { connection } = await open(executorOf(never), { clock });
    await connection.close(ended, 5_000);
    expect(await connection.closed).toBe(ended);
    expect(clock.pending).toBe(0);
  });

  test('stops every operation and waits until its source has closed', async () => {
    const { clock, source, executor, connection, subscription } = await running();
    let closed = (): void => {};
    source.closing = () => new Promise<void>((resolve) => (closed = resolve));
    const closing = connection.close(ended, 5_000);
    expect(executor.contexts[0]?.signal.aborted).toBe(true);
    expect(await isSettled(closing)).toBe(false);
    expect(clock.pending).toBe(1);
    closed();
    await closing;
    expect(clock.pending).toBe(0);
    source.give({ data: { n: 1 } });
    await turns();
    expect([source.returns, subscription.types]).toEqual([1, ['sending']]);
  });

  test('waits for a source that was left before', async () => {
    const { source, connection, subscription } = await running();
    let closed = (): void => {};
    source.closing = () => new Promise<void>((resolve) => (closed = resolve));
    subscription.handle.cancel();
    const closing = connection.close(ended, 5_000);
    expect(await isSettled(closing)).toBe(false);
    closed();
    expect(await isSettled(closing)).toBe(true);
  });

  test('waits for a source that is closed because its last part has come', async () => {
    const source = new ScriptedSource();
    let closed = (): void => {};
    source.closing = () => new Promise<void>((resolve) => (closed = resolve));
    const { connection } = await open(source.executor);
    const asked = ask(connection, '{ a ... @defer { b } }');
    await expect.poll(() => source.pulls).toBe(1);
    source.give({ data: { a: 1 }, hasNext: false });
    await expect.poll(() => asked.types).toEqual(['sending', 'next']);
    const closing = connection.close(ended, 60_000);
    expect(await isSettled(closing)).toBe(false);
    closed();
    await closing;
  });

  test('waits for an execution that nobody waits for any more, and for its late source', async () => {
    const source = new ScriptedSource();
    let answer = (_execution: Execution): void => {};
    const { connection } = await open(executorOf(() => new Promise((resolve) => (answer = resolve))));
    const asked = ask(connection, 'subscription { n }', { kind: 'subscription' });
    await expect.poll(() => asked.types).toEqual(['sending']);
    const closing = connection.close(ended, 60_000);
    expect(await isSettled(closing)).toBe(false);
    answer({ kind: 'stream', events: source });
    await closing;
    expect([source.returns, source.pulls]).toEqual([1, 0]);
  });

  test('is over when its grace is, whatever the executor still holds', async () => {
    const { clock, source, connection } = await running();
    const stuck = ask(connection, '{ slow }');
    await expect.poll(() => stuck.types).toEqual(['sending']);
    source.closing = () => new Promise(() => {});
    const closing = connection.close(ended, 700);
    await clock.advance(699);
    expect(await isSettled(closing)).toBe(false);
    await clock.advance(1);
    await closing;
    expect(await connection.closed).toBe(ended);
    expect(clock.pending).toBe(0);
    expect(stuck.types).toEqual(['sending']);
  });

  test('twice is the same end', async () => {
    const { clock, source, connection } = await running();
    source.closing = () => new Promise(() => {});
    const first = connection.close(ended, 60_000);
    const second = connection.close(other, 1);
    await clock.advance(1);
    expect(await isSettled(second)).toBe(false);
    expect(clock.pending).toBe(1);
    connection.terminate(other);
    await Promise.all([first, second]);
    expect(await connection.closed).toBe(other);
    await connection.close(ended, 1);
    expect(await connection.closed).toBe(other);
    expect(source.returns).toBe(1);
  });
});

describe('terminating', () => {
  test('stops every operation, waits for nobody and leaves no timer', async () => {
    const { clock, source, executor, connection, subscription } = await running();
    source.closing = () => new Promise(() => {});
    connection.terminate(ended);
    connection.terminate(other);
    expect(await connection.closed).toBe(ended);
    expect(executor.contexts[0]?.signal.aborted).toBe(true);
    expect([source.returns, clock.pending]).toEqual([1, 0]);
    source.give({ data: { n: 1 } });
    await turns();
    expect(subscription.types).toEqual(['sending']);
  });

  test('before an operation was handed to the executor means that it never is', async () => {
    const executor = executorOf(never);
    const { connection } = await open(executor);
    const asked = ask(connection, '{ a }');
    connection.terminate(ended);
    await turns();
    expect([asked.types, executor.payloads]).toEqual([[], []]);
  });
});

test.each(['close', 'terminate'] as const)('after %s nothing is started any more', async (how) => {
  const { executor, connection, source } = await running();
  source.closing = () => new Promise(() => {});
  void connection[how](ended, 60_000);
  const late = ask(connection, '{ a }');
  await turns();
  late.handle.cancel();
  expect(late.types).toEqual([]);
  expect(executor.payloads).toHaveLength(1);
});
