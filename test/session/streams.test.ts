// session.stream: answers that come in parts, as snapshots of the whole and as patches.

import { describe, expect, test } from 'vitest';
import { DocumentError } from '../../src/protocol/errors/document-error.js';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import type { Result } from '../../src/protocol/result.js';
import { BufferFullError } from '../../src/session/errors/buffer-full-error.js';
import { frozen } from '../protocol/support/frozen.js';
import { readySession, rejection, watch } from './support/harness.js';
import { add, all, begin, end, take } from './support/parts.js';

const done = { done: true, value: undefined };

describe('snapshots', () => {
  test('are the whole so far, part by part, until the last one', async () => {
    const { session, connection } = await readySession();
    const stream = session.stream('{ a }');
    const { latest } = connection;
    const none = { errors: undefined, extensions: undefined, restarted: false };
    latest.next(begin({ a: 1 }));
    expect(await take(stream)).toEqual({ data: { a: 1 }, hasNext: true, ...none });
    latest.next(add({ b: 2 }, { extensions: { cost: 1 } }));
    expect(await take(stream)).toEqual({ ...none, data: { a: 1, b: 2 }, hasNext: true, extensions: { cost: 1 } });
    latest.next(end());
    expect(await take(stream)).toMatchObject({ data: { a: 1, b: 2 }, hasNext: false });
    expect(await stream.next()).toEqual(done);
    expect(await stream.next()).toEqual(done);
    expect(session.operations).toBe(0);
    expect(latest.cancelled).toBe(false);
  });

  test('come to those who wait, in the order in which they asked', async () => {
    const { session, connection, settle } = await readySession();
    const stream = session.stream('{ a }');
    const pulls = [watch(stream.next()), watch(stream.next()), watch(stream.next()), watch(stream.next())];
    connection.latest.next(begin({ a: 1 }));
    connection.latest.next(end());
    await settle();
    expect(pulls.map(({ value }) => value?.value?.hasNext)).toEqual([true, false, undefined, undefined]);
    expect(pulls.slice(2).map(({ value }) => value)).toEqual([done, done]);
  });

  test('that nobody took are merged into the newest, and what was taken never changes', async () => {
    const { session, connection } = await readySession();
    const stream = session.stream('{ a }');
    const { latest } = connection;
    latest.next(begin({ a: 1, list: [] }));
    const first = frozen(await take(stream));
    for (let n = 0; n < 1_000; n++)
      latest.next({ incremental: [{ path: ['list', n], items: [n] }], hasNext: true } as Result);
    const second = frozen(await take(stream));
    latest.next(add({ b: 2 }));
    latest.next(end());
    expect(await all(stream)).toMatchObject([{ data: { a: 1, b: 2 }, hasNext: false }]);
    expect(first.data).toEqual({ a: 1, list: [] });
    expect((second.data as { list: unknown[] }).list).toHaveLength(1_000);
  });

  test('of an ordinary answer are one', async () => {
    const { session, connection } = await readySession();
    for (const document of ['{ a }', 'mutation { a }']) {
      const stream = session.stream(document);
      connection.latest.next({ data: { a: 1 }, extensions: { cost: 1 } });
      expect(await all(stream)).toEqual([
        { data: { a: 1 }, errors: undefined, extensions: { cost: 1 }, hasNext: false, restarted: false },
      ]);
    }
  });

  test('hold the errors beside their data, and do not throw them', async () => {
    const { session, connection } = await readySession();
    const stream = session.stream('{ a }');
    connection.latest.next(begin(null, { errors: [{ message: 'one' }] }));
    expect(await take(stream)).toMatchObject({ data: null, errors: [{ message: 'one' }] });
    connection.latest.next(end({ errors: [{ message: 'two' }] }));
    expect(await all(stream)).toMatchObject([{ errors: [{ message: 'one' }, { message: 'two' }], hasNext: false }]);
  });
});

describe('patches', () => {
  const place = { label: undefined, index: undefined, errors: undefined, extensions: undefined };

  test('are what came, in one shape, whichever format it came in', async () => {
    const { session, connection } = await readySession();
    const ask = () => session.stream('{ a }', undefined, { as: 'patch' });
    const [byPath, byId] = [ask(), ask()];
    const [one, other] = connection.requests;
    one?.next(begin({ a: {}, list: [1] }));
    one?.next({
      incremental: [
        { path: ['a'], label: 'L', data: { b: 2 }, errors: [{ message: 'slow' }] },
        { path: ['list', 1], items: [2] },
        { path: ['a'], data: null, errors: [{ message: 'failed' }] },
      ],
      extensions: { cost: 1 },
      ...end(),
    } as Result);
    const pending = [
      { id: '0', path: [], label: 'L' },
      { id: '1', path: ['list'] },
    ];
    other?.next(begin({ a: {}, list: [1] }, { pending }));
    other?.next({
      incremental: [
        { id: '0', subPath: ['a'], data: { b: 2 } },
        { id: '1', items: [2] },
      ],
      completed: [{ id: '0', errors: [{ message: 'failed' }] }, { id: '1' }],
      ...end(),
    } as Result);
    const nothing = { data: undefined, errors: undefined, extensions: undefined };
    const first = { ...nothing, data: { a: {}, list: [1] }, patches: [], hasNext: true };
    expect(await all(byPath)).toEqual([
      first,
      {
        ...nothing,
        extensions: { cost: 1 },
        patches: [
          { ...place, path: ['a'], label: 'L', data: { b: 2 }, items: undefined, errors: [{ message: 'slow' }] },
          { ...place, path: ['list'], index: 1, data: undefined, items: [2] },
          { ...place, path: ['a'], data: undefined, items: undefined, errors: [{ message: 'failed' }] },
        ],
        hasNext: false,
      },
    ]);
    expect(await all(byId)).toEqual([
      first,
      {
        ...nothing,
        patches: [
          { ...place, path: ['a'], label: 'L', data: { b: 2 }, items: undefined },
          { ...place, path: ['list'], data: undefined, items: [2] },
          { ...place, path: [], label: 'L', data: undefined, items: undefined, errors: [{ message: 'failed' }] },
        ],
        hasNext: false,
      },
    ]);
  });

  test.each([
    ['parts', { maxEvents: 2 }, 3],
    ['bytes', { maxBytes: 250 }, 3],
    ['bytes of a single part, which is kept', { maxBytes: 50 }, 2],
  ])('that wait are bounded in %s: beyond it the stream fails after them', async (_, buffer, fits) => {
    const { session, connection } = await readySession({ buffer });
    const stream = session.stream('query Slow { a }', undefined, { as: 'patch' });
    const { latest } = connection;
    latest.next(begin({ a: 1 }), 100);
    for (let n = 2; n < fits; n++) latest.next(add({ n }), 100);
    expect([latest.cancelled, session.operations]).toEqual([false, 1]);
    latest.next(add({ n: fits }), 100);
    expect([latest.cancelled, session.operations]).toEqual([true, 0]);
    for (let n = 1; n <= fits; n++) expect((await stream.next()).done).toBe(false);
    const error = await rejection(stream.next(), BufferFullError);
    expect(error.message).toContain('Query "Slow" ended because its consumer is too slow');
    expect(error.message).toContain('or ask for snapshots');
    expect(await stream.next()).toEqual(done);
  });

  test('that are taken make room for others', async () => {
    const { session, connection } = await readySession({ buffer: { maxEvents: 2, maxBytes: 200 } });
    const stream = session.stream('{ a }', undefined, { as: 'patch' });
    connection.latest.next(begin({ a: 1 }), 100);
    for (let n = 0; n < 100; n++) {
      connection.latest.next(add({ n }), 100);
      expect((await take(stream)).hasNext).toBe(true);
    }
    expect(session.operations).toBe(1);
  });
});

test('A subscription, an unknown option and an unknown form are refused at once', async () => {
  const { session, connection } = await readySession();
  expect(() => session.stream('subscription { a }')).toThrow(DocumentError);
  expect(() => session.stream('subscription { a }')).toThrow('session.subscribe()');
  expect(() => session.subscribe('{ a }')).toThrow('session.stream()');
  expect(() => session.stream('{ a }', {}, { at: 'snapshot' } as object)).toThrow(
    new OptionError('at', 'Unknown option "at" in the options of a stream. Did you mean "as"?'),
  );
  expect(() => session.stream('{ a }', {}, { as: 'snapshots' as 'snapshot' })).toThrow(
    new OptionError('as', 'Option "as" must be "snapshot" or "patch"; it is "snapshots".'),
  );
  expect(() => session.stream('{ a }', {}, { deadlineMs: -1 })).toThrow(OptionError);
  expect(() => session.stream('{ a }', {}, { as: undefined, deadlineMs: undefined }).return()).not.toThrow();
  await expect(session.execute('{ a }', {}, { as: 'patch' } as object)).rejects.toThrow(OptionError);
  expect(connection.requests).toHaveLength(1);
});
