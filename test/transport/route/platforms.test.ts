// What the default route is made of on each platform: which transports, with which of its options.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Connection, Failure, OpenContext, Transport } from '../../../src/transport/contract.js';
import { OpenError } from '../../../src/transport/open-error.js';
import * as browser from '../../../src/transport/route/browser.js';
import * as node from '../../../src/transport/route/node.js';

const made = vi.hoisted(() => ({
  transports: [] as unknown[][],
  opened: [] as string[],
  failures: {} as Record<string, unknown>,
}));

/** A transport of this name, which fails to open where a failure is set for it. */
function transportOf(name: string): (...given: unknown[]) => unknown {
  return (...given) => {
    made.transports.push([name, ...given.map((one) => (one instanceof URL ? one.href : one))]);
    return {
      name,
      open: async () => {
        made.opened.push(name);
        if (made.failures[name] !== undefined) throw new OpenError(made.failures[name] as Failure);
        return { name };
      },
    };
  };
}

vi.mock('../../../src/transport/undici/index.js', () => ({ undici: transportOf('undici') }));
vi.mock('../../../src/transport/fetch/index.js', () => ({ viaFetch: transportOf('fetch') }));
vi.mock('../../../src/transport/websocket/index.js', () => ({ webSocket: transportOf('ws') }));
vi.mock('../../../src/transport/websocket/browser.js', () => ({ webSocket: transportOf('platform') }));

const address = new URL('https://example.com/graphql');
const headers = { a: 'b' };
const none = (): void => {};
const events = { heard: none, keepAlive: none, pong: none, control: none, goingAway: none, backlog: none };

async function open(transport: Transport): Promise<string> {
  const limits = { openTimeoutMs: 1, ackTimeoutMs: 1, closeTimeoutMs: 1, maxMessageBytes: 1 };
  const clock = new VirtualClock();
  const context: OpenContext = { signal: new AbortController().signal, generation: 1, credentials: {}, clock, limits };
  const connection: Connection & { readonly name?: string } = await transport.open(context, events);
  return connection.name ?? '';
}

function failing(code: Failure['code'], more: Partial<Failure> = {}): Failure {
  return { code, phase: 'connect', message: code, ...more };
}

beforeEach(() => {
  made.transports = [];
  made.opened = [];
  made.failures = {};
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('in Node', () => {
  test('calls go over undici, each as a request of its own', async () => {
    expect(await open(node.calls(address, { headers }))).toBe('undici');
    expect(made.transports[0]).toEqual(['undici', address.href, { headers, singleConnection: false }]);
  });

  test("calls go over the platform's fetch where undici is not installed", async () => {
    made.failures.undici = failing('missing-dependency');
    expect(await open(node.calls(address, { headers }))).toBe('fetch');
    expect(made.transports).toContainEqual(['fetch', address.href, { headers, singleConnection: false }]);
  });

  test('any other failure of undici is its own', async () => {
    made.failures.undici = failing('bad-option');
    await expect(open(node.calls(address, {}))).rejects.toMatchObject({ failure: { code: 'bad-option' } });
    expect(made.opened).toEqual(['undici']);
  });

  test('a given fetch or dispatcher carries the calls, and nothing else does', async () => {
    const fetch = async (): Promise<Response> => new Response();
    expect(await open(node.calls(address, { fetch }))).toBe('fetch');
    expect(made.transports).toEqual([['fetch', address.href, { fetch, singleConnection: false }]]);
    const dispatcher = { dispatch: () => true };
    made.failures.undici = failing('missing-dependency');
    await expect(open(node.calls(address, { dispatcher }))).rejects.toMatchObject({
      failure: { code: 'missing-dependency' },
    });
    expect(made.transports.at(-1)).toEqual(['undici', address.href, { dispatcher, singleConnection: false }]);
  });

  test('subscriptions go over ws, to an address of their own where there is one', async () => {
    expect(await open(node.subscriptions(address, { headers, protocols: ['graphql-ws'] }))).toBe('ws');
    expect(made.transports[0]).toEqual(['ws', address.href, { headers, protocols: ['graphql-ws'] }]);
    made.transports = [];
    node.subscriptions(address, { webSocketUrl: 'wss://live.example.com' });
    expect(made.transports[0]).toEqual(['ws', 'wss://live.example.com', {}]);
  });

  test('subscriptions go over HTTP where there is no WebSocket, by the same client as calls', async () => {
    made.failures.ws = failing('http-status', { status: 404 });
    expect(await open(node.subscriptions(address, { headers }))).toBe('undici');
    made.failures.undici = failing('missing-dependency');
    expect(await open(node.subscriptions(address, { singleConnection: true }))).toBe('fetch');
    expect(made.transports.at(-1)).toEqual(['fetch', address.href, { singleConnection: true }]);
  });
});

describe('in browsers and everywhere else', () => {
  test('calls go over fetch, each as a request of its own', async () => {
    expect(await open(browser.calls(address, { headers }))).toBe('fetch');
    expect(made.transports).toEqual([['fetch', address.href, { headers, singleConnection: false }]]);
  });

  test("subscriptions go over the platform's WebSocket, which takes no headers, else over fetch", async () => {
    vi.stubGlobal('WebSocket', class {});
    const transport = browser.subscriptions(address, { headers, webSocketUrl: 'wss://live.example.com' });
    expect(await open(transport)).toBe('platform');
    expect(made.transports).toEqual([
      ['platform', 'wss://live.example.com', {}],
      ['fetch', address.href, { headers }],
    ]);
    made.failures.platform = failing('missing-dependency');
    expect(await open(browser.subscriptions(address, {}))).toBe('fetch');
  });

  test('subscriptions go over fetch alone where the platform has no WebSocket', async () => {
    vi.stubGlobal('WebSocket', undefined);
    expect(await open(browser.subscriptions(address, { headers }))).toBe('fetch');
    expect(made.transports).toEqual([['fetch', address.href, { headers }]]);
  });
});
