// Single connection mode: the way to an open stream, and everything that can come in between.

import { describe, expect, test } from 'vitest';
import { Opening, openStream, sse } from './support/shared-stream.js';

describe('opening', () => {
  test('reserves a stream, then opens it with the token that it was given', async () => {
    const opening = new Opening({
      address: 'https://example.com/graphql?tenant=1',
      options: { headers: { 'X-Own': 'a', Accept: 'text/html' } },
      headers: { Authorization: 'Bearer b' },
    });
    const common = { 'x-own': 'a', authorization: 'Bearer b' };
    const reservation = opening.client.latest('PUT');
    expect(reservation.request).toEqual({
      method: 'PUT',
      path: '/graphql?tenant=1',
      headers: { ...common, accept: '*/*' },
      body: undefined,
      longLived: false,
    });
    reservation.head(201).write('tok').write('en\n').end();
    const stream = opening.client.latest('GET');
    expect(stream.request).toEqual({
      method: 'GET',
      path: '/graphql?tenant=1',
      headers: { ...common, accept: 'text/event-stream', 'x-graphql-event-stream-token': 'token' },
      body: undefined,
      longLived: true,
    });
    await opening.settle();
    expect(opening.connection).toBeUndefined();
    stream.head(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-server': 'one' });
    await opening.settled;
    expect(opening.connection?.headers).toMatchObject({ 'x-server': 'one' });
    expect(opening.connection?.capabilities.kind).toBe('connection');
    expect(opening.clock.pending).toBe(0);
  });

  test.for<readonly [string, number, string]>([
    ['does not know the address', 404, 'Not found'],
    ['does not know the method', 405, ''],
    ['takes it for a request without a query', 400, '{"errors":[{"message":"Must provide query"}]}'],
    ['has not built it', 501, ''],
    ['answers everything with a page', 200, '<!doctype html><title>Hello</title>'],
    ['creates something without a token', 201, ''],
    ['gives a token that no header can hold', 201, 'one\ntwo'],
    ['gives a token without end', 201, 'x'.repeat(5_000)],
  ])('at a server that %s says that it does not know the mode', async ([_name, status, body]) => {
    const opening = new Opening();
    opening.client.latest('PUT').answer(status, body);
    await opening.settled;
    expect(opening.failure).toMatchObject({
      code: 'subprotocol',
      status,
      message: expect.stringMatching(
        /^https:\/\/example.com\/graphql does not know the single connection mode.*singleConnection/s,
      ),
    });
    expect(opening.client.state).toBe('destroyed');
    expect(opening.client.count('GET')).toBe(0);
    expect(opening.clock.pending).toBe(0);
  });

  test('that is refused for a time or for its credentials keeps the status and when to come again', async () => {
    const refused = new Opening();
    refused.client.latest('PUT').answer(401, 'Who are you?');
    await refused.settled;
    expect(refused.failure).toMatchObject({
      code: 'http-status',
      status: 401,
      message: expect.stringMatching(/Who are/),
    });
    const busy = new Opening();
    busy.client.latest('PUT').answer(503, '', { 'retry-after': '7' });
    await busy.settled;
    expect(busy.failure).toMatchObject({ code: 'http-status', status: 503, retryAfterMs: 7_000 });
  });

  test('that the network fails is told with what the network said', async () => {
    const opening = new Opening();
    opening.client.latest('PUT').fail({ code: 'tls', message: 'A bad certificate.' });
    await opening.settled;
    expect(opening.failure).toMatchObject({ code: 'tls', phase: 'connect', message: 'A bad certificate.' });
    const late = new Opening();
    late.client.latest('PUT').answer(201, 'token');
    late.client.latest('GET').fail({ message: 'Reset.' });
    await late.settled;
    expect(late.failure).toMatchObject({ code: 'network', phase: 'connect', message: 'Reset.' });
  });

  test.for([404, 409])('whose stream is answered with %i is worth another reservation', async (status) => {
    const opening = new Opening();
    opening.client.latest('PUT').answer(201, 'token');
    opening.client.latest('GET').answer(status);
    await opening.settled;
    expect(opening.failure).toMatchObject({
      code: 'closed',
      status,
      message: expect.stringMatching(/several servers/),
    });
  });

  test('whose stream is something else fails with what it is', async () => {
    const page = new Opening();
    page.client.latest('PUT').answer(201, 'token');
    page.client.latest('GET').answer(200, 'hello', { 'content-type': 'text/html' });
    await page.settled;
    expect(page.failure).toMatchObject({
      code: 'subprotocol',
      message: expect.stringMatching(/no stream of events \(text\/html\)/),
    });
    const forbidden = new Opening();
    forbidden.client.latest('PUT').answer(201, 'token');
    forbidden.client.latest('GET').answer(403, '', sse);
    await forbidden.settled;
    expect(forbidden.failure).toMatchObject({ code: 'http-status', status: 403 });
  });

  test('whose stream ends before it began fails', async () => {
    const opening = new Opening();
    opening.client.latest('PUT').answer(201, 'token');
    opening.client.latest('GET').end();
    await opening.settled;
    expect(opening.failure).toMatchObject({ code: 'closed' });
  });

  test.for(['PUT', 'GET'] as const)(
    'takes as long as limits.openTimeoutMs in all, also while %s is unanswered',
    async (at) => {
      const opening = new Opening({ limits: { openTimeoutMs: 3_000 } });
      await opening.clock.advance(2_000);
      if (at === 'GET') opening.client.latest('PUT').answer(201, 'token');
      await opening.clock.advance(999);
      expect(opening.failure).toBeUndefined();
      await opening.clock.advance(1);
      expect(opening.failure).toMatchObject({
        code: 'timeout',
        message: expect.stringContaining('3000 ms (limits.openTimeoutMs)'),
      });
      expect(opening.client.state).toBe('destroyed');
      expect(opening.clock.pending).toBe(0);
    },
  );

  test('that the session gives up ends at once', async () => {
    const opening = new Opening();
    opening.client.latest('PUT').answer(201, 'token');
    opening.abort.abort();
    await opening.settled;
    expect(opening.failure).toMatchObject({ code: 'aborted' });
    expect(opening.client.state).toBe('destroyed');
    expect(opening.clock.pending).toBe(0);
  });

  test('is over when it is over: giving up afterwards changes nothing', async () => {
    const { opening, connection } = await openStream();
    opening.abort.abort();
    await opening.clock.advance(60_000);
    expect(opening.closure).toBeUndefined();
    expect(opening.client.state).toBe('open');
    expect(connection.headers).toEqual(sse);
  });

  test('does not wait for the end of an answer that is no token', async () => {
    const opening = new Opening();
    const reservation = opening.client.latest('PUT').head(201);
    for (let piece = 0; piece < 7; piece += 1) reservation.write('x'.repeat(10_000));
    await opening.settled;
    expect(opening.failure).toMatchObject({ code: 'subprotocol' });
    expect(opening.failure?.message.length).toBeLessThan(1_000);
  });
});
