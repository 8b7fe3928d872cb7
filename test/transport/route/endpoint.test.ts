// The default route: its options, its names, and that nothing is loaded or opened before it is needed. What it carries is in
// the tests of sessions by address.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { createSession } from '../../../src/session/session.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import type { Lane, OperationRequest } from '../../../src/transport/contract.js';
import { type EndpointOptions, endpoint } from '../../../src/transport/route/endpoint.js';
import type { Platform } from '../../../src/transport/route/platform.js';
import { FakeTransport } from '../../session/support/fake-transport.js';

/** What stands in for the platform's transports. */
const platform = vi.hoisted(() => ({
  loaded: 0,
  fails: false,
  calls: (() => undefined) as unknown as Platform['calls'],
  subscriptions: (() => undefined) as unknown as Platform['subscriptions'],
}));

vi.mock('../../../src/transport/route/node.js', () => ({
  get calls() {
    platform.loaded += 1;
    if (platform.fails) throw new Error('Failed to fetch dynamically imported module');
    return platform.calls;
  },
  get subscriptions() {
    return platform.subscriptions;
  },
}));

interface Made {
  readonly what: string;
  readonly address: string;
  readonly options: EndpointOptions;
}

let made: Made[] = [];
let calls = new FakeTransport();
let streams = new FakeTransport();

beforeEach(() => {
  made = [];
  calls = new FakeTransport();
  streams = new FakeTransport();
  platform.loaded = 0;
  platform.fails = false;
  platform.calls = (address, options) => {
    made.push({ what: 'calls', address: address.href, options });
    return calls;
  };
  platform.subscriptions = (address, options) => {
    made.push({ what: 'subscriptions', address: address.href, options });
    return streams;
  };
});

afterEach(() => void vi.restoreAllMocks());

const address = 'https://example.com/graphql';

function takes({ takes }: Lane | undefined = { transport: calls, takes: () => false }, kind: OperationRequest['kind']) {
  return takes({ kind } as OperationRequest);
}

describe('the default route', () => {
  test('has one lane for calls and one for subscriptions', () => {
    const [first, second] = endpoint(address).lanes;
    expect([takes(first, 'query'), takes(first, 'mutation'), takes(first, 'subscription')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(takes(second, 'subscription')).toBe(true);
  });

  test('shows where it leads, and no credentials and no query', () => {
    const { name, lanes } = endpoint('https://ada:secret@example.com:8443/graphql?token=secret#x', {
      webSocketUrl: 'wss://ada:secret@live.example.com/?token=secret',
    });
    const names = [name, ...lanes.map(({ transport }) => transport.name)];
    expect(name).toBe('endpoint https://example.com:8443/graphql');
    for (const one of names) expect(one).not.toMatch(/secret|ada|token/);
  });

  test('makes nothing before it is needed: not with the route, not with the session of which nobody asks for events', async () => {
    const clock = new VirtualClock();
    const options = { headers: { a: 'b' } };
    const transport = endpoint(address, options);
    await clock.advance(0);
    expect(made).toEqual([]);
    const session = createSession({ transport, clock });
    await clock.advance(0);
    expect(made).toEqual([{ what: 'calls', address, options }]);
    session.subscribe('subscription { a }');
    await clock.advance(0);
    expect(made.map(({ what }) => what)).toEqual(['calls', 'subscriptions']);
    await session.close({ graceMs: 0 });
  });

  test('makes each transport once, for all sessions and all connections', async () => {
    const clock = new VirtualClock();
    const transport = endpoint(address);
    const sessions = [createSession({ transport, clock }), createSession({ transport, clock })];
    await clock.advance(0);
    calls.opens[0]?.refuse({ code: 'network', phase: 'connect', message: 'refused' });
    await clock.advance(10_000);
    expect([made.length, calls.opens.length]).toEqual([1, 3]);
    for (const session of sessions) await session.close({ graceMs: 0 });
  });

  test('is permanent also where its transports could not be loaded at first: a page may be without its network', async () => {
    const clock = new VirtualClock(1_000_000);
    platform.fails = true;
    const session = createSession({ transport: endpoint(address), clock, random: () => 0.5 });
    session.on('state', () => {});
    await clock.advance(0);
    expect(session.state).toMatchObject({ status: 'waiting', cause: { code: 'network' } });
    platform.fails = false;
    await clock.advance(250);
    calls.latest.accept();
    await clock.advance(0);
    expect(session.state.status).toBe('ready');
    await session.close({ graceMs: 0 });
  });
});

describe('its options', () => {
  test('may all be given', () => {
    const options: EndpointOptions = {
      headers: { a: 'b' },
      queryMethod: 'GET',
      hashedQueryMethod: 'GET',
      streams: ['multipart'],
      streamSilenceMs: 1_000,
      webSocketUrl: new URL('ws://live.example.com'),
      protocols: ['graphql-ws'],
      fetch: globalThis.fetch,
    };
    expect(() => endpoint(new URL(address), options)).not.toThrow();
    expect(() => endpoint(address, { dispatcher: { dispatch: () => true } })).not.toThrow();
    for (const webSocketUrl of ['wss://a', 'http://a', 'https://a/b?c']) endpoint(address, { webSocketUrl });
  });

  test.each<[string, unknown, unknown, string]>([
    ['no address', undefined, {}, 'address'],
    ['an address that is none', 'example.com/graphql', {}, 'address'],
    ['an address of a WebSocket', 'wss://example.com', {}, 'address'],
    ['an unknown option', address, { protocol: 'graphql-ws' }, 'protocol'],
    ['an option of undici alone', address, { connections: 1 }, 'connections'],
    ['headers that are no texts', address, { headers: { a: 1 } }, 'headers'],
    ['an unknown method', address, { queryMethod: 'PUT' }, 'queryMethod'],
    ['an unknown method for hashes', address, { hashedQueryMethod: 'PUT' }, 'hashedQueryMethod'],
    ['an unknown form of streams', address, { streams: ['websocket'] }, 'streams'],
    ['no time for silence', address, { streamSilenceMs: 0 }, 'streamSilenceMs'],
    ['a WebSocket address that is none', address, { webSocketUrl: 'live' }, 'webSocketUrl'],
    ['a WebSocket address of another kind', address, { webSocketUrl: 'ftp://example.com' }, 'webSocketUrl'],
    ['an unknown subprotocol', address, { protocols: ['graphql'] }, 'protocols'],
    ['no subprotocols', address, { protocols: [] }, 'protocols'],
    ['a subprotocol alone', address, { protocols: 'graphql-ws' }, 'protocols'],
    ['a fetch that is no function', address, { fetch: {} }, 'fetch'],
    ['a dispatcher that is none', address, { dispatcher: {} }, 'dispatcher'],
    ['no dispatcher at all', address, { dispatcher: null }, 'dispatcher'],
    [
      'both ways to carry requests',
      address,
      { fetch: globalThis.fetch, dispatcher: { dispatch: () => true } },
      'dispatcher',
    ],
  ])('are refused at once: %s', (_what, given, options, option) => {
    const route = (): unknown => endpoint(given as string, options as EndpointOptions);
    expect(route).toThrow(OptionError);
    expect(route).toThrow(expect.objectContaining({ option }));
  });

  test('no refusal repeats what may be secret', () => {
    for (const given of ['https//ada:secret@example.com', 'ws://ada:secret@example.com']) {
      expect(() => endpoint(given)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('secret') }),
      );
    }
    const webSocketUrl = 'ftp://ada:secret@example.com';
    expect(() => endpoint(address, { webSocketUrl })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
