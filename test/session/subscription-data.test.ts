// `.data({ onGap })`: the data alone, and gaps where the program wants them.

import { describe, expect, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { GapError } from '../../src/session/errors/gap-error.js';
import { GraphQLResultError } from '../../src/session/errors/graphql-result-error.js';
import type { OnGap } from '../../src/session/subscription.js';
import type { Gap } from '../../src/session/subscription-event.js';
import type { FakeConnection } from './support/fake-transport.js';
import { type Harness, readySession, rejection, watch } from './support/harness.js';

const query = 'subscription Orders { order }';

interface Interrupted extends Harness {
  readonly data: AsyncIterableIterator<unknown, undefined>;
  readonly after: FakeConnection;
}

/** One event, a loss, a second connection, another event. */
async function interrupted(onGap: OnGap): Promise<Interrupted> {
  const harness = await readySession();
  const data = harness.session.subscribe(query).data({ onGap });
  harness.connection.latest.data(1);
  harness.connection.lose();
  await harness.settle();
  const after = await harness.accept();
  after.latest.data(2);
  return { ...harness, data, after };
}

async function read(data: AsyncIterableIterator<unknown, undefined>, count: number): Promise<unknown[]> {
  const values: unknown[] = [];
  while (values.length < count) {
    const { done, value } = await data.next();
    if (done) break;
    values.push(value);
  }
  return values;
}

describe('.data()', () => {
  test("onGap: 'continue' passes over gaps", async () => {
    const { data } = await interrupted('continue');
    expect(await read(data, 2)).toEqual([1, 2]);
  });

  test("onGap: 'fail' ends with a GapError at the gap, and the server is told to stop", async () => {
    const { data, session, after } = await interrupted('fail');
    expect(await read(data, 1)).toEqual([1]);
    const error = await rejection(data.next(), GapError);
    expect(error).toMatchObject({ code: 'gap', retryable: true, gap: { reason: 'connection-lost' } });
    expect(error.message).toContain('Subscription "Orders" was interrupted (connection-lost)');
    expect([after.latest.cancelled, session.operations]).toEqual([true, 0]);
    expect(await data.next()).toEqual({ done: true, value: undefined });
  });

  test('onGap: a function is called with the gap and awaited before the next event', async () => {
    const gaps: Gap[] = [];
    let reloaded: () => void = () => {};
    const { data, settle } = await interrupted((gap) => {
      gaps.push(gap);
      return new Promise<void>((resolve) => {
        reloaded = resolve;
      });
    });
    expect(await read(data, 1)).toEqual([1]);
    const next = watch(data.next());
    await settle();
    expect([gaps.map(({ reason }) => reason), next.status]).toEqual([['connection-lost'], 'pending']);
    reloaded();
    await settle();
    expect(next.value).toEqual({ done: false, value: 2 });
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('reload failed');
      },
    ],
    ['rejects', () => Promise.reject(new Error('reload failed'))],
  ])('onGap: a function that %s ends the loop with its error, and the server is told to stop', async (_what, onGap) => {
    const { data, session, after } = await interrupted(onGap);
    expect(await read(data, 1)).toEqual([1]);
    expect(await rejection(data.next(), Error)).toEqual(new Error('reload failed'));
    expect([after.latest.cancelled, session.operations]).toEqual([true, 0]);
  });

  test('an event with errors ends the loop with them and its data, and the server is told to stop', async () => {
    const { session, connection } = await readySession();
    const data = session.subscribe(query).data({ onGap: 'continue' });
    connection.latest.next({ data: { a: null }, errors: [{ message: 'partial' }] });
    const error = await rejection(data.next(), GraphQLResultError);
    expect(error).toMatchObject({ errors: [{ message: 'partial' }], data: { a: null } });
    expect([connection.latest.cancelled, session.operations]).toEqual([true, 0]);
  });

  test('breaking out of its loop stops the subscription', async () => {
    const { session, connection } = await readySession();
    connection.backlog('low');
    const subscription = session.subscribe(query);
    connection.latest.data(1);
    for await (const _value of subscription.data({ onGap: 'continue' })) break;
    expect([connection.latest.cancelled, session.operations]).toEqual([true, 0]);
  });

  test('ends when the subscription ends', async () => {
    const { session, connection } = await readySession();
    const data = session.subscribe(query).data({ onGap: 'continue' });
    connection.latest.data(1);
    connection.latest.complete();
    expect(await read(data, 5)).toEqual([1]);
  });

  test.each([
    ['missing', {}],
    ['unknown', { onGap: 'ignore' }],
    ['null', { onGap: null }],
  ])('onGap that is %s is an OptionError at once', async (_what, options) => {
    const { session } = await readySession();
    const subscription = session.subscribe(query);
    const read = () => subscription.data(options as { onGap: OnGap });
    expect(read).toThrow(OptionError);
    expect(read).toThrow(/"continue", "fail" or a function/);
  });

  test('without any options is an OptionError too', async () => {
    const { session } = await readySession();
    const subscription = session.subscribe(query) as unknown as { data(): unknown };
    expect(() => subscription.data()).toThrow(OptionError);
  });
});
