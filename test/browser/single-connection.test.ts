// Subscriptions over the browser's fetch: one stream for all of them where the server knows that, so that the six connections
// of HTTP/1.1 are enough; a stream each where it does not.

import { expect, test } from 'vitest';
import { peerNames, type StreamPeer, startPeer } from '../interop/graphql-sse/support/stream-peer.js';
import { eventually } from '../testing/eventually.js';
import { type Host, openPage } from './support/open-page.js';

const module = 'test/browser/modules/shared-stream.js';
const allowedMethods = 'GET, POST, PUT, DELETE';

interface Told {
  readonly events: readonly unknown[];
  readonly answer?: unknown;
}

function hostOf(peer: StreamPeer, count: number): Host {
  return {
    subscribed: () => eventually(() => peer.running.size, count),
    left: () => eventually(() => peer.running.size, 1),
    tick: (n: number) => peer.tick(n),
  };
}

test('ten subscriptions and a query at once need one stream and no more than six connections', async (t) => {
  const page = await openPage(t);
  const peer = await startPeer('our server', { allowedMethods });
  const asked = { url: peer.url, way: 'viaFetch', count: 10, query: '{ hello }' };
  const told = await page.run<Told>(module, asked, hostOf(peer, 10));
  expect(told).toEqual({ events: [...Array(10).fill(1), 2], answer: { hello: 'Hello world' } });
  expect(peer.streamsSoFar).toBe(1);
  expect(peer.mostConnections).toBeLessThanOrEqual(6);
  expect(peer.methods.filter((method) => method === 'PUT' || method === 'GET')).toEqual(['PUT', 'GET']);
  expect(peer.methods.filter((method) => method === 'DELETE')).toHaveLength(9);
  await eventually(() => [peer.streams.size, peer.running.size], [0, 0]);
  expect(page.log).toEqual([]);
});

test('ten subscriptions share a stream of graphql-sse', async (t) => {
  const page = await openPage(t);
  const peer = await startPeer('graphql-sse', { allowedMethods });
  const told = await page.run<Told>(module, { url: peer.url, way: 'viaFetch', count: 10 }, hostOf(peer, 10));
  expect(told.events).toEqual([...Array(10).fill(1), 2]);
  expect(peer.streamsSoFar).toBe(1);
  expect(page.log).toEqual([]);
});

test.for<
  readonly [string, { readonly allowedMethods: string; readonly refusesReservations?: number }, readonly string[]]
>([
  ['that does not know the mode', { allowedMethods, refusesReservations: 405 }, ['PUT']],
  ['whose CORS allows no reservation', { allowedMethods: 'GET, POST' }, []],
])('a server %s is asked for a stream for each subscription', async ([_name, options, reservations], t) => {
  const page = await openPage(t);
  const peer = await startPeer('our server', options);
  const asked = { url: peer.url, way: 'viaFetch', count: 3, query: '{ hello }' };
  const told = await page.run<Told>(module, asked, hostOf(peer, 3));
  expect(told).toEqual({ events: [1, 1, 1, 2], answer: { hello: 'Hello world' } });
  expect(peer.streamsSoFar).toBe(3);
  expect(peer.methods.filter((method) => method !== 'POST')).toEqual(reservations);
});

test('the default route shares a stream where there is no WebSocket', async (t) => {
  const page = await openPage(t);
  const peer = await startPeer('our server', { allowedMethods });
  const asked = { url: peer.url, way: 'endpoint', count: 10, query: '{ hello }' };
  const told = await page.run<Told>(module, asked, hostOf(peer, 10));
  expect(told.events).toEqual([...Array(10).fill(1), 2]);
  expect(peer.streamsSoFar).toBe(1);
});

test.for(peerNames)('a stream of %s that is cut is taken up again, with a gap', async (name, t) => {
  const page = await openPage(t);
  const peer = await startPeer(name, { allowedMethods });
  const host = {
    ...hostOf(peer, 2),
    left: async () => {
      await eventually(() => peer.running.size, 1);
      peer.cutStreams('broken off');
      await eventually(() => peer.streamsSoFar, 2);
    },
    // Whether or not the first tick of the new stream is still before us, the gap comes first.
    tick: (n: number) => peer.tick(n),
  };
  const told = await page.run<Told>(module, { url: peer.url, way: 'viaFetch', count: 2 }, host);
  expect(told.events).toEqual([1, 1, 'gap']);
});
