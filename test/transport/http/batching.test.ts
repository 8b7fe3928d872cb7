// Several operations in one request: by hand and by themselves, each with its own outcome.

import { describe, expect, test } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import type { Request } from '../../../src/transport/contract.js';
import { closure, deferred, openHttp, place, type Recorder, subscription } from './support/connection.js';
import { FakeClient, type FakeExchange, json } from './support/fake-client.js';

const automatic = { batching: { intervalMs: 50, maxSize: 3 } } as const;
const mutation = { kind: 'mutation', query: 'mutation { m }' } as const;

const turn = (): Promise<void> => Promise.resolve();
const answerOf = (n: number): { data: { n: number } } => ({ data: { n } });
const sizes = (exchanges: readonly FakeExchange[]): unknown[] =>
  exchanges.map(({ body }) => (Array.isArray(body) ? body.length : 'alone'));

function answerAll(exchange: FakeExchange | undefined): void {
  exchange?.answer((exchange.body as unknown[]).map((_, index) => answerOf(index)));
}

/** Calls in one batch by hand, and the exchange that carries them. */
async function batched(...requests: Partial<Request>[]): Promise<{
  readonly told: Recorder[];
  readonly exchange: FakeExchange;
}> {
  const { client, start } = openHttp();
  const told = requests.map((request) => start({ batch: 'one', ...request }));
  await turn();
  expect(client.exchanges).toHaveLength(1);
  return { told, exchange: client.latest };
}

describe('by hand', () => {
  test('calls of one turn with the same text go in one request, and are answered in order', async () => {
    const variables = JsonText.of({ n: 1 });
    const { told, exchange } = await batched(
      { query: '{ a }' },
      { query: 'query B($n: Int) { b(n: $n) }', operationName: 'B', variables },
      { ...mutation, extensions: JsonText.of({ idempotencyKey: 'k' }) },
    );
    expect(exchange.request).toMatchObject({ method: 'POST', path: '/graphql?key=1', longLived: false });
    expect(exchange.request.headers['content-type']).toBe('application/json');
    expect(exchange.body).toEqual([
      { query: '{ a }' },
      { query: 'query B($n: Int) { b(n: $n) }', operationName: 'B', variables: { n: 1 } },
      { query: 'mutation { m }', extensions: { idempotencyKey: 'k' } },
    ]);
    expect(told.map((one) => one.told)).toEqual(Array(3).fill(['sending']));
    answerAll(exchange);
    expect(told.map(({ results }) => results)).toEqual([[answerOf(0)], [answerOf(1)], [answerOf(2)]]);
    expect(told[0]?.heads).toEqual([{ status: 200, headers: json }]);
  });

  test('other texts, other headers, and calls without one go apart', async () => {
    const { client, start } = openHttp();
    for (const batch of ['one', 'two', undefined, 'one']) start({ batch });
    start({ batch: 'one', headers: { a: '1' } });
    start({ batch: 'one', headers: { A: '1' } });
    await turn();
    expect(sizes(client.exchanges)).toEqual(['alone', 2, 1, 2]);
    expect(client.latest.request.headers).toEqual({ ...client.exchanges[1]?.request.headers, a: '1' });
  });

  test('another turn is another request', async () => {
    const { client, start } = openHttp();
    start({ batch: 'one' });
    await turn();
    start({ batch: 'one' });
    await turn();
    expect(sizes(client.exchanges)).toEqual([1, 1]);
  });

  test('more than ten go in several requests, side by side', async () => {
    const { client, start } = openHttp();
    for (let n = 0; n < 23; n++) start({ batch: 'one' });
    await turn();
    expect(sizes(client.exchanges)).toEqual([10, 10, 3]);
  });
});

describe('by themselves', () => {
  test('calls go together when the interval of the first is over', async () => {
    const { client, clock, start } = openHttp(automatic);
    const first = start();
    await clock.advance(49);
    const second = start();
    expect([client.exchanges.length, first.told]).toEqual([0, []]);
    await clock.advance(1);
    expect(sizes(client.exchanges)).toEqual([2]);
    answerAll(client.latest);
    expect([first.results, second.results]).toEqual([[answerOf(0)], [answerOf(1)]]);
    expect(clock.pending).toBe(0);
  });

  test('one alone is a list of one', async () => {
    const { client, clock, start } = openHttp(automatic);
    const { results } = start();
    await clock.advance(50);
    expect(client.latest.body).toEqual([{ query: '{ a }' }]);
    client.latest.answer([answerOf(7)]);
    expect(results).toEqual([answerOf(7)]);
  });

  test('as many as may go together go at once, and the next ones beside them', async () => {
    const { client, clock, start } = openHttp(automatic);
    for (let n = 0; n < 6; n++) start();
    expect(sizes(client.exchanges)).toEqual([3, 3]);
    expect(clock.pending).toBe(0);
    start();
    await clock.advance(50);
    expect(sizes(client.exchanges)).toEqual([3, 3, 1]);
    expect(clock.pending).toBe(0);
  });

  test('queries and mutations go apart, and so do other headers', async () => {
    const { client, clock, start } = openHttp(automatic);
    for (const request of [{}, mutation, {}, mutation, { headers: { 'X-A': '1' } }, { headers: { 'x-a': '1' } }]) {
      start(request);
    }
    await clock.advance(50);
    expect(client.exchanges.map(({ body, request }) => [body, request.headers['x-a']])).toEqual([
      [[{ query: '{ a }' }, { query: '{ a }' }], undefined],
      [[{ query: 'mutation { m }' }, { query: 'mutation { m }' }], undefined],
      [[{ query: '{ a }' }, { query: '{ a }' }], '1'],
    ]);
  });

  test('subscriptions, answers in parts and uploads go alone and at once', () => {
    const { client, start } = openHttp(automatic);
    start(subscription);
    start(deferred);
    start({ query: '', documentId: 'x', incremental: true });
    start({ ...mutation, uploads: [] });
    expect(sizes(client.exchanges)).toEqual(Array(4).fill('alone'));
  });

  test('with a query method of GET they go by POST all the same', async () => {
    const { client, clock, start } = openHttp({ ...automatic, queryMethod: 'GET' });
    start();
    await clock.advance(50);
    expect(client.latest.request.method).toBe('POST');
  });

  test('credentials that were renewed while they waited are those that they go with', async () => {
    const { client, clock, connection, start } = openHttp(automatic, { credentials: { headers: { token: 'old' } } });
    start();
    connection.reauthenticate({ headers: { token: 'new' } });
    await clock.advance(50);
    expect(client.latest.request.headers.token).toBe('new');
  });
});

describe('an answer', () => {
  test('with errors for one is data for the others, with extensions of their own', async () => {
    const { told, exchange } = await batched({}, {}, {});
    const answers = [
      { data: { n: 0 }, extensions: { cost: 1 } },
      { errors: [{ message: 'no' }], extensions: { cost: 2 } },
      { data: { n: 2 } },
    ];
    exchange.answer(answers);
    expect(told.map(({ results }) => results[0])).toMatchObject(answers);
  });

  test.each([
    ['is no object', 5, '5'],
    ['is null', null, 'null'],
    ['is a list', [1], '[1]'],
    ['has neither data nor errors', { status: 'ok' }, '{\\"status\\":\\"ok\\"}'],
    ['has data that is no object', { data: 'x' }, 'x'],
  ])('of which one %s fails for that one, and quotes it', async (_what, wrong, quoted) => {
    const { told, exchange } = await batched({}, {}, {});
    exchange.answer([answerOf(0), wrong, answerOf(2)]);
    expect(told.map(({ told: [, last] }) => last)).toEqual(['next', 'error', 'next']);
    expect(told[1]?.failure).toMatchObject({ code: 'protocol-error', status: 200, delivery: 'answered' });
    expect(told[1]?.failure?.message).toContain(place);
    expect(JSON.stringify(told[1]?.failure?.message)).toContain(quoted);
    expect(told[1]?.failure?.message).not.toContain('"n":0');
  });

  test('of which one announces more fails for that one', async () => {
    const { told, exchange } = await batched({}, {});
    exchange.answer([{ ...answerOf(0), hasNext: true }, answerOf(1)]);
    expect(told.map(({ told: [, last] }) => last)).toEqual(['error', 'next']);
    expect(told[0]?.failure).toMatchObject({ code: 'protocol-error', delivery: 'answered' });
  });

  test.each([
    ['an object', answerOf(0)],
    ['too short', [answerOf(0)]],
    ['too long', [answerOf(0), answerOf(1), answerOf(2)]],
    ['empty', []],
    ['no JSON', 'oops'],
    ['nothing', ''],
    ['null', 'null'],
  ])('that is %s is a broken rule for everybody, each with a failure of its own', async (_what, body) => {
    const { told, exchange } = await batched({}, {});
    exchange.answer(body);
    const failures = told.map(({ failure }) => failure);
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'protocol-error', status: 200, delivery: 'answered' });
      expect(failure?.message).toContain('no list of 2 answers');
    }
    expect(failures[0]).not.toBe(failures[1]);
  });

  test.each([400, 500, 503])('with status %i that is no list is the failure of everybody', async (status) => {
    const { told, exchange } = await batched({}, mutation);
    exchange.answer('Batches are not supported', status, { 'retry-after': '2' });
    for (const { failure } of told) {
      expect(failure).toMatchObject({ code: 'http-status', status, retryAfterMs: 2_000, delivery: 'answered' });
      expect(failure?.message).toContain('Batches are not supported');
    }
  });

  test('with a status that is no success and a list is the answer, with the pause that it asks for', async () => {
    const { told, exchange } = await batched({}, {});
    exchange.answer([answerOf(0), { errors: [{ message: 'no' }] }], 503, { ...json, 'retry-after': '2' });
    expect(told.map(({ heads }) => heads[0])).toEqual(
      Array(2).fill({ status: 503, headers: { ...json, 'retry-after': '2' }, retryAfterMs: 2_000 }),
    );
  });

  test('over limits.maxMessageBytes fails everybody, and is read no further', async () => {
    const { client, start } = openHttp({}, { maxMessageBytes: 30 });
    const told = [start({ batch: 'one' }), start({ batch: 'one' })];
    await turn();
    client.latest.head().chunk('x'.repeat(31));
    expect(client.latest.cancelled).toBe(true);
    expect(told.map(({ failure }) => failure?.code)).toEqual(['too-large', 'too-large']);
  });

  test('that never comes fails everybody alike, each with a failure of its own', async () => {
    const { told, exchange } = await batched({}, mutation);
    exchange.fail({ delivery: 'not-sent' });
    const [one, other] = told.map(({ failure }) => failure);
    expect(one).toMatchObject({ code: 'network', delivery: 'not-sent' });
    expect(other).toEqual(one);
    expect(other).not.toBe(one);
  });

  test('that breaks off fails everybody, and nobody knows what became of it', async () => {
    const { told, exchange } = await batched({}, mutation);
    exchange.head().chunk('[{"data":');
    exchange.fail();
    for (const { failure } of told) expect(failure).toMatchObject({ status: 200, headers: json, delivery: 'unknown' });
  });

  test('whose first reader cancels the others is read by nobody else', async () => {
    const { told, exchange } = await batched({}, {}, {});
    const [first, ...others] = told;
    if (first === undefined) throw new Error('Nobody was told.');
    first.onNext = () => {
      for (const { handle } of others) handle.cancel();
    };
    answerAll(exchange);
    expect(others.map((one) => one.told)).toEqual(Array(2).fill(['sending']));
  });
});

describe('who leaves', () => {
  test('before it was sent is not in the request', async () => {
    const { client, clock, start } = openHttp(automatic);
    const [left, stayed] = [start({ query: '{ left }' }), start({ query: '{ stayed }' })];
    left.handle.cancel();
    await clock.advance(50);
    expect(client.latest.body).toEqual([{ query: '{ stayed }' }]);
    client.latest.answer([answerOf(1)]);
    expect([left.told, stayed.results]).toEqual([[], [answerOf(1)]]);
  });

  test('makes room for another', async () => {
    const { client, clock, start } = openHttp(automatic);
    start().handle.cancel();
    for (let n = 0; n < 2; n++) start();
    expect(client.exchanges).toEqual([]);
    await clock.advance(50);
    expect(sizes(client.exchanges)).toEqual([2]);
  });

  test('when nobody else waits leaves nothing to send', async () => {
    const { client, clock, start } = openHttp(automatic);
    start().handle.cancel();
    await clock.advance(1_000);
    expect([client.exchanges, clock.pending]).toEqual([[], 0]);
  });

  test('after it was sent hears nothing, and the others get their own answers', async () => {
    const { told, exchange } = await batched({}, {}, {});
    told[1]?.handle.cancel();
    expect(exchange.cancelled).toBe(false);
    answerAll(exchange);
    expect(told.map(({ results }) => results)).toEqual([[answerOf(0)], [], [answerOf(2)]]);
  });

  test('hears nothing of a request that fails, or whose turn comes later', async () => {
    const client = new FakeClient();
    client.full = true;
    const { start } = openHttp({}, { client });
    const [left, stayed] = [start({ batch: 'one' }), start({ batch: 'one' })];
    await turn();
    left.handle.cancel();
    client.latest.sending();
    client.latest.fail();
    expect([left.told, stayed.told]).toEqual([[], ['sending', 'error']]);
  });

  test('while the request is being handed over takes it back, where nobody else wants it', async () => {
    const { client, start } = openHttp();
    const told = start({ batch: 'one' });
    told.onSending = () => told.handle.cancel();
    await turn();
    expect(client.latest.cancelled).toBe(true);
  });

  test('as the last one gives the request up', async () => {
    const { told, exchange } = await batched({}, {});
    for (const { handle } of told) {
      expect(exchange.cancelled).toBe(false);
      handle.cancel();
    }
    expect(exchange.cancelled).toBe(true);
  });
});

test('What waits when the connection is closed is not sent, and what was sent is given up', async () => {
  const { client, clock, connection, start } = openHttp(automatic);
  for (let n = 0; n < 3; n++) start();
  const waiting = [start(), start({ batch: 'one' })];
  connection.terminate(closure);
  await clock.advance(1_000);
  expect(client.exchanges.map(({ cancelled }) => cancelled)).toEqual([true]);
  expect(waiting.map(({ told }) => told)).toEqual([[], []]);
  expect(clock.pending).toBe(0);
});
