// What is different in a browser, with a stand-in for its globals: what is sent with each request, what is not told of
// failures, and how streams of a page are counted.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inBrowser } from '../../../src/transport/fetch/platform.js';
import { ask, clientOf, send } from './support/exchanges.js';

let warnings: string[];
let entries: Partial<PerformanceResourceTiming>[];
let origins = 0;

/** Each test has an origin of its own: a page warns once for each. */
function newOrigin(): string {
  origins += 1;
  return `https://server-${origins}.example.com`;
}

beforeEach(() => {
  warnings = [];
  entries = [];
  vi.spyOn(console, 'warn').mockImplementation((message: string) => void warnings.push(message));
  vi.stubGlobal('document', {});
  vi.stubGlobal('performance', {
    getEntriesByType: (type: string) => entries.filter(({ entryType }) => entryType === type),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const pending: typeof globalThis.fetch = () => new Promise(() => {});

/** So many streams that stay open. */
function streams(origin: string, count: number) {
  const client = clientOf(origin, { fetch: pending });
  return Array.from({ length: count }, () => send(client, { longLived: true }).exchange);
}

describe('the fourth stream of a page to one origin', () => {
  test('warns, once', () => {
    const origin = newOrigin();
    streams(origin, 3);
    expect(warnings).toEqual([]);
    const [fourth] = streams(origin, 1);
    expect(warnings).toEqual([expect.stringContaining(`4 streams to ${origin}`)]);
    expect(warnings[0]).toMatch(/six connections.*single connection mode.*WebSocket.*HTTP\/2/is);
    fourth?.cancel();
    streams(origin, 5);
    expect(warnings).toHaveLength(1);
  });

  test('warns for each origin of its own', () => {
    const [one, other] = [newOrigin(), newOrigin()];
    streams(one, 3);
    streams(other, 3);
    expect(warnings).toEqual([]);
    streams(one, 1);
    streams(other, 1);
    expect(warnings).toHaveLength(2);
  });

  test('is no fourth where others have ended, whichever way', async () => {
    const origin = newOrigin();
    const [first, second] = streams(origin, 2);
    const failing: typeof globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    const answering: typeof globalThis.fetch = () => Promise.resolve(new Response('all'));
    await ask(clientOf(origin, { fetch: failing }), { longLived: true });
    await ask(clientOf(origin, { fetch: answering }), { longLived: true });
    first?.cancel();
    first?.cancel();
    streams(origin, 2);
    expect(warnings).toEqual([]);
    second?.cancel();
    streams(origin, 1);
    expect(warnings).toEqual([]);
    streams(origin, 1);
    expect(warnings).toHaveLength(1);
  });

  test('is no stream where it is a request that is soon answered', () => {
    const client = clientOf(newOrigin(), { fetch: pending });
    for (let count = 0; count < 10; count++) send(client);
    expect(warnings).toEqual([]);
  });

  test.for([
    ['h2', 'resource', '/logo.png'],
    ['h3', 'resource', '/graphql'],
    ['h2', 'navigation', '/'],
  ] as const)('is no matter where the browser has spoken %s there, as a %s', ([nextHopProtocol, entryType, path]) => {
    const origin = newOrigin();
    entries = [{ entryType, name: origin + path, nextHopProtocol }];
    streams(origin, 10);
    expect(warnings).toEqual([]);
  });

  test.for([
    ['http/1.1', ''],
    ['', ''],
    ['h2', '.elsewhere.example.com'],
  ] as const)('warns where the browser has spoken "%s" to the origin%s', ([nextHopProtocol, suffix]) => {
    const origin = newOrigin();
    entries = [{ entryType: 'resource', name: `${origin}${suffix}/`, nextHopProtocol }];
    streams(origin, 4);
    expect(warnings).toHaveLength(1);
  });

  test('warns nobody outside of browsers', () => {
    vi.stubGlobal('document', undefined);
    streams(newOrigin(), 10);
    expect(warnings).toEqual([]);
  });
});

describe('a request in a browser', () => {
  test('passes by the cache, and carries credentials as the program says', async () => {
    const fetch = vi.fn(async () => new Response('all'));
    await ask(clientOf(newOrigin(), { fetch, credentials: 'omit' }));
    await ask(clientOf(newOrigin(), { fetch }));
    const inits = fetch.mock.calls.map((call: unknown[]) => call[1]);
    expect(inits).toMatchObject([{ cache: 'no-store', credentials: 'omit' }, { cache: 'no-store' }]);
    expect(inits[1]).not.toHaveProperty('credentials');
  });

  test('that fails proves nothing, whatever the error holds, and says what the browser does not', async () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const error = new TypeError('Failed to fetch', { cause });
    const { failure } = await ask(clientOf(newOrigin(), { fetch: () => Promise.reject(error) }));
    expect(failure).toMatchObject({ code: 'network', phase: 'operation', cause: error });
    expect(failure).not.toHaveProperty('delivery');
    expect(failure?.message).toMatch(
      /Failed to fetch.*does not tell.*cannot be reached.*CORS.*https:.*Content-Security/s,
    );
  });

  test('whose answer breaks off does not speak of CORS, which let it through', async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new TypeError('network error'));
      },
    });
    const told = await ask(clientOf(newOrigin(), { fetch: async () => new Response(body) }));
    expect(told.order).toEqual(['sending', 'head', 'failed']);
    expect(told.failure).toMatchObject({ code: 'network', message: expect.stringContaining('broke off') });
    expect(told.failure?.message).not.toContain('CORS');
  });

  test('with a body that would be streamed is refused, unsent, even where "duplex" is known', async () => {
    const source = vi.fn();
    const told = await ask(clientOf(newOrigin()), { body: { parts: [source], length: undefined } });
    expect(told.order).toEqual(['failed']);
    expect(told.failure).toMatchObject({ code: 'bad-option', delivery: 'not-sent' });
    expect(source).not.toHaveBeenCalled();
  });
});

test.for<readonly [string, Readonly<Record<string, unknown>>, boolean]>([
  ['a page', { window: {}, document: {} }, true],
  ["a page's worker", { WorkerGlobalScope: class {}, importScripts: () => {} }, true],
  ['Node', {}, false],
  ['Deno 1, which has a window without a document', { window: {} }, false],
  ["Cloudflare's workers, which import no scripts", { WorkerGlobalScope: class {} }, false],
])('%s is told from others by its globals', ([_name, globals, expected]) => {
  vi.stubGlobal('document', undefined);
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  expect(inBrowser()).toBe(expected);
});
