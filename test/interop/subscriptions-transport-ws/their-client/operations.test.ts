// The client of subscriptions-transport-ws against our server: what it runs, how that goes well, and every way in which one
// operation fails while all else goes on.

import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { until } from '../../../session/behaviour/support/waiting.js';
import { ourServer } from '../support/our-server.js';
import { theirClient } from '../support/their-client.js';

describe('the client of subscriptions-transport-ws gets from our server', () => {
  test('the answer to a query: one result, then the end', async () => {
    const { url } = await ourServer();
    const query = theirClient(url).run({
      query: 'query Echo($text: String!) { echo(text: $text) }',
      operationName: 'Echo',
      variables: { text: 'hi' },
    });
    expect(await query.ended).toBeUndefined();
    expect(query.events).toEqual([{ data: { echo: 'hi' } }]);
  });

  test('the answer to a mutation that it hands over as a parsed document', async () => {
    const { url, world } = await ourServer();
    const mutation = theirClient(url).run({ query: parse('mutation { add(key: "a") }') });
    expect(await mutation.ended).toBeUndefined();
    expect(mutation.events).toEqual([{ data: { add: 1 } }]);
    expect(world.journal).toEqual(['a']);
  });

  test('the events of a subscription, in order, and its end', async () => {
    const { url, server } = await ourServer();
    const subscription = theirClient(url).run({ query: 'subscription { countTo(last: 1000) }' });
    expect(await subscription.ended).toBeUndefined();
    expect(subscription.events.map(({ data }) => data?.countTo)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1));
    await until(() => server.stats().operations === 0 && server.stats().sources === 0);
    expect(server.stats().connections).toBe(1);
  });

  test('the operation that it named, of several in one document', async () => {
    const { url } = await ourServer();
    const query = 'query A { echo(text: "a") } query B { echo(text: "b") }';
    const run = theirClient(url).run({ query, operationName: 'B' });
    await run.ended;
    expect(run.events).toEqual([{ data: { echo: 'b' } }]);
  });

  test('answers in the order in which they are ready, each to its own operation', async () => {
    const { url, world } = await ourServer();
    const client = theirClient(url);
    const slow = ['a', 'b', 'c'].map((text) => client.run({ query: `{ held(text: "${text}") }` }));
    const numbers = client.run({ query: 'subscription { numbers }' });
    await until(() => world.held === 3 && world.subscribers === 1);
    const fast = Array.from({ length: 20 }, (_, n) => client.run({ query: `{ echo(text: "${n}") }` }));
    world.publish(1, 2);
    await Promise.all(fast.map(({ ended }) => ended));
    expect(fast.map(({ events }) => events)).toEqual(fast.map((_, n) => [{ data: { echo: String(n) } }]));
    expect(slow.map(({ events }) => events)).toEqual([[], [], []]);
    world.release();
    await Promise.all(slow.map(({ ended }) => ended));
    expect(slow.map(({ events }) => events)).toEqual(['a', 'b', 'c'].map((held) => [{ data: { held } }]));
    await client.settled();
    expect(numbers.events).toEqual([{ data: { numbers: 1 } }, { data: { numbers: 2 } }]);
    expect(client.sockets).toHaveLength(1);
  });

  test('data and errors together, where a part of a query failed', async () => {
    const { url } = await ourServer();
    const query = theirClient(url).run({ query: '{ echo(text: "a") fails }' });
    expect(await query.ended).toBeUndefined();
    expect(query.events).toMatchObject([
      { data: { echo: 'a', fails: null }, errors: [{ message: 'It failed', path: ['fails'] }] },
    ]);
  });

  test('one event with errors where one event failed, and the next ones after it', async () => {
    const { url } = await ourServer();
    const subscription = theirClient(url).run({ query: 'subscription { oneBadEvent }' });
    expect(await subscription.ended).toBeUndefined();
    expect(subscription.events).toMatchObject([
      { data: { oneBadEvent: 1 } },
      { data: { oneBadEvent: null }, errors: [{ message: 'Bad event' }] },
      { data: { oneBadEvent: 3 } },
    ]);
  });
});

describe('an operation of the client of subscriptions-transport-ws fails alone, with one error and no further end', () => {
  test.each([
    ['syntax', { query: '{ echo(' }, 'Syntax Error'],
    ['an unknown field', { query: '{ unknown }' }, 'Cannot query field "unknown"'],
    ['two unknown fields', { query: '{ first second }' }, 'Cannot query field "first"'],
    ['a missing variable', { query: 'query ($t: String!) { echo(text: $t) }' }, 'Variable "$t"'],
    ['a wrong variable', { query: 'query ($t: String!) { echo(text: $t) }', variables: { t: [1] } }, 'Variable "$t"'],
    ['an unknown operation', { query: 'query A { whoami }', operationName: 'B' }, '"B"'],
    ['no choice of operation', { query: 'query A { whoami } query B { whoami }' }, '"operationName"'],
    ['a source that throws', { query: 'subscription { throwsAtOnce }' }, 'No source'],
    ['a source that is none', { query: 'subscription { notIterable }' }, 'Subscription field must return'],
    ['a source that breaks later', { query: 'subscription { throwsAfterTwo }' }, 'Source broke'],
  ])('for %s', async (_what, request, message) => {
    const { url, world, server, failures } = await ourServer();
    const client = theirClient(url);
    const numbers = client.run({ query: 'subscription { numbers }' });
    await until(() => world.subscribers === 1);
    const run = client.run(request);
    expect((await run.ended)?.message).toContain(message);
    expect(run.events).toHaveLength(request.query.includes('throwsAfterTwo') ? 2 : 0);

    const after = client.run({ query: '{ echo(text: "after") }' });
    expect(await after.ended).toBeUndefined();
    world.publish(1);
    await client.settled();
    expect(numbers.events).toEqual([{ data: { numbers: 1 } }]);
    expect(client.heard.filter(({ id }) => id === '2').map(({ type }) => type)).toEqual([
      ...run.events.map(() => 'data'),
      'error',
    ]);
    expect(client.sockets).toHaveLength(1);
    await until(() => server.stats().operations === 1 && server.stats().sources === 1);
    expect(failures).toEqual([]);
  });

  test('and every error is in the message, where its clients look for them', async () => {
    const { url } = await ourServer();
    const client = theirClient(url);
    await client.run({ query: '{ first second }' }).ended;
    const payload = client.heard.find(({ type }) => type === 'error')?.payload;
    expect(payload).toMatchObject({
      message: expect.stringContaining('first'),
      errors: [{ message: expect.stringContaining('first') }, { message: expect.stringContaining('second') }],
    });
  });
});

describe('after the client of subscriptions-transport-ws has unsubscribed', () => {
  test('its source is closed, and nothing but the end of it is sent', async () => {
    const { url, world, server } = await ourServer();
    const client = theirClient(url);
    const left = client.run({ query: 'subscription { numbers }' });
    const kept = client.run({ query: 'subscription { numbers }' });
    await until(() => world.subscribers === 2);
    world.publish(1);
    await client.settled();
    left.unsubscribe();
    await until(() => world.subscribers === 1);
    world.publish(2, 3);
    await client.settled();
    expect(client.heard.filter(({ id }) => id === '1').map(({ type }) => type)).toEqual(['data', 'complete']);
    expect(left.events).toEqual([{ data: { numbers: 1 } }]);
    expect(kept.events.map(({ data }) => data?.numbers)).toEqual([1, 2, 3]);
    expect(server.stats()).toMatchObject({ operations: 1, sources: 1 });
  });

  test('the result of a slow query is not sent', async () => {
    const { url, world, server } = await ourServer();
    const client = theirClient(url);
    const query = client.run({ query: '{ held(text: "a") }' });
    await until(() => world.held === 1);
    query.unsubscribe();
    await until(() => server.stats().operations === 0);
    world.release();
    expect(await client.run({ query: '{ echo(text: "b") }' }).ended).toBeUndefined();
    expect(client.heard.filter(({ id }) => id === '1').map(({ type }) => type)).toEqual(['complete']);
    expect(query.events).toEqual([]);
  });
});
