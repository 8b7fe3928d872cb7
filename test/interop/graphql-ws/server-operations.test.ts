// Our session runs operations on the server of graphql-ws: answers, errors in all the ways in which that server says them,
// cancellation, and much at once.

import { randomBytes } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { OperationRejectedError } from '../../../src/session/errors/operation-rejected-error.js';
import type { Session } from '../../../src/session/session.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { nextEvent, openReady, rejection } from '../../session/behaviour/support/sessions.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { type PeerServer, type PeerServerOptions, startPeerServer } from './support/peer-server.js';

async function start(
  options: PeerServerOptions = {},
): Promise<{ readonly peer: PeerServer; readonly session: Session }> {
  const peer = await startPeerServer(options);
  return { peer, session: await openReady(peer) };
}

/** Everything up to the end of a subscription, errors as they were thrown. */
async function all(events: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const event of events) seen.push(event);
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

describe('operations on the server of graphql-ws', () => {
  test('a query, a mutation and a subscription are answered over one connection', async () => {
    const { peer, session } = await start();
    const query = 'query Hello($name: String) { hello(name: $name) } query Other { context }';
    expect(await session.execute(query, { name: 'Ada' }, { operationName: 'Hello' })).toEqual({ hello: 'Hello Ada' });
    expect(await session.execute('mutation ($n: Int!) { add(amount: $n) }', { n: 3 })).toEqual({ add: 3 });
    const events = await all(session.subscribe('subscription ($to: Int!) { count(to: $to) }', { to: 3 }));
    expect(events).toEqual([1, 2, 3].map((count) => ({ type: 'data', data: { count }, replayed: false })));
    expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'ping' });
    expect(peer.received).toEqual(['connection_init', 'subscribe', 'subscribe', 'subscribe']);
  });

  test('extensions arrive in both directions', async () => {
    const asked: unknown[] = [];
    const { session } = await start({
      onSubscribe: (_context, _id, { extensions }) => void asked.push(extensions),
      onNext: (_context, _id, _payload, _args, result) => ({ data: result.data ?? null, extensions: { cost: 5 } }),
    });
    const result = await session.result('{ hello }', {}, { extensions: { trace: [1, 'a'] } });
    expect(result).toMatchObject({ data: { hello: 'Hello world' }, extensions: { cost: 5 } });
    expect(asked).toEqual([{ trace: [1, 'a'] }]);
  });

  test('a hundred at once over one connection get their own answers, the last one first', async () => {
    const { peer, session } = await start();
    const order: number[] = [];
    const calls = Array.from({ length: 100 }, async (_, i) => {
      const answer = await session.execute('query ($g: String!) { slow(gate: $g) }', { g: `${i}` });
      order.push(i);
      return answer;
    });
    await until(() => peer.probe.began.length === 100);
    for (let i = 99; i >= 0; i--) {
      peer.probe.open(`${i}`);
      await until(() => order.at(-1) === i);
    }
    expect(await Promise.all(calls)).toEqual(calls.map((_, i) => ({ slow: `after ${i}` })));
    expect(peer.sockets).toHaveLength(1);
  });

  test('big messages arrive whole in both directions', async () => {
    const { session } = await start();
    const name = randomBytes(2 ** 20).toString('hex');
    expect(await session.execute('query ($name: String) { hello(name: $name) }', { name })).toEqual({
      hello: `Hello ${name}`,
    });
    const size = 8 * 2 ** 20;
    expect(await session.execute(`{ huge(bytes: ${size}) }`)).toEqual({ huge: 'x'.repeat(size) });
  });

  test('events come all, and in order', async () => {
    const { session } = await start();
    const events = session.subscribe<{ count: number }>('subscription { count(to: 900) }').data({ onGap: 'fail' });
    expect(await all(events)).toEqual(Array.from({ length: 900 }, (_, i) => ({ count: i + 1 })));
  });
});

describe('errors of the server of graphql-ws', () => {
  test.each([
    ['in an "error" message', '{ nothing }', {}, /Cannot query field "nothing"/],
    ['in a result without data', 'query ($n: Int!) { huge(bytes: $n) }', {}, /"\$n" of required type/],
    ['in a result without data, again', 'query ($n: Int!) { huge(bytes: $n) }', { n: 'x' }, /cannot represent/],
    ['in a result without data, of a mutation', 'mutation ($n: Int!) { add(amount: $n) }', {}, /"\$n" of required/],
  ])('%s fail their call alone, and are the same to its caller', async (_where, document, variables, message) => {
    const { peer, session } = await start();
    const subscription = session.subscribe('subscription { gated(gate: "g") }');
    const errors = [expect.objectContaining({ message: expect.stringMatching(message) })];
    const error = await rejection(session.execute(document, variables), GraphQLResultError);
    expect(error).toMatchObject({ code: 'graphql-errors', delivery: 'answered', attempts: 1, data: undefined });
    expect(error.errors).toEqual(errors);
    expect(await session.result(document, variables)).toMatchObject({ data: undefined, errors });
    peer.probe.open('g');
    expect(await all(subscription)).toHaveLength(2);
    expect(peer.sockets).toHaveLength(1);
  });

  test('beside partial data come with it', async () => {
    const { session } = await start();
    const answer = {
      data: { hello: 'Hello world', fails: null },
      errors: [{ message: 'It failed', path: ['fails'], locations: [{ line: 1, column: 9 }] }],
    };
    expect(await session.result('{ hello fails }')).toMatchObject(answer);
    expect(await rejection(session.execute('{ hello fails }'), GraphQLResultError)).toMatchObject(answer);
  });

  test('of a source that breaks end its subscription, after the events before', async () => {
    const { peer, session } = await start();
    const events = await all(session.subscribe('subscription { throwsAfterTwo }'));
    expect(events.slice(0, 2)).toMatchObject([{ data: { throwsAfterTwo: 1 } }, { data: { throwsAfterTwo: 2 } }]);
    expect(events[2]).toBeInstanceOf(GraphQLResultError);
    expect(events[2]).toMatchObject({ errors: [{ message: 'Source broke' }], attempts: 1 });
    expect(events).toHaveLength(3);
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(peer.received.filter((type) => type === 'subscribe')).toHaveLength(2);
  });

  test.each([
    ['whose variables do not fit', 'subscription ($n: Int!) { count(to: $n) }', /"\$n" of required type/],
    ['that is not valid', 'subscription { nothing }', /Cannot query field/],
    ['whose source cannot be opened', 'subscription { throwsAtOnce }', /No source/],
  ])('of a subscription %s end it', async (_what, document, message) => {
    const { session } = await start();
    const error = await rejection(session.subscribe(document).next(), GraphQLResultError);
    expect(error).toMatchObject({ errors: [{ message: expect.stringMatching(message) }] });
    expect(session.operations).toBe(0);
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });

  test('of one event are in that event, and the subscription goes on', async () => {
    const { session } = await start();
    expect(await all(session.subscribe('subscription { oneBadEvent }'))).toMatchObject([
      { data: { oneBadEvent: 1 } },
      { data: { oneBadEvent: null }, errors: [{ message: 'Bad event', path: ['oneBadEvent'] }] },
      { data: { oneBadEvent: 3 } },
    ]);
  });

  test('of a document that it cannot parse end the connection with 4500: only that document is given up', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { peer, session } = await start();
    const other = session.execute('{ slow(gate: "g") }');
    const subscription = session.subscribe('subscription { forever(name: "f") }');
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    // Its brackets match, so it is sent.
    const error = await rejection(session.execute('{ hello: }'), OperationRejectedError);
    expect(error).toMatchObject({ code: 'operation-rejected', closeCode: 4500, attempts: 2, retryable: false });
    expect(error.message).toContain('Syntax Error');
    peer.probe.open('g');
    expect(await other).toEqual({ slow: 'after g' });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(session.state).toMatchObject({ status: 'ready', generation: 3 });
  });

  test('of a context that cannot be made end the connection too: each call that needs it is found, and no other', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const context = (_: unknown, _id: string, { operationName }: { readonly operationName?: string | null }) => {
      if (operationName === 'Bad') throw new Error('No context');
      return { signal: new AbortController().signal };
    };
    const { session } = await start({ context });
    const other = session.execute('query Good { hello }');
    const bad = await rejection(session.execute('query Bad { hello }'), OperationRejectedError);
    expect(bad).toMatchObject({ closeCode: 4500, attempts: 2 });
    expect(bad.message).toContain('No context');
    expect(await other).toEqual({ hello: 'Hello world' });
  });

  test('of a context that takes its time and cannot be made are found in a longer trial: what is slow beside it is answered', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const context = async (_: unknown, _id: string, { operationName }: { readonly operationName?: string | null }) => {
      if (operationName === 'Bad') {
        await new Promise((resolve) => setTimeout(resolve, 50));
        throw new Error('No context');
      }
      return { signal: new AbortController().signal };
    };
    const { peer, session } = await start({ context });
    const before = session.execute('query Before { slow(gate: "g") }');
    const bad = rejection(session.execute('query Bad { hello }'), OperationRejectedError);
    const after = session.execute('query After { slow(gate: "g") }');
    expect(await bad).toMatchObject({ closeCode: 4500, retryable: false });
    expect((await bad).message).toContain('No context');
    peer.probe.open('g');
    expect(await Promise.all([before, after])).toEqual([{ slow: 'after g' }, { slow: 'after g' }]);
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });
});

describe('cancelling on the server of graphql-ws', () => {
  test('leaving the loop closes the source, and the connection is used on', async () => {
    const { peer, session } = await start();
    for await (const event of session.subscribe('subscription { gated(gate: "g") }')) {
      expect(event).toMatchObject({ data: { gated: 1 } });
      break;
    }
    await until(() => peer.received.includes('complete'));
    peer.probe.open('g');
    await until(() => peer.probe.finalised.includes('g'));
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(session.operations).toBe(0);
    expect(peer.sockets).toHaveLength(1);
  });

  test('a call by its signal: the server is told, and its answer is nobody’s', async () => {
    const { peer, session } = await start();
    const abort = new AbortController();
    const call = session.execute('{ slow(gate: "g") }', {}, { signal: abort.signal });
    await until(() => peer.probe.began.includes('slow'));
    abort.abort(new Error('enough'));
    expect(await rejection(call, CancelledError)).toMatchObject({ delivery: 'unknown' });
    await until(() => peer.received.includes('complete'));
    peer.probe.open('g');
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });

  test('a hundred subscriptions that come and go leave nothing behind', async () => {
    const { peer, session } = await start();
    for (let i = 0; i < 100; i++) {
      await using subscription = session.subscribe(`subscription { gated(gate: "${i}") }`);
      expect(await nextEvent(subscription)).toMatchObject({ data: { gated: 1 } });
      peer.probe.open(`${i}`);
    }
    await until(() => peer.probe.finalised.length === 100);
    expect(session.operations).toBe(0);
    expect(peer.sockets).toHaveLength(1);
  });
});

test('two sessions with one transport have a socket each, and one that is closed says so with 1000', async () => {
  const peer = await startPeerServer();
  const transport = webSocket(peer.url);
  const [first, second] = await Promise.all([openReady(peer, { transport }), openReady(peer, { transport })]);
  await first.close();
  await until(() => peer.ends.length === 1);
  expect(peer.ends).toEqual([{ code: 1000, reason: expect.anything() }]);
  expect(await second.execute('{ hello }')).toEqual({ hello: 'Hello world' });
});
