// Our client against the server of subscriptions-transport-ws and, for comparison, against ours over the same legacy
// subprotocol: the two say the same things in different messages, and our client's callers see no difference.

import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../../../src/session/errors/graphql-result-error.js';
import { rejection, until } from '../../../session/behaviour/support/waiting.js';
import { nextOf, ourClient } from '../support/our-client.js';
import { ourServer } from '../support/our-server.js';
import { theirServer } from '../support/their-server.js';
import type { World } from '../support/world.js';

type Opened = { readonly url: string; readonly world: World };

const servers: readonly (readonly [string, () => Promise<Opened>])[] = [
  ['the server of subscriptions-transport-ws', () => theirServer()],
  ['our server', () => ourServer()],
];

describe.each(servers)('our client gets from %s', (_name, open) => {
  test('the answers to queries and mutations', async () => {
    const { url, world } = await open();
    const session = ourClient({ url });
    const query = 'query A { echo(text: "a") } query B($text: String!) { echo(text: $text) }';
    expect(await session.execute(query, { text: 'b' }, { operationName: 'B' })).toEqual({ echo: 'b' });
    expect(await session.execute('mutation ($key: String!) { add(key: $key) }', { key: 'k' })).toEqual({ add: 1 });
    expect(await session.execute(parse('{ echo(text: "document") }'))).toEqual({ echo: 'document' });
    expect(world.journal).toEqual(['k']);
    expect(session.operations).toBe(0);
    expect(session.state).toMatchObject({ generation: 1, liveness: 'ping' });
  });

  test('the events of a subscription, in order, and its end', async () => {
    const { url } = await open();
    const session = ourClient({ url });
    const events: unknown[] = [];
    for await (const event of session.subscribe('subscription { countTo(last: 500) }')) events.push(event);
    expect(events).toEqual(
      Array.from({ length: 500 }, (_, n) => ({ type: 'data', data: { countTo: n + 1 }, replayed: false })),
    );
    expect(session.operations).toBe(0);
  });

  test('answers in the order in which they are ready, each to its own call', async () => {
    const { url, world } = await open();
    const session = ourClient({ url });
    const order: string[] = [];
    const call = async (field: 'echo' | 'held', text: string) => {
      expect(await session.execute(`{ ${field}(text: "${text}") }`)).toEqual({ [field]: text });
      order.push(text);
    };
    const slow = ['a', 'b', 'c'].map((text) => call('held', text));
    const numbers = session.subscribe('subscription { numbers }');
    await until(() => world.held === 3 && world.subscribers === 1);
    await Promise.all(Array.from({ length: 20 }, (_, n) => call('echo', String(n))));
    world.publish(1);
    expect(await nextOf(numbers)).toEqual({ numbers: 1 });
    expect(order).toHaveLength(20);
    world.release();
    await Promise.all(slow);
    expect(order.slice(20)).toEqual(['c', 'b', 'a']);
  });

  test('data and errors together, where a part failed', async () => {
    const { url } = await open();
    const session = ourClient({ url });
    const { data, errors } = await session.result('{ echo(text: "a") fails }');
    expect(data).toEqual({ echo: 'a', fails: null });
    expect(errors).toMatchObject([{ message: 'It failed', path: ['fails'] }]);
    const error = await rejection(session.execute('{ echo(text: "a") fails }'));
    expect(error).toBeInstanceOf(GraphQLResultError);
    expect(error).toMatchObject({ errors: [{ message: 'It failed' }], delivery: 'answered' });
  });

  test('one event with errors where one event failed, and the next ones after it', async () => {
    const { url } = await open();
    const events: unknown[] = [];
    for await (const event of ourClient({ url }).subscribe('subscription { oneBadEvent }')) events.push(event);
    expect(events).toMatchObject([
      { data: { oneBadEvent: 1 } },
      { data: { oneBadEvent: null }, errors: [{ message: 'Bad event' }] },
      { data: { oneBadEvent: 3 } },
    ]);
  });

  test.each([
    ['an unknown field', '{ unknown }', {}, 'Cannot query field "unknown"'],
    ['a missing variable', 'query ($t: String!) { echo(text: $t) }', {}, 'Variable "$t"'],
    ['a wrong variable', 'query ($t: String!) { echo(text: $t) }', { t: [1] }, 'Variable "$t"'],
    ['a bad mutation', 'mutation { add }', {}, 'Field "add" argument "key"'],
    // Balanced, so that our own check lets it pass.
    ['syntax', '{ echo(text: ) }', {}, 'Syntax Error'],
  ])('the errors of a call that could not start: %s', async (_what, document, variables, message) => {
    const { url, world } = await open();
    const session = ourClient({ url });
    const error = await rejection(session.execute(document, variables));
    expect(error).toBeInstanceOf(GraphQLResultError);
    expect((error as GraphQLResultError).errors[0]?.message).toContain(message);
    expect(error).toMatchObject({ delivery: 'answered', attempts: 1 });
    const { data, errors } = await session.result(document, variables);
    expect(data ?? undefined).toBeUndefined();
    expect(errors?.[0]?.message).toContain(message);
    expect(await session.execute('{ echo(text: "after") }')).toEqual({ echo: 'after' });
    expect(session.state).toMatchObject({ generation: 1 });
    expect(session.operations).toBe(0);
    expect(world.journal).toEqual([]);
  });

  test('all errors of a call, not the first alone', async () => {
    const { url } = await open();
    const { errors } = await ourClient({ url }).result('{ first second }');
    expect(errors).toMatchObject([
      { message: expect.stringContaining('first') },
      { message: expect.stringContaining('second') },
    ]);
  });

  test.each([
    ['an unknown field', 'subscription { unknown }', 0, 'Cannot query field "unknown"'],
    ['syntax', 'subscription { countTo(last: ) }', 0, 'Syntax Error'],
    ['a missing variable', 'subscription ($n: Int!) { countTo(last: $n) }', 0, 'Variable "$n"'],
    ['a source that throws', 'subscription { throwsAtOnce }', 0, 'No source'],
    ['a source that is none', 'subscription { notIterable }', 0, 'Subscription field must return'],
    ['a source that breaks later', 'subscription { throwsAfterTwo }', 2, 'Source broke'],
  ])('the failure of a subscription as an error of its loop: %s', async (_what, document, events, message) => {
    const { url } = await open();
    const session = ourClient({ url });
    const subscription = session.subscribe(document);
    for (let n = 0; n < events; n++) expect((await subscription.next()).done).toBe(false);
    const error = await rejection(subscription.next());
    expect(error).toBeInstanceOf(GraphQLResultError);
    expect((error as GraphQLResultError).errors[0]?.message).toContain(message);
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(await session.execute('{ echo(text: "after") }')).toEqual({ echo: 'after' });
    expect(session.state).toMatchObject({ generation: 1 });
    expect(session.operations).toBe(0);
  });

  test('the end of a source that its consumer left, while all else goes on', async () => {
    const { url, world } = await open();
    const session = ourClient({ url });
    const kept = session.subscribe('subscription { numbers }');
    const left = session.subscribe('subscription { numbers }');
    await until(() => world.subscribers === 2);
    world.publish(1);
    for await (const event of left) {
      expect(event).toMatchObject({ data: { numbers: 1 } });
      break;
    }
    await until(() => world.subscribers === 1);
    world.publish(2);
    expect([await nextOf(kept), await nextOf(kept)]).toEqual([{ numbers: 1 }, { numbers: 2 }]);
    expect(session.operations).toBe(1);
  });
});
