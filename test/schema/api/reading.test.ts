// What is read on its way from the session to a consumer: one field taken out, scalars decoded, everything else as it is.

import { describe, expect, test } from 'vitest';
import { LateSource, LateSubscription } from '../../../src/schema/api/late-source.js';
import { Reading } from '../../../src/schema/api/reading.js';
import { ReadingIterator } from '../../../src/schema/api/reading-iterator.js';
import { ReadingSubscription } from '../../../src/schema/api/reading-subscription.js';
import { subscribe } from '../../../src/schema/api/run.js';
import { readySession, rejection } from '../../session/support/harness.js';

const double = (value: unknown): number => {
  if (typeof value !== 'number') throw new RangeError(`${value} is no number`);
  return value * 2;
};

async function subscribed() {
  const harness = await readySession();
  const source = harness.session.subscribe<{ n: number }>('subscription { n }');
  await harness.settle();
  return { ...harness, source };
}

describe('a subscription that is read', () => {
  test('gives data that was read, and gaps and errors as they are', async () => {
    const { source, connection, accept, settle } = await subscribed();
    const events = new ReadingSubscription(source, (data) =>
      data === null ? null : double((data as { n: number }).n),
    );
    connection.latest.data({ n: 1 });
    expect((await events.next()).value).toEqual({ type: 'data', data: 2, replayed: false });
    connection.latest.next({ data: null, errors: [{ message: 'No' }] });
    expect((await events.next()).value).toMatchObject({ data: null, errors: [{ message: 'No' }] });
    connection.lose();
    const again = await accept();
    await settle();
    expect((await events.next()).value).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    again.latest.data({ n: 4 });
    expect((await events.next()).value).toMatchObject({ data: 8 });
    await events.return();
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test('hands out events in order to whoever asks ahead', async () => {
    const { source, connection } = await subscribed();
    const events = new ReadingSubscription(source, (data) => double((data as { n: number }).n));
    const asked = [events.next(), events.next(), events.next()];
    for (const n of [1, 2, 3]) connection.latest.data({ n });
    expect((await Promise.all(asked)).map(({ value }) => value)).toMatchObject([{ data: 2 }, { data: 4 }, { data: 6 }]);
  });

  test('gives its data alone, and says of gaps what the session says', async () => {
    const { source, connection, accept, settle } = await subscribed();
    const events = new ReadingSubscription(source, (data) => double((data as { n: number }).n));
    expect(() => events.data({} as never)).toThrow('onGap');
    const data = events.data({ onGap: 'fail' });
    connection.latest.data({ n: 1 });
    expect(await data.next()).toEqual({ done: false, value: 2 });
    connection.lose();
    await accept();
    await settle();
    await expect(data.next()).rejects.toMatchObject({ name: 'GapError' });
  });

  test('ends, here and on the server, with what cannot be read', async () => {
    const { source, connection, session } = await subscribed();
    const events = new ReadingSubscription(source, (data) => double((data as { n: unknown }).n));
    connection.latest.data({ n: 'x' });
    expect(await rejection(events.next(), RangeError)).toMatchObject({ message: 'x is no number' });
    expect(session.operations).toBe(0);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test('is the session’s own where there is nothing to read', async () => {
    const { session } = await readySession();
    const events = subscribe(session, { document: 'subscription { n }', variables: {}, reading: undefined }, {});
    expect(events).not.toBeInstanceOf(ReadingIterator);
    await events.return?.();
  });
});

describe('an answer in parts that is read', () => {
  const patch = { path: ['item', 'list'], label: undefined, errors: undefined, extensions: undefined, data: undefined };

  test('has the field alone in snapshots, and patches that begin at it', () => {
    const reading = new Reading('item', undefined);
    const snapshot = { data: { item: 1 }, errors: undefined, extensions: undefined, hasNext: true, restarted: false };
    expect(reading.part(snapshot)).toEqual({ ...snapshot, data: 1 });
    const part = { data: undefined, patches: [{ ...patch, items: [1], index: 3 }], errors: undefined };
    expect(reading.part({ ...part, extensions: undefined, hasNext: false })).toMatchObject({
      data: undefined,
      patches: [{ path: ['list'], items: [1], index: 3 }],
    });
  });

  test('keeps null and what is not there', () => {
    const reading = new Reading('item', undefined);
    expect([reading.data(null), reading.data(undefined), reading.data({ item: null })]).toEqual([
      null,
      undefined,
      null,
    ]);
  });

  test('has nothing for a field that is missing and has the name of what objects inherit', () => {
    for (const name of ['constructor', 'hasOwnProperty', '__proto__']) {
      expect(new Reading(name, undefined).data({})).toBeUndefined();
    }
    const data = JSON.parse('{"__proto__": {"a": 1}}');
    expect(new Reading('__proto__', undefined).data(data)).toEqual({ a: 1 });
  });
});

describe('a subscription whose document is read first', () => {
  test('is started as soon as it can be, and gives everything from then on', async () => {
    const { session, connection, settle } = await readySession();
    let ready = (_: () => ReturnType<typeof session.subscribe>): void => {};
    const events = new LateSubscription(new Promise((resolve) => (ready = resolve)));
    const first = events.next();
    await settle();
    expect(session.operations).toBe(0);
    ready(() => session.subscribe('subscription { n }'));
    await settle();
    connection.latest.data({ n: 1 });
    expect(await first).toMatchObject({ value: { data: { n: 1 } } });
    const data = events.data({ onGap: 'continue' });
    connection.latest.data({ n: 2 });
    expect(await data.next()).toEqual({ done: false, value: { n: 2 } });
    await data.return?.();
    expect(session.operations).toBe(0);
    expect([await events.next(), await data.next()]).toEqual(Array(2).fill({ done: true, value: undefined }));
  });

  test('is never started when its consumer has left before', async () => {
    const { session, settle } = await readySession();
    let started = 0;
    let ready = (_: () => ReturnType<typeof session.subscribe>): void => {};
    const events = new LateSubscription(new Promise((resolve) => (ready = resolve)));
    const waiting = events.next();
    const left = events.return();
    ready(() => {
      started += 1;
      return session.subscribe('subscription { n }');
    });
    await settle();
    expect([await waiting, await left, started]).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
      0,
    ]);
  });

  test('throws once why it could not be started, and nobody else hears of it', async () => {
    const late = new LateSource(Promise.reject(new RangeError('No document')));
    await new Promise((resolve) => setImmediate(resolve));
    await rejection(late.next(), RangeError);
    expect(await late.next()).toEqual({ done: true, value: undefined });
    expect(await late.return()).toEqual({ done: true, value: undefined });
  });
});
