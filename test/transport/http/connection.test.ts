// GraphQL over HTTP as a connection of the session's: many operations that do not touch each other, and an end with nothing left.

import { describe, expect, test } from 'vitest';
import type { Closure } from '../../../src/transport/contract.js';
import { closure, deferred, openHttp, Recorder, requestOf, subscription } from './support/connection.js';
import { FakeClient, sse } from './support/fake-client.js';

const event = 'event: next\ndata: {"data":{"s":1}}\n\n';

test('A pool of requests and a single connection are told apart by the client of HTTP', () => {
  expect(openHttp().connection.capabilities).toEqual({
    kind: 'pool',
    operations: ['query', 'mutation', 'subscription'],
    resume: false,
    reauthenticate: true,
    idempotencyWindowMs: 0,
  });
  const single = new FakeClient(new Promise(() => {}));
  expect(openHttp({}, { client: single }).connection.capabilities.kind).toBe('connection');
});

describe('what the server says of its memory of idempotency keys', () => {
  const said = (...headers: readonly (string | undefined)[]) => {
    const { client, connection, start } = openHttp();
    for (const header of headers) {
      start();
      const head = header === undefined ? {} : { 'holdfast-idempotency': header };
      client.exchanges.at(-1)?.head(200, { 'content-type': 'application/json', ...head });
    }
    const { idempotencyWindowMs, idempotencyStore } = connection.capabilities;
    return { idempotencyWindowMs, idempotencyStore };
  };
  const honoured = { idempotencyWindowMs: 60_000, idempotencyStore: 'of-all_1' };
  const none = { idempotencyWindowMs: 0, idempotencyStore: undefined };

  test('holds for what is sent from then on, until another answer says otherwise', () => {
    expect(said('60000;store=of-all_1;shared')).toEqual(honoured);
    expect(said('60000;store=of-all_1;shared', undefined)).toEqual(honoured);
    expect(said('60000;store=of-all_1;shared', '0')).toEqual(none);
  });

  test.each(['60000;store=of-one', 'soon;store=a;shared', '60000;store=a b;shared', '60000'])(
    'counts only where all servers behind the address share it: %s',
    (header) => {
      expect(said(header)).toEqual(none);
    },
  );
});

test('Operations are answered in any order, and one that fails touches no other', () => {
  const { client, start } = openHttp();
  const told = Array.from({ length: 5 }, () => start());
  const [a, b, c, d, e] = client.exchanges;
  d?.answer({ data: { n: 3 } });
  b?.fail();
  a?.answer('oops', 500);
  e?.head().chunk('{"data":');
  c?.answer({ data: { n: 2 } });
  e?.chunk('{"n":4}}').end();
  expect(told.map(({ told: [, last] }) => last)).toEqual(['error', 'error', 'next', 'next', 'next']);
  expect(told.flatMap(({ results }) => results)).toEqual([2, 3, 4].map((n) => ({ data: { n } })));
});

/** One of each, in every state in which it may be. */
function busy(client = new FakeClient()): ReturnType<typeof openHttp> & { told(): readonly string[] } {
  const opened = openHttp({ streamSilenceMs: 1_000, batching: { intervalMs: 500 } }, { client });
  const recorders = [opened.start(deferred), opened.start(subscription), opened.start(subscription), opened.start()];
  const [parts, open, ending] = client.exchanges;
  parts?.head(200, sse).chunk('data: {"data":{},"hasNext":true}\n\n');
  open?.head(200, sse).chunk(event);
  ending?.head(200, sse).chunk('event: complete\n\n');
  return { ...opened, told: () => recorders.flatMap(({ told }) => told) };
}

describe('closing', () => {
  test('gives up what is left, also bodies that are about to end and calls that wait for company', () => {
    const { client, clock, connection, told } = busy();
    const before = told();
    expect(clock.pending).toBe(4);
    void connection.close(closure, 1_000);
    expect(clock.pending).toBe(0);
    expect(client.exchanges.map(({ cancelled }) => cancelled)).toEqual([true, true, true]);
    expect(client.closes).toEqual([1_000]);
    expect(told()).toEqual(before);
  });

  test('is over when the client of HTTP has let go, once for all who ask', async () => {
    const { client, connection } = openHttp();
    const closes = [connection.close(closure, 1_000), connection.close(closure, 5)];
    let over = false;
    void connection.closed.then(() => {
      over = true;
    });
    await Promise.resolve();
    expect(over).toBe(false);
    client.released();
    await Promise.all(closes);
    expect(await connection.closed).toBe(closure);
    expect(client.closes).toEqual([1_000]);
  });

  test('lets nothing new begin', () => {
    const { client, connection, start } = openHttp();
    void connection.close(closure, 1_000);
    const { told, handle } = start();
    handle.cancel();
    expect([client.exchanges, told]).toEqual([[], []]);
  });
});

describe('terminating', () => {
  test('waits for nobody, and leaves nothing', async () => {
    const { client, clock, connection, told } = busy();
    const before = told();
    connection.terminate(closure);
    expect(client.destroyed).toBe(true);
    expect(clock.pending).toBe(0);
    expect(await connection.closed).toBe(closure);
    expect(told()).toEqual(before);
  });

  test('ends a closing that takes its time', async () => {
    const { connection } = openHttp();
    const closed = connection.close(closure, 1_000);
    connection.terminate(closure);
    await closed;
  });
});

test('A connection that is ended while a request is being handed over takes it back', () => {
  const { client, connection } = openHttp();
  const told = new Recorder();
  told.onSending = () => connection.terminate(closure);
  connection.start(requestOf(), told);
  expect(client.latest.cancelled).toBe(true);
  expect(told.told).toEqual(['sending']);
});

test('A single connection that ends leaves no timer, and its operations to the session', async () => {
  let end: (how: Closure) => void = () => {};
  const client = new FakeClient(
    new Promise((resolve) => {
      end = resolve;
    }),
  );
  const { clock, connection, start, told } = busy(client);
  const before = told();
  const lost: Closure = { ...closure, by: 'network', code: 1006, clean: false };
  end(lost);
  expect(await connection.closed).toBe(lost);
  expect(clock.pending).toBe(0);
  expect(told()).toEqual(before);
  expect(start().told).toEqual([]);
});
