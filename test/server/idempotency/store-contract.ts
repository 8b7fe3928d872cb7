// What every store of idempotency keys has to do, as tests.

import { expect, type TestContext, test } from 'vitest';
import type { Begun, IdempotencyStore, IdempotentRun } from '../../../src/server/idempotency/store.js';

export const alice = { scope: 'alice', key: 'k' };

/** The run of a key that nobody has. */
export function runOf(begun: Begun): IdempotentRun {
  if (begun.type !== 'run') throw new Error(`The key is not free: ${begun.type}`);
  return begun.run;
}

export function waitOf(begun: Begun): Extract<Begun, { type: 'wait' }> {
  if (begun.type !== 'wait') throw new Error(`The key is not running: ${begun.type}`);
  return begun;
}

const patient = new AbortController().signal;

export function storeTests(make: (t: TestContext) => IdempotencyStore | Promise<IdempotencyStore>): void {
  test('a key that nobody has is run, and whoever comes later gets its answer', async (t) => {
    const store = await make(t);
    await runOf(await store.begin(alice, 'f')).record('{"data":1}');
    expect(await store.begin(alice, 'f')).toEqual({ type: 'replay', answer: '{"data":1}' });
  });

  test('whoever comes while it runs waits, and gets its answer', async (t) => {
    const store = await make(t);
    const run = runOf(await store.begin(alice, 'f'));
    const waiting = waitOf(await store.begin(alice, 'f')).settled(patient);
    await run.record('é"\\\n');
    expect(await waiting).toEqual({ type: 'replay', answer: 'é"\\\n' });
  });

  test('whoever begins to wait when it is over already gets its answer', async (t) => {
    const store = await make(t);
    const run = runOf(await store.begin(alice, 'f'));
    const late = waitOf(await store.begin(alice, 'f'));
    await run.record('1');
    expect(await late.settled(patient)).toEqual({ type: 'replay', answer: '1' });
  });

  test('an abandoned key is free again, and whoever waits is told', async (t) => {
    const store = await make(t);
    const run = runOf(await store.begin(alice, 'f'));
    const waiting = waitOf(await store.begin(alice, 'f')).settled(patient);
    const late = waitOf(await store.begin(alice, 'f'));
    await run.abandon();
    expect(await waiting).toEqual({ type: 'abandoned' });
    expect(await late.settled(patient)).toEqual({ type: 'abandoned' });
    expect(await store.begin(alice, 'another')).toMatchObject({ type: 'run' });
  });

  test('who waited for an abandoned run is told so although somebody else runs something else with the key', async (t) => {
    const store = await make(t);
    const run = runOf(await store.begin(alice, 'f'));
    const waiting = waitOf(await store.begin(alice, 'f'));
    await run.abandon();
    runOf(await store.begin(alice, 'another'));
    expect(await waiting.settled(patient)).toEqual({ type: 'abandoned' });
  });

  test('another operation is no match, while the first runs and afterwards', async (t) => {
    const store = await make(t);
    const run = runOf(await store.begin(alice, 'f'));
    expect(await store.begin(alice, 'g')).toEqual({ type: 'mismatch' });
    await run.record('1');
    expect(await store.begin(alice, 'g')).toEqual({ type: 'mismatch' });
  });

  test('keys of different scopes are different, however they are cut', async (t) => {
    const store = await make(t);
    for (const key of [
      alice,
      { scope: 'bob', key: 'k' },
      { scope: 'alice"', key: 'k' },
      { scope: 'alice', key: '"k' },
      { scope: 'alice","k', key: '' },
      { scope: '\ud800', key: 'k' },
      { scope: '\ud801', key: 'k' },
    ]) {
      expect(await store.begin(key, 'f')).toMatchObject({ type: 'run' });
    }
  });

  test('of a hundred who begin at the same time one runs, and all others wait for it', async (t) => {
    const store = await make(t);
    const begun = await Promise.all(Array.from({ length: 100 }, () => store.begin(alice, 'f')));
    const runs = begun.filter(({ type }) => type === 'run');
    const waits = begun.filter(({ type }) => type === 'wait');
    expect([runs.length, waits.length]).toEqual([1, 99]);
    const settled = waits.map((one) => waitOf(one).settled(new AbortController().signal));
    await runs.map(runOf)[0]?.record('1');
    expect(new Set((await Promise.all(settled)).map((one) => JSON.stringify(one)))).toEqual(
      new Set(['{"type":"replay","answer":"1"}']),
    );
  });

  test('whoever waits can leave', async (t) => {
    const store = await make(t);
    runOf(await store.begin(alice, 'f'));
    const waiting = waitOf(await store.begin(alice, 'f'));
    const leaving = new AbortController();
    const settled = waiting.settled(leaving.signal);
    leaving.abort(new Error('left'));
    await expect(settled).rejects.toThrow('left');
    await expect(waiting.settled(leaving.signal)).rejects.toThrow('left');
  });

  test('has one name for as long as it remembers', async (t) => {
    const store = await make(t);
    expect(await store.name).toMatch(/^[0-9a-f]{32}/);
    expect(await store.name).toBe(await store.name);
  });
}
