// In order on the way in and in reverse order on the way out, for queries, mutations and subscriptions, at both levels.

import { describe, expect, test } from 'vitest';
import type { Interceptor } from '../../../src/session/interceptors.js';
import { makeSession, readySession, watch } from '../support/harness.js';
import { recording } from './support.js';

const levels = ['call', 'attempt'] as const;

describe.each(levels)('two interceptors of %ss', (level) => {
  test.each([
    ['query', 'execute', '{ a }'],
    ['query', 'result', '{ a }'],
    ['mutation', 'execute', 'mutation { a }'],
  ] as const)(
    'see a %s run by %s in order on its way in, and in reverse order on its way out',
    async (kind, method, document) => {
      const log: string[] = [];
      const { session, connection, settle } = await readySession({
        interceptors: { [level]: [recording(log, 'first'), recording(log, 'second')] },
      });
      const call = watch<unknown>(session[method](document));
      connection.latest.data({ a: 1 });
      await settle();
      expect(call.status).toBe('resolved');
      expect(log.filter((line) => !line.endsWith('sending'))).toEqual([
        `first: start ${kind}`,
        `second: start ${kind}`,
        'second: next {"a":1}',
        'first: next {"a":1}',
        'second: complete',
        'first: complete',
      ]);
    },
  );

  test('see every event of a subscription, and its completion', async () => {
    const log: string[] = [];
    const { session, connection } = await readySession({
      interceptors: { [level]: [recording(log, 'first'), recording(log, 'second')] },
    });
    const subscription = session.subscribe('subscription { s }');
    connection.latest.data(1);
    connection.latest.data(2);
    connection.latest.complete();
    const events = [];
    for await (const event of subscription) events.push(event.type === 'data' ? event.data : event.type);
    expect(events).toEqual([1, 2]);
    expect(log.filter((line) => !line.endsWith('sending'))).toEqual([
      'first: start subscription',
      'second: start subscription',
      'second: next 1',
      'first: next 1',
      'second: next 2',
      'first: next 2',
      'second: complete',
      'first: complete',
    ]);
  });

  test('learn of a cancellation in order', async () => {
    const log: string[] = [];
    const { session, connection, settle } = await readySession({
      interceptors: { [level]: [recording(log, 'first'), recording(log, 'second')] },
    });
    const controller = new AbortController();
    watch(session.execute('{ a }', undefined, { signal: controller.signal }));
    controller.abort();
    await settle();
    expect(log.slice(-2)).toEqual(['first: cancel', 'second: cancel']);
    expect(connection.latest.cancelled).toBe(true);
    connection.latest.data({ a: 1 });
    expect(log.slice(-2)).toEqual(['first: cancel', 'second: cancel']);
  });
});

test('Interceptors of calls stand before those of attempts', async () => {
  const log: string[] = [];
  const { session, connection, settle } = await readySession({
    interceptors: { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] },
  });
  watch(session.execute('{ a }'));
  connection.latest.data({ a: 1 });
  await settle();
  expect(log.filter((line) => !line.endsWith('sending'))).toEqual([
    'call: start query',
    'attempt: start query',
    'attempt: next {"a":1}',
    'call: next {"a":1}',
    'call: complete',
    'attempt: complete',
  ]);
});

test('An interceptor of attempts hears of the sending before anything is handed to the network', async () => {
  const log: string[] = [];
  const { session, connection } = await readySession({
    connection: { sendsAtOnce: false },
    interceptors: { attempt: [recording(log)] },
  });
  watch(session.execute('{ a }'));
  expect(log).toEqual(['seen: start query']);
  connection.latest.sending();
  expect(log).toEqual(['seen: start query', 'seen: sending']);
});

test('A list is composed once per session, and every request passes the same composition', async () => {
  let composed = 0;
  const counting: Interceptor = (next) => {
    composed += 1;
    return next;
  };
  const interceptors = { call: [counting, counting], attempt: [counting] };
  const one = makeSession({ interceptors });
  const connection = await one.accept();
  for (let n = 0; n < 3; n++) watch(one.session.execute('{ a }'));
  expect(connection.requests).toHaveLength(3);
  expect(composed).toBe(3);
  makeSession({ interceptors });
  expect(composed).toBe(6);
});

test('Two sessions with one list keep their requests apart, although their ids are the same', async () => {
  const log: string[] = [];
  const interceptors = { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] };
  const [one, other] = [await readySession({ interceptors }), await readySession({ interceptors })];
  const [first, second] = [watch(one.session.execute('{ one }')), watch(other.session.execute('{ other }'))];
  expect(one.connection.latest.request.id).toBe(other.connection.latest.request.id);
  other.connection.latest.data({ other: 2 });
  one.connection.latest.data({ one: 1 });
  await one.settle();
  expect([first.value, second.value]).toEqual([{ one: 1 }, { other: 2 }]);
});
