// Subscriptions by the server's address alone: over its WebSocket where it has one, else as a stream over HTTP; and in every
// form in which servers stream.

import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import type { Session } from '../../../src/session/session.js';
import { endpoint } from '../../../src/transport/route/index.js';
import { nextEvent, rejection } from '../../session/behaviour/support/sessions.js';
import { eventually } from '../../testing/eventually.js';
import { particular, strict } from './support/multipart-servers.js';
import { apollo, graphqlHttp, mercuriusOn, ours, startPeer, yoga } from './support/peers.js';
import { open, ways } from './support/ways.js';

const count = 'subscription Count($to: Int!) { count(to: $to) }';

async function numbersOf(session: Session, to: number): Promise<unknown[]> {
  const numbers: unknown[] = [];
  for await (const event of session.subscribe<{ count: number }>(count, { to })) {
    numbers.push(event.type === 'data' ? event.data.count : event.type);
  }
  return numbers;
}

const oneToTen = Array.from({ length: 10 }, (_, n) => n + 1);

const streaming = [
  ['GraphQL Yoga', yoga],
  ['our own server', ours],
] as const;

describe.each(streaming.flatMap(([server, start]) => ways.map(([name, way]) => ({ server, start, name, way }))))(
  '$server over $name',
  ({ server, start, name, way }) => {
    const overWebSocket = server === 'our own server' && name === 'a bare address';

    test('streams every event of many subscriptions at once, and their ends', async () => {
      const { url, app } = await startPeer(start);
      const session = open(way(url));
      const streams = await Promise.all(Array.from({ length: 5 }, () => numbersOf(session, 10)));
      expect(streams).toEqual(Array(5).fill(oneToTen));
      expect(await numbersOf(session, 0)).toEqual([]);
      if (!overWebSocket) expect(app.asked.map(({ method }) => method)).toEqual(Array(6).fill('POST'));
    });

    test('is told when nobody listens any more, and ends its source', async () => {
      const { url, app } = await startPeer(start);
      const session = open(way(url));
      for await (const event of session.subscribe('subscription { forever }')) {
        expect(event).toMatchObject({ type: 'data', data: { forever: 1 } });
        break;
      }
      await eventually(() => app.finished, 1);
    });

    test('refuses a subscription with GraphQL errors, which end it', async () => {
      const { url } = await startPeer(start);
      const session = open(way(url));
      const refused = await rejection(session.subscribe('subscription { failsAtOnce }').next(), GraphQLResultError);
      expect(refused.errors).toMatchObject([{ message: 'No source', extensions: { code: 'NO_SOURCE' } }]);
      const invalid = await rejection(session.subscribe('subscription { doesNotExist }').next(), GraphQLResultError);
      expect(invalid.message).toContain('doesNotExist');
    });

    test('goes on with the same iterator after a restart, with a gap', async () => {
      const peer = await startPeer(start);
      const session = open(way(peer.url));
      const subscription = session.subscribe('subscription { forever }');
      expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
      await peer.stop();
      await peer.start();
      expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
      expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    });
  },
);

describe('a bare address', () => {
  test('asks a server without WebSocket for one once, and streams over HTTP from then on', async () => {
    const { url, app } = await startPeer(yoga);
    const session = open(url);
    for (let time = 0; time < 3; time++) expect(await numbersOf(session, 3)).toEqual([1, 2, 3]);
    await Promise.all([numbersOf(session, 3), numbersOf(session, 3)]);
    expect(app.upgrades).toBe(1);
    expect(app.asked.map(({ headers }) => headers.accept).every((accept) => accept?.includes('event-stream'))).toBe(
      true,
    );
  });

  test('is remembered by every session over the same route', async () => {
    const { url, app } = await startPeer(yoga);
    const route = endpoint(url);
    for (let time = 0; time < 3; time++) expect(await numbersOf(open(route), 3)).toEqual([1, 2, 3]);
    expect([app.upgrades, app.asked.length]).toEqual([1, 3]);
  });

  test('asks once as well when many subscriptions are the first', async () => {
    const { url, app } = await startPeer(yoga);
    const session = open(url);
    await Promise.all(Array.from({ length: 10 }, () => numbersOf(session, 3)));
    expect([app.upgrades, app.asked.length]).toEqual([1, 10]);
  });

  test.each([
    ['our own server', ours],
    ['Mercurius', mercuriusOn],
  ])('uses the WebSocket of %s for subscriptions, and HTTP for calls', async (_name, start) => {
    const { url, app } = await startPeer(start);
    const session = open(url);
    expect(await Promise.all([numbersOf(session, 10), numbersOf(session, 10)])).toEqual([oneToTen, oneToTen]);
    expect(app.asked).toEqual([]);
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(app.asked).toHaveLength(1);
    const refused = await rejection(session.subscribe('subscription { doesNotExist }').next(), GraphQLResultError);
    expect(refused.message).toContain('doesNotExist');
    for await (const _event of session.subscribe('subscription { forever }')) break;
    await eventually(() => app.finished, 1);
  });

  test('finds the WebSocket of Mercurius again after a restart, with a gap', async () => {
    const peer = await startPeer(mercuriusOn);
    const session = open(peer.url);
    const subscription = session.subscribe('subscription { forever }');
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    await peer.stop();
    await peer.start();
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
  });
});

describe.each(ways)('a server without subscriptions, over %s', (_name, way) => {
  test('says so, and that ends one: graphql-http refuses it', async () => {
    const { url } = await startPeer(graphqlHttp);
    const session = open(way(url));
    const refused = await rejection(session.subscribe(count, { to: 3 }).next(), GraphQLResultError);
    expect(refused.message).toContain('Subscriptions are not supported');
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });

  test('answers once, and that ends one: Apollo Server takes it for a query', async () => {
    const { url } = await startPeer(apollo);
    const session = open(way(url));
    const subscription = session.subscribe(count, { to: 3 });
    expect(await nextEvent(subscription)).toMatchObject({
      type: 'data',
      data: null,
      errors: [{ message: 'Cannot return null for non-nullable field Subscription.count.' }],
    });
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });
});

describe.each(ways.slice(0, 2))('multipart subscriptions over %s', (_name, way) => {
  test.each([
    ['our own server', ours],
    ['a server that holds to the rules of Accept', strict],
    ['a server that holds to the example of the protocol', particular],
  ])('of %s are streamed to their end', async (_server, start) => {
    const { url, app } = await startPeer(start);
    const session = open(way(url, { streams: ['multipart'] }));
    expect(await numbersOf(session, 10)).toEqual(oneToTen);
    expect(app.asked.at(-1)?.headers.accept).toMatch(/^multipart\/mixed/);
  });
});

test('a server that has no multipart subscriptions says so, and the error is its answer', async () => {
  const { url } = await startPeer(yoga);
  const session = open(ways[0]?.[1](url, { streams: ['multipart'] }) ?? url);
  const error = await rejection(session.subscribe(count, { to: 3 }).next(), ResponseError);
  expect(error).toMatchObject({ status: 406, delivery: 'answered' });
});
