// Chromium's EventSource on our HTTP endpoint: a subscription in the address of a GET, read by nothing but the browser.

import { describe, expect, type TestContext, test } from 'vitest';
import { startOurServer } from '../interop/graphql-ws/support/our-server.js';
import { startMovingServer } from '../interop/server/support/moving-server.js';
import { ManualTimers } from '../server/support/manual-timers.js';
import { until } from '../session/behaviour/support/waiting.js';
import { openPage } from './support/open-page.js';

/** What an EventSource told its page. */
interface Told {
  readonly type: 'open' | 'error' | 'next' | 'complete';
  /** Of `next` the result, of `complete` its data as it came. */
  readonly data: unknown;
  /** 0 is connecting, 1 open, 2 closed. */
  readonly state: number;
}

interface Opened {
  readonly told: readonly Told[];
  /** The results that have arrived. */
  results(): readonly unknown[];
  /** The page closes it. */
  close(): Promise<void>;
  /** The page goes away. */
  leave(): Promise<void>;
}

/** In a page of the server's own origin, which closes the EventSource when it hears `complete`. */
async function openEventSource(t: TestContext, endpoint: string, document: string): Promise<Opened> {
  const { playwright: page } = await openPage(t);
  await page.goto(new URL('/health', endpoint).href);
  const told: Told[] = [];
  await page.exposeFunction('tell', (one: Told) => {
    told.push({ ...one, data: one.type === 'next' ? JSON.parse(String(one.data)) : one.data });
  });
  await page.evaluate(
    (address) => {
      const { tell } = globalThis as unknown as { readonly tell: (one: object) => void };
      const source = new EventSource(address);
      Object.assign(globalThis, { source });
      for (const type of ['open', 'error', 'next', 'complete']) {
        source.addEventListener(type, (event) => {
          if (type === 'complete') source.close();
          tell({ type, data: (event as MessageEvent).data, state: source.readyState });
        });
      }
    },
    `${endpoint}?query=${encodeURIComponent(document)}`,
  );
  return {
    told,
    results: () => told.filter(({ type }) => type === 'next').map(({ data }) => data),
    close: () => page.evaluate(() => (globalThis as unknown as { readonly source: EventSource }).source.close()),
    leave: () => page.close(),
  };
}

const forever = 'subscription { forever(name: "f") }';

describe("Chromium's EventSource", () => {
  test('asks for text/event-stream, and has every event and the end', async (t) => {
    const { server, url, probe } = await startOurServer();
    const source = await openEventSource(t, url, 'subscription { count(to: 3) }');
    await until(() => source.told.at(-1)?.type === 'complete');
    expect(source.told.map(({ type }) => type)).toEqual(['open', 'next', 'next', 'next', 'complete']);
    expect(source.results()).toEqual([1, 2, 3].map((count) => ({ data: { count } })));
    expect(source.told.at(-1)).toEqual({ type: 'complete', data: '', state: 2 });
    expect(probe.contexts).toMatchObject([{ headers: { accept: 'text/event-stream' } }]);
    await until(() => server.stats().operations === 0 && server.stats().sources === 0);
  });

  test('has an event before the next one happens, and hears nothing of the signs of life in between', async (t) => {
    const timers = new ManualTimers();
    const { url, probe } = await startOurServer({ keepAliveMs: 1_000 }, { timers });
    const source = await openEventSource(t, url, 'subscription { gated(gate: "g") }');
    await until(() => source.results().length === 1);
    for (let second = 0; second < 5; second++) timers.advance(1_000);
    probe.open('g');
    await until(() => source.told.at(-1)?.type === 'complete');
    expect(source.told.map(({ type }) => type)).toEqual(['open', 'next', 'next', 'complete']);
  });

  test.for([
    ['the page closes it', 'close'],
    ['the page goes away', 'leave'],
  ] as const)('closes the source on the server when %s', async ([_when, way], t) => {
    const { server, url, probe } = await startOurServer();
    const source = await openEventSource(t, url, forever);
    await until(() => source.results().length === 1);
    expect(server.stats()).toMatchObject({ operations: 1, sources: 1 });
    await source[way]();
    await until(() => server.stats().sources === 0 && server.stats().operations === 0);
    expect(probe.finalised).toEqual(['f']);
  });

  test('connects again by itself when its server drains, and goes on with the next one', async (t) => {
    const moving = await startMovingServer();
    const source = await openEventSource(t, moving.url, forever);
    await until(() => source.results().length === 1);
    await moving.leave();
    expect(moving.old.probe.finalised).toEqual(['f']);
    await until(() => source.results().length === 2);
    expect(source.told.map(({ type, state }) => [type, state])).toEqual([
      ['open', 1],
      ['next', 1],
      ['error', 0],
      ['open', 1],
      ['next', 1],
    ]);
    expect(moving.next.server.stats()).toMatchObject({ operations: 1, sources: 1 });
  });

  test('is over for good where it is refused with 503, so that one that drains needs another beside it', async (t) => {
    const { server, url } = await startOurServer();
    await server.drain({ spreadMs: 0 });
    const source = await openEventSource(t, url, forever);
    await until(() => source.told.length > 0);
    expect(source.told).toMatchObject([{ type: 'error', state: 2 }]);
  });

  test('is told the errors of what cannot run as its only event', async (t) => {
    const { url } = await startOurServer();
    const source = await openEventSource(t, url, 'subscription { nothing }');
    await until(() => source.told.at(-1)?.type === 'complete');
    expect(source.results()).toMatchObject([{ errors: [{ message: expect.stringContaining('"nothing"') }] }]);
  });

  test('has the errors of a source that fails in the middle, masked outside development', async (t) => {
    const { url, failures } = await startOurServer({ development: false });
    const source = await openEventSource(t, url, 'subscription { throwsAfterTwo }');
    await until(() => source.told.at(-1)?.type === 'complete');
    expect(source.results().slice(0, 2)).toEqual([{ data: { throwsAfterTwo: 1 } }, { data: { throwsAfterTwo: 2 } }]);
    expect(source.results()[2]).toMatchObject({ errors: [{ message: 'Internal server error' }] });
    expect(failures).toMatchObject([{ source: 'resolver', error: { message: 'Source broke' } }]);
  });

  test('runs no mutation', async (t) => {
    const { url, probe } = await startOurServer();
    const source = await openEventSource(t, url, 'mutation { add(amount: 1) }');
    await until(() => source.told.length > 0);
    expect(source.told).toMatchObject([{ type: 'error', state: 2 }]);
    expect(probe.began).toEqual([]);
  });
});
