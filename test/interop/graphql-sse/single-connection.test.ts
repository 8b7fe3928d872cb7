// Sessions in single connection mode with the server of graphql-sse and with our own: every operation over one event stream,
// through cuts and restarts.

import { describe, expect, test } from 'vitest';
import { OutcomeUnknownError } from '../../../src/index.js';
import type { Session } from '../../../src/session/session.js';
import { ladder } from '../../../src/transport/route/index.js';
import { undici } from '../../../src/transport/undici/index.js';
import { rejection } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { clients, sessionOver } from './support/clients.js';
import { peerNames, type StreamPeer, startPeer } from './support/stream-peer.js';

const ticks = 'subscription Ticks($name: String!) { ticks(name: $name) }';

/** What a subscription gives, as short texts: `1`, `gap`. */
function listen(session: Session, name: string): { readonly seen: string[]; readonly over: Promise<void> } {
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const event of session.subscribe<{ ticks: number }>(ticks, { name })) {
      seen.push(event.type === 'data' ? String(event.data.ticks) : event.type);
    }
  };
  return { seen, over: read() };
}

async function running(peer: StreamPeer, count: number): Promise<void> {
  await eventually(() => peer.running.size, count);
}

const rows = peerNames.flatMap((peer) => clients.map(([name, client]) => ({ peer, name, client })));

describe.for(rows)('$name with $peer', ({ peer: peerName, client }) => {
  test('carries queries, mutations and subscriptions over one stream', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(ladder([client(peer.url, { singleConnection: true })]));
    expect(await session.execute('query ($name: String) { hello(name: $name) }', { name: 'Ann' })).toEqual({
      hello: 'Hello Ann',
    });
    expect(await session.execute('mutation { add(amount: 5) }')).toEqual({ add: 5 });
    const seen: unknown[] = [];
    for await (const event of session.subscribe('subscription { count(to: 3) }')) seen.push(event);
    expect(seen).toMatchObject([{ data: { count: 1 } }, { data: { count: 2 } }, { data: { count: 3 } }]);
    expect(await session.result('{ fails }')).toMatchObject({ data: { fails: null }, errors: [{ path: ['fails'] }] });
    expect(peer.methods).toEqual(['PUT', 'GET', 'POST', 'POST', 'POST', 'POST']);
    expect(peer.streamsSoFar).toBe(1);
  });

  test('answers an operation that the server refuses with what it said, and goes on', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(ladder([client(peer.url, { singleConnection: true })]));
    expect(await session.result('{ nothing }')).toMatchObject({
      errors: [{ message: expect.stringMatching(/Cannot query field "nothing"/) }],
    });
    const refused = session.subscribe('subscription { nothing }')[Symbol.asyncIterator]();
    expect(await rejection(refused.next())).toMatchObject({
      errors: [{ message: expect.stringMatching(/Cannot query field "nothing"/) }],
    });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(peer.streamsSoFar).toBe(1);
  });

  test('keeps a hundred subscriptions on one stream', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(client(peer.url, { singleConnection: true }));
    const all = Array.from({ length: 100 }, (_, n) => listen(session, String(n)));
    await running(peer, 100);
    peer.tick(1);
    peer.tick(2);
    await eventually(() => all.every(({ seen }) => seen.join() === '1,2'), true);
    expect(peer.streams.size).toBe(1);
    expect(peer.streamsSoFar).toBe(1);
    await session.close();
    await Promise.all(all.map(({ over }) => over));
    await running(peer, 0);
    await eventually(() => peer.streams.size, 0);
  });

  test('tells the server when a subscription is left, and leaves the others alone', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(client(peer.url, { singleConnection: true }));
    const kept = listen(session, 'kept');
    const left = session.subscribe(ticks, { name: 'left' })[Symbol.asyncIterator]();
    const first = left.next();
    await running(peer, 2);
    peer.tick(1);
    await first;
    await left.return?.();
    await eventually(() => [...peer.running.keys()], ['kept']);
    peer.tick(2);
    await eventually(() => kept.seen, ['1', '2']);
    expect(peer.methods.filter((method) => method === 'DELETE')).toHaveLength(1);
  });

  test.for(['broken off', 'ended'] as const)(
    'takes a stream that is %s for an interruption, never for an end',
    async (how) => {
      const peer = await startPeer(peerName);
      await using session = sessionOver(client(peer.url, { singleConnection: true }));
      const all = ['a', 'b'].map((name) => listen(session, name));
      await running(peer, 2);
      peer.tick(1);
      await eventually(() => all.map(({ seen }) => seen.join()), ['1', '1']);
      peer.cutStreams(how);
      await eventually(() => peer.streamsSoFar, 2);
      await eventually(() => all.map(({ seen }) => seen.join()), ['1,gap', '1,gap']);
      await running(peer, 2);
      peer.tick(2);
      await eventually(() => all.map(({ seen }) => seen.join()), ['1,gap,2', '1,gap,2']);
      expect(peer.streams.size).toBe(1);
    },
  );

  test('reserves a stream anew when the server comes back, and has forgotten everything', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(client(peer.url, { singleConnection: true }));
    const { seen } = listen(session, 'a');
    await running(peer, 1);
    peer.tick(1);
    await eventually(() => seen, ['1']);
    await peer.stop();
    await eventually(() => seen.includes('gap') || session.state.status === 'waiting', true);
    await peer.start();
    await running(peer, 1);
    peer.tick(2);
    await eventually(() => seen, ['1', 'gap', '2']);
    expect(peer.methods.filter((method) => method === 'PUT').length).toBeGreaterThan(1);
  });

  test('never repeats a mutation whose stream is cut: its outcome is unknown', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(ladder([client(peer.url, { singleConnection: true })]));
    const outcome = rejection(session.execute('mutation { addSlowly(amount: 1, gate: "g") }'));
    await eventually(() => peer.isWaiting('g'), true);
    peer.cutStreams('broken off');
    expect(await outcome).toBeInstanceOf(OutcomeUnknownError);
    expect(await outcome).toMatchObject({ delivery: 'unknown' });
    // The session goes on, over another stream.
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(peer.streamsSoFar).toBe(2);
    peer.open('g');
    expect([peer.mutations, peer.sum]).toEqual([1, 1]);
  });

  test('sends a query again whose stream is cut, and its caller hears nothing of that', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(ladder([client(peer.url, { singleConnection: true })]));
    const answer = session.execute('{ slow(gate: "g") }');
    await eventually(() => peer.isWaiting('g'), true);
    peer.cutStreams('broken off');
    await eventually(() => peer.methods.filter((method) => method === 'POST').length, 2);
    await eventually(() => peer.isWaiting('g'), true);
    const opened = setInterval(() => peer.open('g'), 5);
    expect(await answer).toEqual({ slow: 'after g' });
    clearInterval(opened);
  });

  test('gives up a slow query at the server as well', async () => {
    const peer = await startPeer(peerName);
    await using session = sessionOver(ladder([client(peer.url, { singleConnection: true })]));
    const controller = new AbortController();
    const outcome = rejection(session.execute('{ slow(gate: "g") }', {}, { signal: controller.signal }));
    await eventually(() => peer.isWaiting('g'), true);
    controller.abort();
    expect(await outcome).toMatchObject({ name: 'CancelledError' });
    await eventually(() => peer.methods.includes('DELETE'), true);
    peer.open('g');
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });
});

test('a hundred subscriptions and their requests need no more than the sockets they are given', async () => {
  const peer = await startPeer('graphql-sse');
  const transport = undici(peer.url, { singleConnection: true, connections: 2 });
  await using session = sessionOver(transport);
  const all = Array.from({ length: 100 }, (_, n) => listen(session, String(n)));
  await running(peer, 100);
  peer.tick(1);
  await eventually(() => all.every(({ seen }) => seen.length === 1), true);
  expect(peer.mostConnections).toBeLessThanOrEqual(3);
});

test('queries and mutations go by themselves, and outlive the stream', async () => {
  const peer = await startPeer('our server');
  await using session = sessionOver(undici(peer.url, { singleConnection: true }));
  expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  expect(peer.methods).toEqual(['POST']);
  const { seen } = listen(session, 'a');
  await running(peer, 1);
  const sum = session.execute('mutation { addSlowly(amount: 3, gate: "g") }');
  await eventually(() => peer.isWaiting('g'), true);
  peer.cutStreams('broken off');
  await eventually(() => seen, ['gap']);
  peer.open('g');
  expect(await sum).toEqual({ addSlowly: 3 });
  expect(peer.mutations).toBe(1);
});
