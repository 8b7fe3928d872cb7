// HTTP/1.1 through nginx, which ends its connections all the time: after five requests each, when they are idle, and when it
// stops. The same for every way of reaching a server.

import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionOptions } from '../../../src/connect.js';
import { ServerError } from '../../../src/session/errors/server-error.js';
import type { Session } from '../../../src/session/session.js';
import { rejection } from '../../session/behaviour/support/sessions.js';
import { turns } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { ours, type Peer, startPeer } from '../http/support/peers.js';
import { open, ways } from '../http/support/ways.js';
import { type Nginx, needsNginx, startNginx } from './support/nginx.js';

const hello = 'query Hello($name: String) { hello(name: $name) }';
const add = 'mutation Add($key: String!) { add(key: $key) }';
const count = 'subscription ($to: Int!) { count(to: $to) }';

beforeEach(needsNginx);

describe.each(ways)('over %s', (_name, way) => {
  interface Stage {
    readonly peer: Peer;
    readonly nginx: Nginx;
    readonly session: Session;
  }

  async function stage(server: string, options: Partial<SessionOptions> = {}): Promise<Stage> {
    const peer = await startPeer(ours);
    const nginx = await startNginx({ to: peer.port, speaks: 'http/1.1', server });
    return { peer, nginx, session: open(way(nginx.url), options) };
  }

  test('calls are answered although every connection ends after five requests, and mutations run once', async () => {
    const { peer, nginx, session } = await stage('keepalive_requests 5;');
    const keys = Array.from({ length: 100 }, (_, n) => `${n}`);
    const mutations = keys.map((key) => session.execute(add, { key }));
    const queries = keys.map((key) => session.execute(hello, { name: key }));
    await Promise.all(mutations);
    expect(await Promise.all(queries)).toEqual(keys.map((key) => ({ hello: `Hello ${key}` })));
    for (let n = 0; n < 12; n++) await session.execute(add, { key: `later ${n}` });
    expect(peer.app.ran.toSorted()).toEqual([...keys, ...keys.slice(0, 12).map((key) => `later ${key}`)].toSorted());
    await eventually(() => nginx.passed().length >= 212, true);
    const connections = nginx.passed().map(({ connection }) => connection);
    expect(Math.max(...connections.map((one) => connections.filter((other) => other === one).length))).toBe(5);
  });

  test('a call after a pause is answered, on a connection that is not the one which nginx has ended since', async () => {
    const { peer, nginx, session } = await stage('keepalive_timeout 20ms;');
    for (let n = 0; n < 5; n++) {
      await session.execute(add, { key: `${n}` });
      await expect.poll(() => nginx.connections(), { timeout: 20_000, interval: 5 }).toBe(0);
      await turns(3);
    }
    expect(peer.app.ran).toEqual(['0', '1', '2', '3', '4']);
    expect(nginx.used()).toBe(5);
  });

  test('calls in the middle of a reload are answered, and mutations run once', async () => {
    const { peer, nginx, session } = await stage('');
    const held = session.execute('mutation { addSlowly(key: "held", gate: "gate") }');
    await eventually(() => peer.app.ran, ['held']);
    const queries = Array.from({ length: 50 }, () => session.execute(hello));
    await nginx.reload();
    queries.push(...Array.from({ length: 50 }, () => session.execute(hello)));
    await Promise.all(queries);
    peer.app.open('gate');
    expect(await held).toEqual({ addSlowly: 1 });
    expect(peer.app.ran).toEqual(['held']);
  });

  test('what is in progress when nginx stops: a query is answered later, a mutation is not repeated', async () => {
    const { peer, nginx, session } = await stage('', { retry: { execute: { attempts: 1_000, delayMs: () => 5 } } });
    const query = session.execute('{ slow(gate: "query") }');
    const mutation = session
      .execute('mutation { addSlowly(key: "held", gate: "mutation") }')
      .catch((error: unknown) => error);
    await eventually(() => [peer.app.began, peer.app.ran], [['query'], ['held']]);
    await nginx.stop();
    expect(await mutation).toMatchObject({ code: 'outcome-unknown', delivery: 'unknown' });
    // Made while nobody is there, so they were not sent and wait.
    const keys = ['a', 'b', 'c'];
    const waiting = keys.map((key) => session.execute(add, { key }));
    await nginx.start();
    peer.app.open('query');
    expect(await query).toEqual({ slow: 'after query' });
    await Promise.all(waiting);
    expect(peer.app.ran.toSorted()).toEqual(['a', 'b', 'c', 'held']);
  });

  test('while the server behind is away a query is asked again until it is back, a mutation fails as answered', async () => {
    const { peer, nginx, session } = await stage('', { retry: { execute: { attempts: 1_000, delayMs: () => 5 } } });
    await session.execute(hello);
    await peer.stop();
    const error = await rejection(session.execute(add, { key: 'a' }), ServerError);
    expect(error).toMatchObject({ status: 502, delivery: 'answered', attempts: 1 });
    const query = session.result(hello);
    await eventually(() => nginx.passed().filter(({ status }) => status === 502).length > 2, true);
    await peer.start();
    expect((await query).meta.attempts).toBeGreaterThan(1);
    expect(peer.app.ran).toEqual([]);
  });

  test('subscriptions stream through it, where it passes no WebSocket on', async () => {
    const { peer, nginx, session } = await stage('');
    for (let time = 0; time < 3; time++) {
      const numbers: unknown[] = [];
      for await (const event of session.subscribe(count, { to: 3 })) numbers.push(event.type === 'data' && event.data);
      expect(numbers).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    }
    for await (const _event of session.subscribe('subscription { forever }')) break;
    await eventually(() => peer.app.finished, 1);
    // A WebSocket begins with GET: it was asked for once, where it is preferred.
    const upgrades = nginx.passed().filter(({ method }) => method === 'GET');
    expect(upgrades.length).toBe(way(nginx.url) === nginx.url ? 1 : 0);
  });
});

describe('a bare address', () => {
  test('uses the WebSocket that nginx passes on, and finds it again after nginx was away', async () => {
    const peer = await startPeer(ours);
    const location = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection;';
    const nginx = await startNginx({ to: peer.port, speaks: 'http/1.1', location });
    const session = open(nginx.url);
    const subscription = session.subscribe('subscription { forever }');
    expect(await subscription.next()).toMatchObject({ value: { data: { forever: 1 } } });
    expect(peer.app.upgrades).toBe(1);
    await nginx.stop();
    await nginx.start();
    expect(await subscription.next()).toMatchObject({ value: { type: 'gap' } });
    expect(await subscription.next()).toMatchObject({ value: { data: { forever: 1 } } });
    expect([peer.app.upgrades, peer.app.asked]).toEqual([2, []]);
  });

  test.each([404, 426, 501])(
    'streams over HTTP where nginx answers upgrades with %i, and asks for one once',
    async (status) => {
      const peer = await startPeer(ours);
      const location = `if ($http_upgrade) { return ${status}; }`;
      const nginx = await startNginx({ to: peer.port, speaks: 'http/1.1', location });
      const session = open(nginx.url);
      for (let time = 0; time < 3; time++) {
        expect(await session.subscribe(count, { to: 1 }).next()).toMatchObject({ value: { data: { count: 1 } } });
      }
      expect(nginx.passed().filter((passed) => passed.status === status)).toHaveLength(1);
      expect(peer.app.upgrades).toBe(0);
    },
  );

  test('waits for the WebSocket while the server behind nginx is away, and does not give it up for that', async () => {
    const peer = await startPeer(ours);
    const location = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection;';
    const nginx = await startNginx({ to: peer.port, speaks: 'http/1.1', location });
    await peer.stop();
    const session = open(nginx.url);
    const subscription = session.subscribe('subscription { forever }');
    const first = subscription.next();
    await eventually(() => nginx.passed().filter(({ status }) => status === 502).length > 3, true);
    await peer.start();
    expect(await first).toMatchObject({ value: { data: { forever: 1 } } });
    expect([peer.app.upgrades, peer.app.asked]).toEqual([1, []]);
  });
});
