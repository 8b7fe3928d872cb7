// Batches on their whole way: what each caller gets, and what the server is asked, when requests, callers or answers fail.

import { once as onceEvent } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../../src/session/errors/cancelled-error.js';
import { DeadlineError } from '../../../../src/session/errors/deadline-error.js';
import { GraphQLResultError } from '../../../../src/session/errors/graphql-result-error.js';
import { OutcomeUnknownError } from '../../../../src/session/errors/outcome-unknown-error.js';
import { ProtocolError } from '../../../../src/session/errors/protocol-error.js';
import { ServerError } from '../../../../src/session/errors/server-error.js';
import { SessionClosedError } from '../../../../src/session/errors/session-closed-error.js';
import { VirtualClock } from '../../../../src/testing/virtual-clock.js';
import { rejection } from '../../../session/support/harness.js';
import { patience } from '../../undici/support/client.js';
import { type Arrival, type Asked, send, served, sessionTo } from './support/served.js';

const query = 'query ($n: Int) { n(n: $n) }';
const mutation = 'mutation ($n: Int) { n(n: $n) }';
const batch = { batch: 'one' };
const batching = { batching: { intervalMs: 5, maxSize: 2 } } as const;

/** What a batch asks for, by number. */
const numbers = ({ body }: Arrival): number[] => (body as Asked[]).map(({ variables }) => Number(variables?.n));

function answerAll(arrival: Arrival): void {
  send(
    arrival,
    numbers(arrival).map((n) => ({ data: { n } })),
  );
}

test('Calls by hand are one request, each with its own answer, extensions and times', async () => {
  const { url, arrivals } = await served((arrival) =>
    send(
      arrival,
      numbers(arrival).map((n) => (n === 2 ? { errors: [{ message: 'no' }] } : { data: { n }, extensions: { n } })),
    ),
  );
  const session = sessionTo(url);
  await session.ready();
  const calls = [1, 2, 3].map((n) => session.result(query, { n }, { ...batch, extensions: { of: n } }));
  const answers = await Promise.all(calls);
  expect(answers).toMatchObject([
    { data: { n: 1 }, extensions: { n: 1 } },
    { errors: [{ message: 'no' }] },
    { data: { n: 3 }, extensions: { n: 3 } },
  ]);
  for (const { meta } of answers) expect(meta).toMatchObject({ status: 200, attempts: 1 });
  expect(arrivals.map(({ body }) => (body as Asked[]).map(({ extensions }) => extensions))).toEqual([
    [{ of: 1 }, { of: 2 }, { of: 3 }],
  ]);
});

test('Calls that waited for the connection go together all the same', async () => {
  const { url, arrivals } = await served(answerAll);
  const session = sessionTo(url);
  await Promise.all([1, 2].map((n) => session.execute(query, { n }, batch)));
  expect(arrivals.map(numbers)).toEqual([[1, 2]]);
});

test('An idempotency key goes with its entry', async () => {
  const { url, arrivals } = await served(answerAll);
  const session = sessionTo(url, {}, batching);
  await Promise.all([1, 2].map((n) => session.execute(mutation, { n }, { idempotencyKey: `key ${n}` })));
  expect(arrivals.map(({ body }) => body)).toMatchObject([
    [{ extensions: { idempotencyKey: 'key 1' } }, { extensions: { idempotencyKey: 'key 2' } }],
  ]);
});

test('Batches run side by side: the first waits for the second', async () => {
  let held: Arrival | undefined;
  const { url, arrivals } = await served((arrival) => {
    if (arrival.number === 1) {
      held = arrival;
      return;
    }
    answerAll(arrival);
    if (held !== undefined) answerAll(held);
  });
  const session = sessionTo(url, {}, batching);
  const answers = await Promise.all([1, 2, 3, 4].map((n) => session.execute(query, { n })));
  expect(answers).toEqual([1, 2, 3, 4].map((n) => ({ n })));
  // Each by a connection of its own: either may come first.
  expect(arrivals.map(numbers).sort(([one = 0], [other = 0]) => one - other)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('Queries and mutations, and other headers, are other requests', async () => {
  const { url, arrivals } = await served(answerAll);
  const session = sessionTo(url, {}, { batching: true });
  await Promise.all([
    session.execute(query, { n: 1 }),
    session.execute(mutation, { n: 2 }),
    session.execute(query, { n: 3 }, { headers: { tenant: 'a' } }),
    session.execute(query, { n: 4 }, { headers: { Tenant: 'a' } }),
    session.execute(query, { n: 5 }),
  ]);
  const sent = arrivals.map((arrival) => [arrival.request.headers.tenant, ...numbers(arrival)]);
  expect(sent).toHaveLength(3);
  expect(sent).toEqual(
    expect.arrayContaining([
      [undefined, 1, 5],
      [undefined, 2],
      ['a', 3, 4],
    ]),
  );
});

test('One entry that breaks the rules fails its caller alone', async () => {
  const { url } = await served((arrival) => send(arrival, [{ data: { n: 1 } }, 'oops']));
  const session = sessionTo(url, {}, batching);
  const [one, other] = [session.execute(query, { n: 1 }), session.execute(query, { n: 2 })];
  const error = await rejection(other, ProtocolError);
  expect(error).toMatchObject({ status: 200 });
  expect(error.message).toContain('oops');
  expect(await one).toEqual({ n: 1 });
});

test('A server that knows no batches fails everybody, each with an error of its own', async () => {
  const { url } = await served((arrival) => send(arrival, { errors: [{ message: 'no batches here' }] }, 400));
  const session = sessionTo(url, {}, batching);
  const errors = await Promise.all([1, 2].map((n) => rejection(session.execute(query, { n }), ServerError)));
  for (const error of errors) {
    expect(error).toMatchObject({ status: 400 });
    expect(error.message).toContain('no batches here');
  }
  expect(errors[0]).not.toBe(errors[1]);
});

test('GraphQL errors fail their own caller', async () => {
  const { url } = await served((arrival) => send(arrival, [{ data: { n: 1 } }, { errors: [{ message: 'no' }] }], 207));
  const session = sessionTo(url, {}, batching);
  const [one, other] = [session.execute(query, { n: 1 }), session.execute(query, { n: 2 })];
  expect(await rejection(other, GraphQLResultError)).toMatchObject({ errors: [{ message: 'no' }], status: 207 });
  expect(await one).toEqual({ n: 1 });
});

describe('a batch that fails', () => {
  test('by the network lets queries be sent again, and leaves mutations unknown, each for itself', async () => {
    const ran: number[] = [];
    const { url } = await served((arrival) => {
      ran.push(...numbers(arrival));
      if (arrival.number === 1) arrival.request.socket.destroy();
      else answerAll(arrival);
    });
    const session = sessionTo(url);
    await session.ready();
    const [read, write, other] = [query, mutation, mutation].map((document, index) =>
      session.execute(document, { n: index }, batch),
    );
    const errors = await Promise.all(
      [write, other].map((call) => rejection(call ?? Promise.resolve(), OutcomeUnknownError)),
    );
    expect(errors[0]).not.toBe(errors[1]);
    expect(await read).toEqual({ n: 0 });
    expect(ran).toEqual([0, 1, 2, 0]);
  });

  test('by the server lets queries be sent again, and fails mutations', async () => {
    const { url, arrivals } = await served((arrival) => {
      if (arrival.number === 1) send(arrival, 'Oops', 502);
      else answerAll(arrival);
    });
    const session = sessionTo(url);
    await session.ready();
    const read = session.execute(query, { n: 1 }, batch);
    const write = session.execute(mutation, { n: 2 }, batch);
    expect(await rejection(write, ServerError)).toMatchObject({ status: 502 });
    expect(await read).toEqual({ n: 1 });
    expect(arrivals.map(numbers)).toEqual([[1, 2], [1]]);
  });
});

describe('a caller that leaves', () => {
  test('before the batch was sent is not in it', async () => {
    const { url, arrivals } = await served(answerAll);
    const session = sessionTo(url, {}, { batching: { intervalMs: 20 } });
    await session.ready();
    const leaving = new AbortController();
    const left = session.execute(query, { n: 1 }, { signal: leaving.signal });
    const stayed = session.execute(query, { n: 2 });
    leaving.abort();
    expect(await rejection(left, CancelledError)).toMatchObject({ delivery: 'not-sent' });
    expect(await stayed).toEqual({ n: 2 });
    expect(arrivals.map(numbers)).toEqual([[2]]);
  });

  test('after it was sent leaves alone, and the others get what is theirs', async () => {
    const { url, arrivals } = await served(() => {});
    const session = sessionTo(url, {}, { batching: { intervalMs: 1 } });
    const leaving = new AbortController();
    const calls = [1, 2, 3].map((n) => session.execute(query, { n }, n === 2 ? { signal: leaving.signal } : {}));
    await expect.poll(() => arrivals.length, patience).toBe(1);
    leaving.abort();
    expect(await rejection(calls[1] ?? Promise.resolve(), CancelledError)).toMatchObject({ delivery: 'unknown' });
    for (const arrival of arrivals) answerAll(arrival);
    expect([await calls[0], await calls[2]]).toEqual([{ n: 1 }, { n: 3 }]);
  });

  test('because its deadline is over leaves alone', async () => {
    const clock = new VirtualClock();
    const { url, arrivals } = await served(() => {});
    const session = sessionTo(url, { clock }, { batching: { intervalMs: 1 } });
    const patient = session.execute(query, { n: 1 });
    const hasty = rejection(session.execute(query, { n: 2 }, { deadlineMs: 20_000 }), DeadlineError);
    const sent = async (): Promise<number> => {
      await clock.advance(1);
      return arrivals.length;
    };
    await expect.poll(sent, patience).toBe(1);
    await clock.advance(20_000);
    expect(await hasty).toMatchObject({ deadlineMs: 20_000, delivery: 'unknown' });
    expect(arrivals.map(numbers)).toEqual([[1, 2]]);
    for (const arrival of arrivals) answerAll(arrival);
    expect(await patient).toEqual({ n: 1 });
  });

  test('as the last one closes the request, which the server sees', async () => {
    const { url, arrivals } = await served(() => {});
    const session = sessionTo(url, {}, batching);
    const leaving = new AbortController();
    const { signal } = leaving;
    const calls = [1, 2].map((n) => session.execute(query, { n }, { signal }));
    await expect.poll(() => arrivals.length, patience).toBe(1);
    leaving.abort();
    await Promise.all(calls.map((call) => rejection(call, CancelledError)));
    const [{ response } = { response: undefined }] = arrivals;
    if (response !== undefined && !response.closed) await onceEvent(response, 'close');
    expect(response?.writableFinished).toBe(false);
  });
});

describe('a session that is closed', () => {
  test('lets calls that wait for company be sent and answered within the grace', async () => {
    const { url, arrivals } = await served(answerAll);
    const session = sessionTo(url, {}, { batching: true });
    await session.ready();
    const calls = [1, 2].map((n) => session.execute(query, { n }));
    expect(arrivals).toHaveLength(0);
    await session.close();
    expect(await Promise.all(calls)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(arrivals.map(numbers)).toEqual([[1, 2]]);
  });

  test('sends nothing of them once the grace is over', async () => {
    const { url, arrivals } = await served(answerAll);
    const session = sessionTo(url, {}, { batching: { intervalMs: 60_000 } });
    await session.ready();
    const error = rejection(session.execute(query, { n: 1 }), SessionClosedError);
    await session.close({ graceMs: 0 });
    expect(await error).toMatchObject({ delivery: 'not-sent' });
    expect(arrivals).toHaveLength(0);
  });
});
