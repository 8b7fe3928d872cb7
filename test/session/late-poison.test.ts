// An operation that makes the server end the connection only some time after it was sent, when its trial is over: it is found
// in a longer trial on the next connection, and whoever is innocent is delayed for a bounded time.

import { describe, expect, test } from 'vitest';
import { closedWith } from './support/failures.js';
import type { FakeConnection } from './support/fake-transport.js';
import { type Harness, readySession, type Watched, watch } from './support/harness.js';

interface Lost extends Harness {
  readonly calls: readonly Watched<unknown>[];
  /** The connection after the one that was ended with all of them on it, although all were acquitted. */
  readonly third: FakeConnection;
}

/** All of these were sent, the connection ended with 4500, they were acquitted on the second one, and that ended after `lateMs`. */
async function lostLate(queries: readonly string[], lateMs: number): Promise<Lost> {
  const harness = await readySession({ deadlineMs: 3_600_000 });
  const { session, connection, accept, settle } = harness;
  const calls = queries.map((query) => watch(session.execute(query)));
  connection.lose(closedWith(4500));
  await settle();
  const second = await accept();
  for (const _query of queries) pongs(second);
  expect(second.requests).toHaveLength(queries.length);
  await pass(harness, second, lateMs);
  second.lose(closedWith(4500));
  await settle();
  expect(calls.map(({ status }) => status)).toEqual(queries.map(() => 'pending'));
  return { ...harness, calls, third: await accept() };
}

/** Time passes, and the peer shows signs of life. */
async function pass({ clock }: Harness, connection: FakeConnection, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    connection.heard();
    await clock.advance(Math.min(left, 1_000));
  }
}

/** The peer answers two pings. */
function pongs(connection: FakeConnection): void {
  connection.pong();
  connection.pong();
}

describe('an operation that was acquitted, and whose connection was ended all the same', () => {
  test('is the culprit when that happens again after the same time', async () => {
    const { third, calls, clock, settle } = await lostLate(['{ innocent }', '{ poison }'], 50);
    expect(third.queries).toEqual(['{ poison }']);
    pongs(third);
    await clock.advance(50);
    expect(third.queries).toEqual(['{ poison }']);
    third.lose(closedWith(4500));
    await settle();
    expect(calls.map(({ status }) => status)).toEqual(['pending', 'rejected']);
    expect(calls[1]?.error).toMatchObject({ name: 'OperationRejectedError', attempts: 3, closeCode: 4500 });
  });

  test('is acquitted again when it has lived four times as long, and 100 ms', async () => {
    const { third, clock } = await lostLate(['{ b }', '{ a }'], 50);
    pongs(third);
    await clock.advance(299);
    expect(third.queries).toEqual(['{ a }']);
    await clock.advance(1);
    expect(third.queries).toEqual(['{ a }', '{ b }']);
  });

  test('is acquitted no sooner than by the second pong', async () => {
    const { third, clock } = await lostLate(['{ b }', '{ a }'], 50);
    third.pong();
    await clock.advance(350);
    expect(third.queries).toEqual(['{ a }']);
    third.pong();
    expect(third.queries).toEqual(['{ a }', '{ b }']);
  });

  test('is acquitted at once when it is answered', async () => {
    const { third, settle } = await lostLate(['{ b }', '{ a }'], 50);
    pongs(third);
    third.latest.data({ a: 1 });
    await settle();
    expect(third.queries).toEqual(['{ a }', '{ b }']);
  });

  test('leaves no timer of its trial, whether that ends by time or by an answer, before or after the second pong', async () => {
    const { third, settle, clock } = await lostLate(['{ d }', '{ c }', '{ b }', '{ a }'], 50);
    const one = clock.pending;
    pongs(third);
    third.latest.data({ a: 1 });
    await settle();
    expect([third.queries.at(-1), clock.pending]).toEqual(['{ b }', one]);
    third.pong();
    third.latest.data({ b: 1 });
    await settle();
    // The second one of the trial before.
    third.pong();
    expect([third.queries.at(-1), clock.pending]).toEqual(['{ c }', one]);
    pongs(third);
    await clock.advance(300);
    expect([third.queries.at(-1), clock.pending]).toEqual(['{ d }', one]);
  });

  test('is found in the trial after that when it struck later than that', async () => {
    const { third, accept, calls, clock, settle } = await lostLate(['{ poison }'], 50);
    pongs(third);
    await clock.advance(301);
    third.lose(closedWith(4500));
    await settle();
    expect(calls[0]?.status).toBe('pending');
    const fourth = await accept();
    pongs(fourth);
    await clock.advance(1_301);
    fourth.lose(closedWith(4500));
    await settle();
    expect(calls[0]?.error).toMatchObject({ name: 'OperationRejectedError', attempts: 4 });
  });

  test('is found although it strikes while somebody else is on trial, who is not convicted for it', async () => {
    const { session, connection, accept, settle, clock } = await readySession();
    const calls = ['{ a }', '{ b }', '{ poison }'].map((query) => watch(session.execute(query)));
    connection.lose(closedWith(4500));
    await settle();
    const second = await accept();
    pongs(second);
    await clock.advance(50);
    expect(second.queries).toEqual(['{ poison }', '{ b }']);
    second.lose(closedWith(4500));
    await settle();
    const third = await accept();
    // It is to be alone, and proves harmless there in a longer trial of its own: it might have struck late itself.
    pongs(third);
    await clock.advance(299);
    expect(third.queries).toEqual(['{ b }']);
    await clock.advance(1);
    expect(third.queries).toEqual(['{ b }', '{ poison }']);
    pongs(third);
    await clock.advance(50);
    third.lose(closedWith(4500));
    await settle();
    const fourth = await accept();
    expect(fourth.queries).toEqual(['{ poison }']);
    pongs(fourth);
    await clock.advance(50);
    fourth.lose(closedWith(4500));
    await settle();
    expect(calls.map(({ status }) => status)).toEqual(['pending', 'pending', 'rejected']);
    const fifth = await accept();
    for (let n = 0; n < 2; n++) {
      fifth.latest.data({ ok: true });
      await settle();
    }
    expect(calls.slice(0, 2).map(({ value }) => value)).toEqual([{ ok: true }, { ok: true }]);
  });

  test('needs no longer trial where it had lived there for 25 s: what it does takes no longer, or cannot be told', async () => {
    const { third } = await lostLate(['{ b }', '{ a }'], 25_000);
    pongs(third);
    expect(third.queries).toEqual(['{ a }', '{ b }']);
  });

  test('needs no longer trial where the network ended its connection', async () => {
    const { session, connection, accept, settle, clock } = await readySession();
    for (const query of ['{ b }', '{ a }']) void session.execute(query).catch(() => {});
    connection.lose(closedWith(4500));
    await settle();
    const second = await accept();
    for (let n = 0; n < 2; n++) pongs(second);
    await clock.advance(5_000);
    second.lose();
    await settle();
    const third = await accept();
    expect(third.queries).toEqual(['{ b }', '{ a }']);
    third.lose(closedWith(4500));
    await settle();
    const fourth = await accept();
    pongs(fourth);
    expect(fourth.queries).toEqual(['{ a }', '{ b }']);
  });

  test('needs no longer trial once the culprit is known, whose connection it was', async () => {
    const { session, connection, accept, settle, clock } = await readySession();
    for (const query of ['{ b }', '{ a }']) void session.execute(query).catch(() => {});
    connection.lose(closedWith(4500));
    await settle();
    const second = await accept();
    for (let n = 0; n < 2; n++) pongs(second);
    await clock.advance(5_000);
    const poison = watch(session.execute('{ poison }'));
    second.lose(closedWith(4500));
    await settle();
    const third = await accept();
    expect(third.queries).toEqual(['{ poison }']);
    third.lose(closedWith(4500));
    await settle();
    expect(poison.error).toMatchObject({ name: 'OperationRejectedError', attempts: 2 });
    const fourth = await accept();
    for (let n = 0; n < 2; n++) pongs(fourth);
    expect(fourth.queries).toEqual(['{ a }', '{ b }']);
    void session.execute('{ new }').catch(() => {});
    expect(fourth.queries).toEqual(['{ a }', '{ b }', '{ new }']);
  });

  test('has to live as long where there are no pings', async () => {
    const harness = await readySession({ deadlineMs: 3_600_000, connection: { ping: false } });
    const { session, connection, accept, settle } = harness;
    for (const query of ['{ b }', '{ a }']) void session.execute(query).catch(() => {});
    connection.lose(closedWith(4500));
    await settle();
    const second = await accept();
    await pass(harness, second, 5_000);
    expect(second.queries).toEqual(['{ a }', '{ b }']);
    await pass(harness, second, 3_000);
    second.lose(closedWith(4500));
    await settle();
    const third = await accept();
    // It was not acquitted yet when that connection ended after 3 s of its trial, and was not alone.
    await pass(harness, third, 12_099);
    expect(third.queries).toEqual(['{ b }']);
    await pass(harness, third, 1);
    expect(third.queries).toEqual(['{ b }', '{ a }']);
    // Four times 8 s would be more than the 25 s from the first trial on.
    await pass(harness, third, 12_899);
    void session.execute('{ new }').catch(() => {});
    expect(third.queries).toEqual(['{ b }', '{ a }']);
    await pass(harness, third, 1);
    expect(third.queries).toEqual(['{ b }', '{ a }', '{ new }']);
  });
});

test('longer trials delay what waits for them by 25 s on one connection at most', async () => {
  const lost = await lostLate(['{ c }', '{ b }', '{ a }'], 4_000);
  const { session, third } = lost;
  void session.execute('{ new }').catch(() => {});
  pongs(third);
  await pass(lost, third, 16_099);
  expect(third.queries).toEqual(['{ a }']);
  await pass(lost, third, 1);
  expect(third.queries).toEqual(['{ a }', '{ b }']);
  pongs(third);
  await pass(lost, third, 8_899);
  expect(third.queries).toEqual(['{ a }', '{ b }']);
  await pass(lost, third, 1);
  expect(third.queries).toEqual(['{ a }', '{ b }', '{ c }']);
  pongs(third);
  expect(third.queries).toEqual(['{ a }', '{ b }', '{ c }', '{ new }']);
});
