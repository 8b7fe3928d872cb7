import { describe, expect, test } from 'vitest';
import type { Execution } from '../../../src/protocol/executor.js';
import type { IdempotencyStore } from '../../../src/server/idempotency/store.js';
import { eventually } from '../../testing/eventually.js';
import { FakeReader, FakeRequest } from '../support/plain.js';
import { Feed, makeEndpoint, subscription } from './support.js';

const hello = { query: '{ hello }' };
const precise = 'application/graphql-response+json';

const executions: readonly (readonly [string, Execution, number, number])[] = [
  ['data', { kind: 'result', result: { data: { a: 1 } } }, 200, 200],
  ['data with errors', { kind: 'result', result: { data: { a: null }, errors: [{ message: 'x' }] } }, 200, 294],
  ['a document that is refused', { kind: 'refused', errors: [{ message: 'x' }] }, 400, 422],
  ['a subscription for JSON', { kind: 'refused', errors: [{ message: 'x' }], disallowed: 'subscription' }, 400, 400],
  ['a mutation by a safe method', { kind: 'refused', errors: [{ message: 'x' }], disallowed: 'mutation' }, 405, 405],
];

describe('status codes', () => {
  test.each(executions)('%s', async (_, execution, of2025, of2026) => {
    for (const [statusCodes, status] of [
      [undefined, of2025],
      ['2025', of2025],
      ['2026', of2026],
    ] as const) {
      const { ask } = makeEndpoint(execution, { statusCodes });
      expect((await ask({ body: hello, headers: { accept: precise } })).status).toBe(status);
    }
  });

  test('of the draft are for clients that know the type', async () => {
    for (const [, execution] of executions.slice(0, 3)) {
      const { ask } = makeEndpoint(execution, { statusCodes: '2026' });
      expect((await ask({ body: hello })).status).toBe(200);
    }
  });
});

describe('the memory of idempotency keys', () => {
  const store = (rest: Partial<IdempotencyStore>): IdempotencyStore => ({
    windowMs: 5_000,
    name: 'there',
    begin: () => ({ type: 'full' }),
    ...rest,
  });
  const advertised = 'Holdfast-Idempotency';

  test('is advertised on answers and on streams, with its window and its name', async () => {
    const { ask } = makeEndpoint(
      ({ payload }) => (payload.query === '' ? subscription(new Feed()) : { kind: 'result', result: { data: {} } }),
      { idempotency: store({}) },
    );
    const response = await ask({ body: hello });
    expect(response.headers[advertised]).toBe('5000;store=there');
    const stream = await ask({ body: { documentId: 'x' }, headers: { accept: 'text/event-stream' } });
    expect(stream.headers[advertised]).toBe('5000;store=there');
    expect((await ask({ body: '[]' })).headers[advertised]).toBe('5000;store=there');
  });

  test('is not, while it is full or its name is not known, or where there is none', async () => {
    expect((await makeEndpoint(undefined, { idempotency: false }).ask({ body: hello })).headers[advertised]).toBe(
      undefined,
    );
    const filling = { ...store({}), hasRoom: true };
    const full = makeEndpoint(undefined, { idempotency: filling });
    expect((await full.ask({ body: hello })).headers[advertised]).toBeDefined();
    filling.hasRoom = false;
    // Said in so many words: clients go by what they were told last.
    expect((await full.ask({ body: hello })).headers[advertised]).toBe('0');

    let tell = (_name: string) => {};
    const late = makeEndpoint(undefined, {
      idempotency: store({
        name: new Promise((resolve) => {
          tell = resolve;
        }),
      }),
    });
    expect((await late.ask({ body: hello })).headers[advertised]).toBe(undefined);
    tell('far\r\naway');
    expect((await late.ask({ body: hello })).headers[advertised]).toBe('5000;store=far%0D%0Aaway');
  });

  test('that all servers share says so, and is asked for its name again, because it may become another', async () => {
    let asked = 0;
    const { ask, core } = makeEndpoint(undefined, {
      idempotency: {
        ...store({ isShared: true }),
        get name() {
          asked += 1;
          return Promise.resolve(`life ${asked}`);
        },
      },
    });
    await ask({ body: hello });
    expect((await ask({ body: hello })).headers[advertised]).toBe('5000;store=life%201;shared');
    core.timers.advance(1_000);
    await ask({ body: hello });
    expect((await ask({ body: hello })).headers[advertised]).toBe('5000;store=life%202;shared');
  });

  test('whose name cannot be had is reported', async () => {
    const { ask } = makeEndpoint(undefined, { idempotency: store({ name: Promise.reject(new Error('gone')) }) });
    expect((await ask({ body: hello })).status).toBe(200);
  });
});

describe('answers in parts', () => {
  test.each([
    ['multipart/mixed, application/json', 'multipart/mixed; boundary="-"'],
    ['multipart/mixed;deferSpec=20220824', 'multipart/mixed; boundary="-"; deferSpec=20220824'],
    ['multipart/mixed;incrementalSpec=v0.2', 'multipart/mixed; boundary="-"; incrementalSpec=v0.2'],
    ['text/event-stream', 'text/event-stream; charset=utf-8'],
  ])('for %s are %s', async (accept, type) => {
    const { ask } = makeEndpoint({ kind: 'stream', events: new Feed(), incremental: true });
    expect((await ask({ body: hello, headers: { accept } })).headers['Content-Type']).toBe(type);
  });
});

describe('an answer that is cut', () => {
  test('while it is made: its client cannot take anything for it, and nothing is left', async () => {
    const feed = new Feed();
    let run = (_execution: Execution) => {};
    const { core, endpoint } = makeEndpoint(
      () =>
        new Promise((resolve) => {
          run = resolve;
        }),
    );
    const request = new FakeRequest({ body: hello, headers: { accept: 'text/event-stream' } });
    const answer = endpoint.respond(request);
    await eventually(() => core.counters.operations, 1);
    const closed = endpoint.close(1_000);
    core.timers.advance(1_000);
    const reader = new FakeReader(await answer);
    expect([reader.text, reader.ended]).toEqual(['', 'cut']);
    request.leave();
    await closed;
    // A source that comes late is closed all the same.
    run(subscription(feed));
    await eventually(() => feed.returned, 1);
    expect([core.counters.operations, core.admission.principals]).toEqual([0, 0]);
  });
});
