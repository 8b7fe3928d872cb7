// What other clients get wrong over HTTP, and ours must not. Where it is cheap, the test shows their way first: it says what
// the rest of it would have to notice.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { rejection } from '../../session/behaviour/support/sessions.js';
import { reached, turns } from '../../session/behaviour/support/waiting.js';
import { eventually } from '../../testing/eventually.js';
import { ours, startPeer } from './support/peers.js';
import { executorHttp, json, scripted, urqlClient } from './support/scripted.js';
import { open, ways } from './support/ways.js';

const mutation = 'mutation Pay { pay }';

describe.each(ways)('over %s', (_name, way) => {
  describe('a mutation is sent once', () => {
    test('when its connection is cut before the answer', async () => {
      const server = await scripted((response) => response.destroy());
      const session = open(way(server.url));
      const outcome = await session.execute(mutation).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ code: 'outcome-unknown', delivery: 'unknown', attempts: 1 });
      expect(server.received).toHaveLength(1);
    });

    test('when its connection is cut in the middle of the answer', async () => {
      const server = await scripted((response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"data":', () => response.destroy());
      });
      const session = open(way(server.url));
      const outcome = await session.execute(mutation).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ code: 'outcome-unknown', delivery: 'unknown', attempts: 1, status: 200 });
      expect(server.received).toHaveLength(1);
    });

    test('when it is answered with an ordinary error, and with a server that is overloaded', async () => {
      const server = await scripted((response, number) =>
        number === 1
          ? json(response, { errors: [{ message: 'Card declined' }] })
          : response.writeHead(503, { 'content-type': 'text/plain' }).end('Try later'),
      );
      const session = open(way(server.url));
      const declined = await rejection(session.execute(mutation), GraphQLResultError);
      expect(declined.errors).toMatchObject([{ message: 'Card declined' }]);
      await expect(session.execute(mutation)).rejects.toMatchObject({ status: 503, delivery: 'answered' });
      expect(server.received).toHaveLength(2);
    });
  });

  test('a server that is not there yet is waited for: a mutation is sent once, and that is its first attempt', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    let refused = 0;
    const session = open(way(`http://127.0.0.1:${port}/graphql`), {
      retry: {
        connect: {
          delayMs: () => {
            refused += 1;
            return 5;
          },
        },
        execute: {
          delayMs: () => {
            refused += 1;
            return 5;
          },
        },
      },
    });
    const answer = session.result<unknown>(mutation);
    // More often than a call may be sent.
    await eventually(() => refused > 10, true);
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      request.resume().on('end', () => json(response, { data: { pay: 1 } }));
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    expect(await answer).toMatchObject({ data: { pay: 1 }, meta: { attempts: 1 } });
    expect(requests).toBe(1);
  });

  test.each([
    ['errors with 400', 400, 'application/json', { errors: [{ message: 'Syntax Error' }] }],
    ['errors with 422', 422, 'application/graphql-response+json', { errors: [{ message: 'Unknown field' }] }],
    ['errors with 500', 500, 'application/json; charset=utf-8', { errors: [{ message: 'Broken' }], data: null }],
    ['errors with 503', 503, 'application/graphql-response+json', { errors: [{ message: 'Busy' }] }],
    [
      'data and errors with 294',
      294,
      'application/graphql-response+json',
      { data: { a: 1 }, errors: [{ message: 'b' }] },
    ],
    ['data with 500', 500, 'application/graphql-response+json', { data: { a: 1 } }],
    ['data of a type that is none', 200, 'text/plain', { data: { a: 1 } }],
  ])('the body is trusted over the status: %s', async (_case, status, type, body) => {
    const server = await scripted((response) => json(response, body, status, { 'content-type': type }));
    const session = open(way(server.url));
    expect(await session.result('{ a }')).toMatchObject({ ...body, meta: { status, attempts: 1 } });
    expect(server.received).toHaveLength(1);
  });

  test.each([
    ['seconds', () => '3'],
    ['a date', (now: number) => new Date(now + 3_000).toUTCString()],
  ])('Retry-After as %s is a pause of everybody, and then the query is sent again', async (_form, retryAfter) => {
    const clock = new VirtualClock(1_700_000_000_000);
    const server = await scripted((response, number) =>
      number === 1
        ? response.writeHead(503, { 'retry-after': retryAfter(clock.now()) }).end('Busy')
        : json(response, { data: { a: number } }),
    );
    const session = open(way(server.url), { clock, deadlineMs: Number.POSITIVE_INFINITY });
    const interrupted = new Promise<void>((resolve) => {
      session.on('operation', ({ type }) => type === 'interrupted' && resolve());
    });
    const first = session.execute('{ a }');
    await interrupted;
    const second = session.execute(mutation);
    await clock.advance(2_999);
    await turns(20);
    expect(server.received).toHaveLength(1);
    await clock.advance(10);
    await Promise.all([first, second]);
    expect(server.received).toHaveLength(3);
  });

  test('an aborted call takes nobody along who asked the same at the same time', async () => {
    const held: (() => void)[] = [];
    const server = await scripted((response) => held.push(() => json(response, { data: { a: 1 } })));
    const session = open(way(server.url));
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => session.execute('query A($v: Int) { a }', { v: 1 }, { signal }));
    const first = rejection(calls[0] as Promise<unknown>, CancelledError);
    await eventually(() => server.received.length, 3);
    controllers[0]?.abort();
    await first;
    for (const answer of held) answer();
    expect(await calls[1]).toEqual({ a: 1 });
    expect(await calls[2]).toEqual({ a: 1 });
  });

  test('no variable is in the address, unless that was asked for', async () => {
    const server = await scripted((response) => json(response, { data: { a: 1 } }));
    const secret = { password: 'hunter2' };
    await open(way(server.url)).execute('query A($password: String) { a }', secret);
    await open(way(server.url)).execute('mutation A($password: String) { a }', secret);
    await open(way(server.url, { queryMethod: 'GET' })).execute('mutation A($password: String) { a }', secret);
    for (const { method, url, body } of server.received) {
      expect([method, url]).toEqual(['POST', '/graphql']);
      expect(body.variables).toEqual(secret);
    }
    await open(way(server.url, { queryMethod: 'GET' })).execute('query A($password: String) { a }', secret);
    expect(server.received.at(-1)?.url).toContain('hunter2');
  });

  test('fifty calls that are refused for an old token ask for one new token, and all are answered with it', async () => {
    const server = await scripted((response, _number, { headers }) =>
      headers.authorization === 'Bearer new' ? json(response, { data: { a: 1 } }) : response.writeHead(401).end(),
    );
    const asked: string[] = [];
    const session = open(way(server.url), {
      credentials: async ({ reason }) => {
        asked.push(reason);
        await turns(10);
        return { headers: { authorization: reason === 'refused' ? 'Bearer new' : 'Bearer old' } };
      },
    });
    const calls = Array.from({ length: 50 }, (_, n) => session.execute(n % 2 === 0 ? '{ a }' : mutation));
    expect(await Promise.all(calls)).toEqual(Array(50).fill({ a: 1 }));
    expect(asked).toEqual(['open', 'refused']);
  });
});

test('a subscription waits for a server that refuses connections', async () => {
  const peer = await startPeer(ours);
  await peer.stop();
  const session = open(peer.url);
  const first = session.subscribe('subscription { forever }').next();
  first.catch(() => {});
  await reached(session, 'waiting', ({ cause }) => cause.message.includes('ECONNREFUSED'));
  await peer.start();
  expect(await first).toMatchObject({ value: { data: { forever: 1 } } });
});

describe('what these tests would notice', () => {
  test('executor-http with retries sends a mutation again that was answered', async () => {
    const server = await scripted((response) => json(response, { errors: [{ message: 'Card declined' }] }));
    await executorHttp(server.url, { retry: 3 })({ query: mutation });
    expect(server.received.length).toBeGreaterThan(1);
  });

  test('graphql-sse with retries sends a mutation again whose connection was cut', async () => {
    const server = await scripted((response) => response.destroy());
    const client = createSseClient({ url: server.url, retryAttempts: 2, retry: async () => {} });
    const failed = new Promise((resolve) => {
      client.subscribe({ query: mutation }, { next: () => {}, error: resolve, complete: () => resolve(undefined) });
    });
    await failed;
    client.dispose();
    expect(server.received).toHaveLength(3);
  });

  test('graphql-ws gives up at once where nobody listens, however many attempts it is given', async () => {
    const peer = await startPeer(ours);
    await peer.stop();
    const client = createWsClient({
      url: peer.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 50,
      retryWait: async () => {},
    });
    const error = await new Promise((resolve) => {
      client.subscribe({ query: '{ hello }' }, { next: () => {}, error: resolve, complete: () => {} });
    });
    expect(String((error as { readonly message?: string }).message)).toContain('ECONNREFUSED');
  });

  test('executor-http aborts everybody who asked the same', async () => {
    const held: (() => void)[] = [];
    const server = await scripted((response) => held.push(() => json(response, { data: { a: 1 } })));
    const call = executorHttp(server.url);
    const controller = new AbortController();
    const calls = [controller.signal, new AbortController().signal].map((signal) => call({ query: '{ a }', signal }));
    await eventually(() => server.received.length, 1);
    controller.abort(new Error('Not needed any more'));
    expect(await calls[1]).toMatchObject({ errors: [{}] });
  });

  test('urql puts variables into the address without being asked', async () => {
    const server = await scripted((response) => json(response, { data: { a: 1 } }));
    await urqlClient(server.url).query('query A($password: String) { a }', { password: 'hunter2' }).toPromise();
    expect(server.received[0]?.url).toContain('hunter2');
  });
});
