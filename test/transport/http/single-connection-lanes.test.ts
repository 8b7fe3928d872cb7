// What transports over HTTP make of option "singleConnection": the lanes of a session, and what becomes of subscriptions at a
// server that does not know the mode.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/session/clock.js';
import { createSession } from '../../../src/session/session.js';
import type { OperationRequest, Transport } from '../../../src/transport/contract.js';
import { viaFetch } from '../../../src/transport/fetch/index.js';
import { http2 } from '../../../src/transport/http2/index.js';
import * as browser from '../../../src/transport/route/browser.js';
import { endpoint, ladder, route } from '../../../src/transport/route/index.js';
import * as node from '../../../src/transport/route/node.js';
import { undici } from '../../../src/transport/undici/index.js';
import { rejection } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { serve } from '../fetch/support/servers.js';

const address = 'https://example.com/graphql';

const request: OperationRequest = {
  kind: 'query',
  query: '{ hello }',
  operationName: undefined,
  variables: undefined,
  extensions: undefined,
  headers: undefined,
};

/** Which lane each kind of operation takes, by its number. */
function ways({ lanes }: Pick<Transport, 'lanes'>): Readonly<Record<string, number>> {
  const way = (kind: OperationRequest['kind']): number =>
    lanes?.findIndex(({ takes }) => takes({ ...request, kind })) ?? -1;
  return {
    lanes: lanes?.length ?? 0,
    query: way('query'),
    mutation: way('mutation'),
    subscription: way('subscription'),
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

/** As a page does. */
function inBrowser(): void {
  vi.stubGlobal('document', {});
}

describe('option "singleConnection"', () => {
  const byLanes = { lanes: 2, query: 0, mutation: 0, subscription: 1 };

  test.for([
    ['undici', undici],
    ['viaFetch', viaFetch],
  ] as const)('gives %s a lane for subscriptions; outside of browsers only where it is set', ([_name, make]) => {
    expect(ways(make(address, { singleConnection: true }))).toEqual(byLanes);
    expect(make(address).lanes).toBeUndefined();
    expect(make(address, { singleConnection: false }).lanes).toBeUndefined();
  });

  test('is the default of browsers, where it is not switched off and events may be asked for', () => {
    inBrowser();
    expect(ways(viaFetch(address))).toEqual(byLanes);
    expect(viaFetch(address, { singleConnection: false }).lanes).toBeUndefined();
    expect(viaFetch(address, { streams: ['multipart'] }).lanes).toBeUndefined();
  });

  test('that is none, or that contradicts option "streams", is refused at once', () => {
    for (const make of [undici, viaFetch, endpoint]) {
      expect(() => make(address, { singleConnection: 'yes' as unknown as boolean })).toThrow(
        expect.objectContaining({ name: 'OptionError', option: 'singleConnection' }),
      );
      expect(() => make(address, { singleConnection: true, streams: ['multipart'] })).toThrow(
        /"streams" leaves them out/,
      );
    }
  });

  test('is none of HTTP/2, where streams need no connections of their own', () => {
    const options: object = { singleConnection: true };
    expect(() => http2(address, options)).toThrow(/Unknown option "singleConnection"/);
  });
});

describe('as a part of a route', () => {
  const main = viaFetch(address, { singleConnection: true });
  const files = viaFetch('https://files.example.com');

  test('a transport keeps its lanes', () => {
    expect(ways(route(main, []))).toEqual({ lanes: 2, query: 0, mutation: 0, subscription: 1 });
    const routed = route(main, [{ when: ({ kind }) => kind === 'mutation', transport: files }]);
    expect(ways(routed)).toEqual({ lanes: 3, query: 0, mutation: 2, subscription: 1 });
    expect(routed.name).toBe('fetch https://example.com/graphql and fetch https://files.example.com/');
  });

  test('a branch has lanes for what goes its way', () => {
    const routed = route(files, [{ when: ({ kind }) => kind !== 'mutation', transport: main }]);
    expect(ways(routed)).toEqual({ lanes: 3, query: 1, mutation: 0, subscription: 2 });
  });
});

/** A server behind a fetch: what it is asked, and what it answers a reservation with. */
function serverThat(reserves: () => Response | Promise<Response>) {
  const asked: string[] = [];
  const encoder = new TextEncoder();
  const fetch = async (_url: unknown, { method, headers }: RequestInit = {}): Promise<Response> => {
    const given = headers as Readonly<Record<string, string>>;
    const shared = given['x-graphql-event-stream-token'] !== undefined;
    asked.push(`${method}${shared ? ' shared' : ''}`);
    if (method === 'PUT') return reserves();
    if (given.accept?.startsWith('text/event-stream')) {
      const body = new ReadableStream({
        start: (controller) =>
          shared ? undefined : controller.enqueue(encoder.encode('event: next\ndata: {"data":{"ok":1}}\n\n')),
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    }
    return shared ? new Response(null, { status: 202 }) : Response.json({ data: { hello: 'world' } });
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

const subscribing = 'subscription { ok }';

describe('in a browser', () => {
  test('subscriptions share a stream, and calls go by themselves', async () => {
    inBrowser();
    const { asked, fetch } = serverThat(() => new Response('token', { status: 201 }));
    await using session = createSession({ transport: viaFetch(address, { fetch }) });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'world' });
    expect(asked).toEqual(['POST']);
    void session.subscribe(subscribing)[Symbol.asyncIterator]().next();
    void session.subscribe(subscribing)[Symbol.asyncIterator]().next();
    await eventually(() => asked, ['POST', 'PUT', 'GET shared', 'POST shared', 'POST shared']);
  });

  test.for([404, 405, 400, 501, 200, 406])(
    'a server that answers a reservation with %i is asked for a stream each from then on',
    async (status) => {
      inBrowser();
      const { asked, fetch } = serverThat(() => new Response('no such thing', { status }));
      const transport = viaFetch(address, { fetch });
      for (const asks of [['PUT', 'POST'], ['POST']]) {
        asked.length = 0;
        await using session = createSession({ transport });
        const events = session.subscribe(subscribing)[Symbol.asyncIterator]();
        expect(await events.next()).toMatchObject({ value: { data: { ok: 1 } } });
        expect(asked).toEqual(asks);
      }
    },
  );

  test('a server whose CORS allows no reservation is asked for a stream each after three attempts', async () => {
    inBrowser();
    const { asked, fetch } = serverThat(() => Promise.reject(new TypeError('Failed to fetch')));
    await using session = createSession({
      transport: viaFetch(address, { fetch }),
      retry: { connect: { delayMs: () => 1 } },
    });
    const events = session.subscribe(subscribing)[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { data: { ok: 1 } } });
    expect(asked).toEqual(['PUT', 'PUT', 'PUT', 'POST']);
  });

  test('a server that is known to be away is waited for', async () => {
    inBrowser();
    let left = 5;
    const away = (): Promise<Response> => {
      const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
      return Promise.reject(new TypeError('fetch failed', { cause }));
    };
    const { asked, fetch } = serverThat(() => {
      left -= 1;
      return left < 0 ? new Response('token', { status: 201 }) : away();
    });
    await using session = createSession({
      transport: viaFetch(address, { fetch }),
      retry: { connect: { delayMs: () => 1 } },
    });
    void session.subscribe(subscribing)[Symbol.asyncIterator]().next();
    await eventually(() => asked.filter((what) => what !== 'PUT'), ['GET shared', 'POST shared']);
    expect(asked).toHaveLength(8);
  });

  test('a server that is only busy is asked again', async () => {
    inBrowser();
    const answers = [503, 201];
    const { asked, fetch } = serverThat(() => new Response('token', { status: answers.shift() ?? 500 }));
    await using session = createSession({
      transport: viaFetch(address, { fetch }),
      retry: { connect: { delayMs: () => 1 } },
    });
    void session.subscribe(subscribing)[Symbol.asyncIterator]().next();
    await eventually(() => asked, ['PUT', 'PUT', 'GET shared', 'POST shared']);
  });
});

describe('where it is set', () => {
  test('a server that does not know the mode is a failure that says so', async () => {
    const { asked, fetch } = serverThat(() => new Response('Method Not Allowed', { status: 405 }));
    await using session = createSession({ transport: viaFetch(address, { fetch, singleConnection: true }) });
    const events = session.subscribe(subscribing)[Symbol.asyncIterator]();
    expect(await rejection(events.next())).toMatchObject({
      message: expect.stringMatching(/does not know the single connection mode.*405.*singleConnection/s),
    });
    expect(asked).toEqual(['PUT']);
  });

  test('everything goes over the one stream where only one connection is wanted, as on a ladder', async () => {
    const { asked, fetch } = serverThat(() => new Response('token', { status: 201 }));
    await using session = createSession({
      transport: ladder([viaFetch(address, { fetch, singleConnection: true })]),
    });
    void session.execute('{ hello }').catch(() => {});
    await eventually(() => asked, ['PUT', 'GET shared', 'POST shared']);
  });
});

describe('on the default route', () => {
  const url = new URL('http://127.0.0.1:9/graphql');

  test.for([
    ['browsers', browser],
    ['Node', node],
  ] as const)(
    'of %s calls go by themselves, and subscriptions share a stream where there is no WebSocket',
    async ([_name, { calls, subscriptions }]) => {
      const { asked, fetch } = serverThat(() => new Response('token', { status: 201 }));
      const options = { fetch, singleConnection: true };
      const retry = { connect: { delayMs: () => 1 } };
      await using calling = createSession({ transport: { ...calls(url, options), lanes: undefined }, retry });
      expect(await calling.execute('{ hello }')).toEqual({ hello: 'world' });
      expect(asked).toEqual(['POST']);
      // In Node a server refuses the WebSocket; the platform that browsers stand for may be one without any.
      vi.stubGlobal('WebSocket', undefined);
      const { origin } = await serve((_request, response) => response.writeHead(404).end());
      const webSocketUrl = new URL('/graphql', origin);
      const transport = subscriptions(url, { ...options, webSocketUrl });
      await using subscribed = createSession({ transport, retry });
      void subscribed.subscribe(subscribing)[Symbol.asyncIterator]().next();
      await eventually(() => asked, ['POST', 'PUT', 'GET shared', 'POST shared']);
    },
  );
});

test('an attempt that the session has given up asks nobody', async () => {
  const { asked, fetch } = serverThat(() => new Response('token', { status: 201 }));
  const context = {
    signal: AbortSignal.abort(),
    generation: 1,
    credentials: {},
    clock: systemClock,
    limits: { openTimeoutMs: 1_000, ackTimeoutMs: 1_000, closeTimeoutMs: 1_000, maxMessageBytes: 1_000 },
  };
  const nothing = (): void => {};
  const events = {
    heard: nothing,
    keepAlive: nothing,
    pong: nothing,
    control: nothing,
    goingAway: nothing,
    backlog: nothing,
  };
  for (const singleConnection of [true, false]) {
    const opened = viaFetch(address, { fetch, singleConnection }).open(context, events);
    expect(await rejection(opened)).toMatchObject({ failure: { code: 'aborted' } });
  }
  expect(asked).toEqual([]);
});
