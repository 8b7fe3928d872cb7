// Sessions in a real browser, from plain ES modules and over the browser's own WebSocket, with our server and with one that
// misbehaves behind a proxy.

import { describe, expect, test } from 'vitest';
import { startOurServer } from '../interop/graphql-ws/support/our-server.js';
import { ManualTimers } from '../server/support/manual-timers.js';
import { dialects, startJournal, startProxy, startScripted } from '../session/behaviour/support/starting.js';
import { until } from '../session/behaviour/support/waiting.js';
import { openPage } from './support/open-page.js';

/** The pages of the tests come from a site of their own. */
const allowedOrigins = ['*'];

describe.each(dialects)('a session over %s in Chromium', (protocol) => {
  test('runs queries, mutations and subscriptions on our server, and tells what failed', async (t) => {
    const page = await openPage(t);
    const server = await startJournal({ allowedOrigins });
    const publish = async (number: number) => {
      await until(() => server.subscriptions.running === 1);
      server.publish(number);
    };
    const told = await page.run('test/browser/modules/calls.js', { url: server.url, protocol }, { publish });
    expect(told).toMatchObject({
      state: { status: 'ready', generation: 1, liveness: protocol === 'graphql-ws' ? 'none' : 'ping' },
      query: { echo: 'grüß dich, 漢字 😀' },
      mutation: { add: 1 },
      events: [1, 2, 3].map((numbers) => ({ type: 'data', data: { numbers }, replayed: false })),
      invalid: {
        code: 'graphql-errors',
        phase: 'operation',
        delivery: 'answered',
        errors: [{ message: expect.stringContaining('nothing') }],
      },
      malformed: { name: 'DocumentError', code: 'bad-document', delivery: 'not-sent' },
    });
    expect(server.journal).toEqual(['one']);
    await until(() => server.server.stats().connections === 0);
    expect(page.log).toEqual([]);
  });

  test('heals when its connection is cut: a query waits, and the subscription tells its gap', async (t) => {
    const page = await openPage(t);
    const server = await startJournal({ allowedOrigins });
    const proxy = await startProxy(server);
    const host = {
      publish: async (number: number) => {
        await until(() => server.subscriptions.running === 1);
        server.publish(number);
      },
      cut: async () => {
        proxy.refuse();
        proxy.cut();
        await until(() => server.subscriptions.running === 0);
      },
      heal: () => proxy.accept(),
    };
    const url = proxy.url('ws', '/graphql');
    const told = await page.run<{ readonly states: readonly string[]; readonly generation: number }>(
      'test/browser/modules/healing.js',
      { url, protocol },
      host,
    );
    expect(told).toMatchObject({
      cause: { code: 'closed', closeCode: 1006 },
      answer: { echo: 'made while there was no connection' },
      events: [
        { type: 'data', data: { numbers: 1 } },
        { type: 'gap', gap: { reason: 'connection-lost' } },
        { type: 'data', data: { numbers: 2 } },
      ],
    });
    expect(told.states).toContain('waiting');
    expect(told.states.at(-1)).toBe('ready');
    expect(told.generation).toBeGreaterThan(1);
    expect(server.subscriptions.started).toBe(2);
  });

  test('gets the answer of a mutation although it was lost on the way, and the server ran it once', async (t) => {
    const page = await openPage(t);
    const server = await startJournal({ allowedOrigins });
    const proxy = await startProxy(server);
    const host = {
      holdAnswers: () => proxy.stall('down'),
      loseAnswers: async () => {
        await until(() => server.journal.length === 1 && server.server.stats().operations === 0);
        proxy.cut();
        proxy.resume('down');
      },
    };
    const argument = { url: proxy.url('ws', '/graphql'), protocol };
    const told = await page.run('test/browser/modules/lost-write.js', argument, host);
    expect(told).toEqual({
      data: { add: 1 },
      extensions: { idempotency: { replayed: true } },
      attempts: 2,
      generation: 2,
    });
    expect(server.journal).toEqual(['one']);
  });

  test('closes with a closing handshake, ends its subscriptions and takes no more calls', async (t) => {
    const page = await openPage(t);
    const server = await startScripted();
    const started = () => server.received('start', { timeoutMs: 20_000 });
    const told = await page.run('test/browser/modules/closing.js', { url: server.url, protocol }, { started });
    expect(told).toEqual({
      state: { status: 'closed' },
      subscription: { done: true },
      afterwards: { name: 'SessionClosedError', delivery: 'not-sent' },
    });
    expect(await server.connections[0]?.ended).toMatchObject({ code: 1000 });
    expect(server.connections).toHaveLength(1);
  });
});

describe.each([
  ['graphql-transport-ws', "the dialect's own ping", { type: 'pong', everyMs: 15_000 }, ['ping', 'ping']],
  [
    'graphql-ws',
    "the server's keep-alives, once they were seen",
    { type: 'ka', everyMs: 10_000 },
    ['none', 'keep-alive', 'none'],
  ],
] as const)('over %s in Chromium, which cannot ping', (protocol, means, sign, modes) => {
  test(`a dead peer is noticed by ${means}, and a living one is kept`, async (t) => {
    const page = await openPage(t);
    const { clock } = page.playwright;
    await clock.install({ time: 0 });
    await clock.pauseAt(3_600_000);
    const timers = new ManualTimers();
    // A session asks of its own accord after 15 s of silence: where it can, the server leaves that to it.
    const keepAliveMs = sign.type === 'ka' ? sign.everyMs : 3_600_000;
    const server = await startOurServer({ allowedOrigins, keepAliveMs }, { timers });
    const proxy = await startProxy(server.serving);
    const argument = { url: proxy.url('ws', '/graphql'), protocol, signs: { ...sign, count: 3 } };
    const host = {
      pass: async (ms: number) => {
        await clock.runFor(ms);
        timers.advance(ms);
      },
      fallSilent: () => proxy.halfOpen(),
    };
    const told = await page.run('test/browser/modules/liveness.js', argument, host);
    expect(told).toMatchObject({
      generation: 1,
      modes,
      cause: { code: 'silent', phase: 'connection' },
      answer: { __typename: 'Query' },
    });
  });
});
