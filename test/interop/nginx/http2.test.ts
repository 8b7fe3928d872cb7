// Our HTTP/2 transport through nginx, which ends its connections all the time: after five requests each, when it is reloaded,
// and when it stops.

import { beforeEach, describe, expect, test } from 'vitest';
import type { SessionOptions } from '../../../src/connect.js';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { ServerError } from '../../../src/session/errors/server-error.js';
import type { Session } from '../../../src/session/session.js';
import { http2 } from '../../../src/transport/http2/index.js';
import { nextEvent, rejection } from '../../session/behaviour/support/sessions.js';
import { reached } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { certificate } from '../../transport/websocket/support/certificate.js';
import { ours, type Peer, startPeer, yoga } from '../http/support/peers.js';
import { open } from '../http/support/ways.js';
import { type Nginx, needsNginx, startNginx } from './support/nginx.js';

const hello = 'query Hello($name: String) { hello(name: $name) }';
const add = 'mutation Add($key: String!) { add(key: $key) }';
const count = 'subscription ($to: Int!) { count(to: $to) }';

beforeEach(needsNginx);

interface Stage {
  readonly peer: Peer;
  readonly nginx: Nginx;
  readonly session: Session;
}

async function stage(server = '', options: Partial<SessionOptions> = {}, start = ours): Promise<Stage> {
  const peer = await startPeer(start);
  const nginx = await startNginx({ to: peer.port, speaks: 'h2', server });
  return { peer, nginx, session: open(http2(nginx.url, { tls: { ca: certificate } }), options) };
}

const callsOf = (session: Session, from: number, to: number): Promise<unknown>[] =>
  Array.from({ length: to - from }, (_, index) => {
    const key = `${from + index}`;
    return index % 2 === 0 ? session.execute(hello, { name: key }) : session.execute(add, { key });
  });

/** Every mutation ran exactly once, every query has its own answer. */
async function expectAll(calls: readonly Promise<unknown>[], { app }: Peer): Promise<void> {
  const answers = await Promise.all(calls);
  for (const [index, answer] of answers.entries()) {
    expect(answer).toEqual(index % 2 === 0 ? { hello: `Hello ${index}` } : { add: expect.any(Number) });
  }
  const keys = answers.map((_, index) => `${index}`).filter((_, index) => index % 2 === 1);
  expect(app.ran.toSorted()).toEqual(keys.toSorted());
}

test('HTTP/2 is agreed on by ALPN, with the CA of the program', async () => {
  const { nginx, session } = await stage();
  expect(await session.execute(hello, { name: 'Ada' })).toEqual({ hello: 'Hello Ada' });
  await eventually(() => nginx.passed().length, 1);
  expect(nginx.passed()).toMatchObject([{ method: 'POST', protocol: 'HTTP/2.0', status: 200 }]);
  const stranger = open(http2(nginx.url));
  expect(await rejection(stranger.ready(), ConnectError)).toMatchObject({ failure: { code: 'tls' } });
});

describe('nginx that ends every connection after five requests', () => {
  test('answers two hundred calls made at once: every query, and no mutation runs twice', async () => {
    const { peer, nginx, session } = await stage('keepalive_requests 5;');
    await expectAll(callsOf(session, 0, 200), peer);
    await eventually(() => nginx.passed().length >= 200, true);
    expect(nginx.used()).toBeGreaterThanOrEqual(200 / 5);
  });

  test('answers calls made one after the other', async () => {
    const { peer, session } = await stage('keepalive_requests 5;');
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 40; n += 4) {
      const some = callsOf(session, n, n + 4);
      calls.push(...some);
      await Promise.all(some);
    }
    await expectAll(calls, peer);
  });

  test('answers slow calls as well, of more connections than one that are leaving', async () => {
    const { peer, session } = await stage('keepalive_requests 5;');
    const keys = Array.from({ length: 20 }, (_, n) => `${n}`);
    const document = 'mutation ($key: String!) { addSlowly(key: $key, gate: "gate") }';
    const calls = keys.map((key) => session.execute(document, { key }));
    await eventually(() => peer.app.ran.length, 20);
    peer.app.open('gate');
    for (const call of calls) expect(await call).toEqual({ addSlowly: expect.any(Number) });
    expect(peer.app.ran.toSorted()).toEqual(keys.toSorted());
  });

  test('answers quick calls by the hundred without a single wait between its connections', async () => {
    const { peer, nginx, session } = await stage('keepalive_requests 50;');
    const seen: string[] = [];
    session.on('state', ({ status }) => seen.push(status));
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 250; n++) {
      const key = `${n}`;
      calls.push(n % 2 === 0 ? session.execute(hello, { name: key }) : session.execute(add, { key }));
      await calls[n];
    }
    await expectAll(calls, peer);
    await eventually(() => nginx.passed().length >= 250, true);
    expect(nginx.used()).toBe(5);
    expect(seen).toContain('connecting');
    expect(seen.filter((status) => status === 'waiting')).toEqual([]);
  });

  test('answers as well where it ends them after every request', async () => {
    const { peer, nginx, session } = await stage('keepalive_requests 1;');
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 40; n++) {
      const key = `${n}`;
      calls.push(n % 2 === 0 ? session.execute(hello, { name: key }) : session.execute(add, { key }));
      await calls[n];
    }
    await expectAll(calls, peer);
    await eventually(() => nginx.passed().length >= 40, true);
    expect(nginx.used()).toBe(40);
  });
});

describe('nginx that allows few streams', () => {
  test('is asked for no more than that at once', async () => {
    const { peer, nginx, session } = await stage('http2_max_concurrent_streams 3;');
    await expectAll(callsOf(session, 0, 100), peer);
    await eventually(() => nginx.passed().length >= 100, true);
    expect(nginx.used()).toBe(1);
  });
});

describe('nginx that is reloaded', () => {
  test('in the middle of calls: all are answered, and each mutation runs once', async () => {
    const { peer, nginx, session } = await stage();
    await session.ready();
    const calls = callsOf(session, 0, 50);
    const held = session.execute('mutation { addSlowly(key: "held", gate: "gate") }');
    await eventually(() => peer.app.ran.includes('held'), true);
    const reloaded = nginx.reload();
    calls.push(...callsOf(session, 50, 100));
    await reloaded;
    calls.push(...callsOf(session, 100, 150));
    await Promise.all(calls);
    // Of a worker that is leaving, and is answered all the same.
    peer.app.open('gate');
    expect(await held).toEqual({ addSlowly: expect.any(Number) });
    expect(peer.app.ran.splice(peer.app.ran.indexOf('held'), 1)).toEqual(['held']);
    await expectAll(calls, peer);
    await eventually(() => nginx.passed().length >= 151, true);
    expect(nginx.used()).toBe(2);
  });
});

describe('nginx that stops and starts', () => {
  test('interrupts what is in progress: queries are answered later, a mutation is not repeated', async () => {
    const { peer, nginx, session } = await stage();
    const query = session.execute('{ slow(gate: "query") }');
    const mutation = session
      .execute('mutation { addSlowly(key: "held", gate: "mutation") }')
      .catch((error: unknown) => error);
    await eventually(() => [peer.app.began, peer.app.ran], [['query'], ['held']]);
    await nginx.stop();
    expect(await mutation).toMatchObject({ code: 'outcome-unknown', delivery: 'unknown' });
    await reached(session, 'waiting', ({ cause }) => cause.code === 'network');
    const calls = callsOf(session, 0, 20);
    await nginx.start();
    peer.app.open('query');
    peer.app.open('mutation');
    expect(await query).toEqual({ slow: 'after query' });
    expect(peer.app.ran.splice(0, 1)).toEqual(['held']);
    await expectAll(calls, peer);
  });
});

describe('nginx whose server is away', () => {
  test('answers 502: queries are asked again until it is back, mutations fail as answered', async () => {
    const { peer, nginx, session } = await stage('', {
      retry: { execute: { attempts: 1_000, delayMs: () => 5 } },
    });
    await session.execute(hello, { name: 'Ada' });
    await peer.stop();
    const error = await rejection(session.execute(add, { key: 'a' }), ServerError);
    expect(error).toMatchObject({ status: 502, delivery: 'answered', attempts: 1 });
    expect(error.message).toContain('502 Bad Gateway');
    const query = session.result<unknown>(hello, { name: 'Bob' });
    await eventually(() => nginx.passed().filter(({ status }) => status === 502).length > 2, true);
    await peer.start();
    const { data, meta } = await query;
    expect(data).toEqual({ hello: 'Hello Bob' });
    expect(meta.attempts).toBeGreaterThan(1);
    expect(peer.app.ran).toEqual([]);
  });
});

describe.each([
  ['our own server', ours],
  ['GraphQL Yoga', yoga],
])('server-sent events of %s through nginx', (_name, start) => {
  test('come as they are sent, and the end as well', async () => {
    const { peer, session } = await stage('', {}, start);
    const numbers: unknown[] = [];
    for await (const event of session.subscribe(count, { to: 5 })) numbers.push(event.type === 'data' && event.data);
    expect(numbers).toEqual([1, 2, 3, 4, 5].map((number) => ({ count: number })));
    // This one stays open after its first event, which nginx must not keep for later.
    for await (const event of session.subscribe('subscription { forever }')) {
      expect(event).toMatchObject({ data: { forever: 1 } });
      break;
    }
    await eventually(() => peer.app.finished, 1);
  });

  test('go on after nginx was reloaded, and after it was stopped, each time with a gap', async () => {
    const { nginx, session } = await stage('', {}, start);
    const subscription = session.subscribe('subscription { forever }');
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    await nginx.reload();
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'going-away' } });
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    await nginx.stop();
    await nginx.start();
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
  });
});
