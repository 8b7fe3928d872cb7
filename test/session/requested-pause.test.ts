// The pause that a server asks for with Retry-After: nobody of the session sends anything until it is over.

import { describe, expect, test } from 'vitest';
import { RequestedPause } from '../../src/session/requested-pause.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { ResponseHead } from '../../src/transport/contract.js';
import { httpStatus } from './support/failures.js';
import type { FakeRequest } from './support/fake-transport.js';
import { readySession, watch } from './support/harness.js';
import { readyLanes } from './support/lanes.js';

/** The server is overloaded: it answers without a GraphQL body, with Retry-After where that is given. */
function overloaded(request: FakeRequest, retryAfterMs?: number, status: number = 503): void {
  request.fail({ ...httpStatus(status, retryAfterMs), delivery: 'answered' });
}

/** A GraphQL answer with Retry-After beside it. */
function limited(retryAfterMs: number, status: number = 429): ResponseHead {
  return { status, headers: { 'retry-after': String(retryAfterMs / 1_000) }, retryAfterMs };
}

const minutes = 60_000;

describe('an answer with Retry-After', () => {
  test('keeps everybody from sending until that time is over; then they are sent in their order', async () => {
    const { session, connection, clock } = await readySession();
    void session.execute('{ a }');
    overloaded(connection.latest, 4_000);
    void session.execute('{ b }');
    void session.execute('mutation { c }');
    session.subscribe('subscription { s }');
    session.stream('{ d }');
    await clock.advance(3_999);
    expect(connection.queries).toEqual(['{ a }']);
    await clock.advance(1);
    expect(connection.queries).toEqual(['{ a }', '{ a }', '{ b }', 'mutation { c }', 'subscription { s }', '{ d }']);
  });

  test('holds the other lanes as well, and those that are opened meanwhile', async () => {
    const { session, call, event, events, clock, accept } = await readyLanes();
    void session.execute('{ a }');
    overloaded(call.latest, 4_000);
    session.subscribe('subscription { t }');
    event.lose();
    await clock.advance(250);
    const next = await accept(events);
    expect(next.queries).toEqual([]);
    await clock.advance(3_750);
    expect([call.queries, next.queries]).toEqual([
      ['{ a }', '{ a }'],
      ['subscription { s }', 'subscription { t }'],
    ]);
  });

  test('leaves alone what is in flight', async () => {
    const { session, connection, settle } = await readySession();
    void session.execute('{ a }');
    const second = watch(session.execute('{ b }'));
    const [first, other] = connection.requests;
    if (first !== undefined) overloaded(first, 4_000);
    other?.data({ b: 1 });
    await settle();
    expect(second.value).toEqual({ b: 1 });
  });

  test('lets a call rest longer where its own rule says so', async () => {
    const { session, connection, clock } = await readySession({ retry: { execute: { delayMs: () => 6_000 } } });
    void session.execute('{ a }');
    overloaded(connection.latest, 4_000);
    void session.execute('{ b }');
    await clock.advance(4_000);
    expect(connection.queries).toEqual(['{ a }', '{ b }']);
    await clock.advance(2_000);
    expect(connection.queries).toEqual(['{ a }', '{ b }', '{ a }']);
  });

  test('that fails a mutation holds the others all the same', async () => {
    const { session, connection, clock, settle } = await readySession();
    const pay = watch(session.execute('mutation Pay { pay }'));
    overloaded(connection.latest, 4_000, 429);
    await settle();
    expect(pay.error).toMatchObject({ name: 'ServerError', status: 429, delivery: 'answered' });
    void session.execute('{ b }');
    await clock.advance(3_999);
    expect(connection.queries).toEqual(['mutation Pay { pay }']);
    await clock.advance(1);
    expect(connection.queries).toEqual(['mutation Pay { pay }', '{ b }']);
  });

  test('beside a GraphQL answer is final for its caller, and holds everybody else', async () => {
    const { session, connection, clock, settle } = await readySession();
    const answer = watch(session.result('{ a }'));
    connection.latest.next({ errors: [{ message: 'slow down' }] }, 10, limited(4_000));
    void session.execute('{ b }');
    await settle();
    expect(answer.value).toMatchObject({ errors: [{ message: 'slow down' }], meta: { status: 429, attempts: 1 } });
    await clock.advance(3_999);
    expect(connection.queries).toEqual(['{ a }']);
    await clock.advance(1);
    expect(connection.queries).toEqual(['{ a }', '{ b }']);
  });

  test('counts from when it came: later parts of the answer do not make the pause longer', async () => {
    const { session, connection, clock } = await readySession();
    session.stream('{ a ... @defer { b } }');
    connection.latest.next({ data: { a: 1 }, hasNext: true }, 10, limited(4_000));
    void session.execute('{ c }');
    await clock.advance(3_000);
    connection.latest.next({ hasNext: false }, 10, limited(4_000));
    await clock.advance(1_000);
    expect(connection.queries).toEqual(['{ a ... @defer { b } }', '{ c }']);
  });

  test('with status 200 is a hint of a cache, not a request to wait', async () => {
    const { session, connection } = await readySession();
    void session.execute('{ a }');
    connection.latest.next({ data: {} }, 10, limited(4_000, 200));
    void session.execute('{ b }');
    expect(connection.queries).toEqual(['{ a }', '{ b }']);
  });

  test('of a time that is over already holds nobody', async () => {
    const { session, connection } = await readySession();
    void session.execute('mutation { a }').catch(() => {});
    overloaded(connection.latest, 0);
    void session.execute('{ b }');
    expect(connection.queries).toEqual(['mutation { a }', '{ b }']);
  });

  test('holds for five minutes at most, also for the subscription that was told an hour', async () => {
    const { session, connection, clock } = await readySession({
      liveness: false,
      deadlineMs: Number.POSITIVE_INFINITY,
    });
    session.subscribe('subscription { s }');
    overloaded(connection.latest, 60 * minutes);
    void session.execute('{ b }');
    await clock.advance(5 * minutes - 1);
    expect(connection.queries).toEqual(['subscription { s }']);
    await clock.advance(1);
    expect(connection.queries).toEqual(['subscription { s }', 'subscription { s }', '{ b }']);
  });

  test.each([
    ['a longer one', 6_000, 6_000],
    ['a shorter one', 1_000, 4_000],
  ])('is followed by %s: the one that ends last holds', async (_what, secondMs, overAtMs) => {
    const { session, connection, clock } = await readySession();
    void session.execute('mutation { a }').catch(() => {});
    void session.execute('mutation { b }').catch(() => {});
    const [first, second] = connection.requests;
    if (first !== undefined) overloaded(first, 4_000);
    void session.execute('{ c }');
    if (second !== undefined) overloaded(second, secondMs);
    await clock.advance(overAtMs - 1);
    expect(connection.requests).toHaveLength(2);
    await clock.advance(1);
    expect(connection.requests).toHaveLength(3);
  });
});

describe('during the pause', () => {
  test('calls keep their own deadlines', async () => {
    const { session, connection, clock } = await readySession();
    const first = watch(session.execute('{ a }', {}, { deadlineMs: 1_000 }));
    overloaded(connection.latest, 4_000);
    const second = watch(session.execute('{ b }', {}, { deadlineMs: 2_000 }));
    await clock.advance(1_000);
    expect(first.error).toMatchObject({ name: 'DeadlineError', delivery: 'answered', status: 503 });
    await clock.advance(1_000);
    expect(second.error).toMatchObject({ name: 'DeadlineError', delivery: 'not-sent', attempts: 0 });
    await clock.advance(4_000);
    expect(connection.requests).toHaveLength(1);
  });

  test('signals end what waits, and with the last that waits the timer goes', async () => {
    const { session, connection, clock, settle } = await readySession({ liveness: false });
    const pay = session.execute('mutation { a }', {}, { deadlineMs: Number.POSITIVE_INFINITY });
    const before = clock.pending;
    overloaded(connection.latest, 4_000, 429);
    await pay.catch(() => {});
    expect(clock.pending).toBe(before);
    const abort = new AbortController();
    const options = { deadlineMs: Number.POSITIVE_INFINITY, signal: abort.signal };
    const calls = [session.execute('{ b }', {}, options), session.execute('{ c }', {}, options)].map(watch);
    expect(clock.pending).toBe(before + 1);
    abort.abort();
    await settle();
    expect([calls.map(({ status }) => status), clock.pending]).toEqual([['rejected', 'rejected'], before]);
  });

  test('who comes after somebody who gave up waits as long as the rest', async () => {
    const { session, connection, clock } = await readySession();
    void session.execute('mutation { a }').catch(() => {});
    overloaded(connection.latest, 4_000, 429);
    void session.execute('{ b }', {}, { deadlineMs: 1_000 }).catch(() => {});
    await clock.advance(2_000);
    void session.execute('{ c }');
    await clock.advance(1_999);
    expect(connection.requests).toHaveLength(1);
    await clock.advance(1);
    expect(connection.queries).toEqual(['mutation { a }', '{ c }']);
  });

  test('closing refuses what waits, and leaves no timer', async () => {
    const { session, connection, clock, settle } = await readySession({ connection: { ignoresClose: true } });
    const call = watch(session.execute('mutation { slow }'));
    void session.execute('mutation { a }').catch(() => {});
    overloaded(connection.latest, 4 * minutes, 429);
    const waiting = watch(session.execute('{ b }'));
    const closed = watch(session.close());
    await settle();
    expect(waiting.error).toMatchObject({ name: 'SessionClosedError', delivery: 'not-sent' });
    const [slow] = connection.requests;
    slow?.data({ done: true });
    await clock.advance(1_000);
    expect([call.value, closed.status, clock.pending]).toEqual([{ done: true }, 'resolved', 0]);
  });

  test('the grace of closing is not filled with a timer that nobody waits for', async () => {
    const { session, connection, clock } = await readySession({ liveness: false });
    void session.execute('mutation { slow }').catch(() => {});
    void session.execute('mutation { a }').catch(() => {});
    overloaded(connection.latest, 1_000, 429);
    void session.execute('{ b }').catch(() => {});
    void session.close();
    expect(clock.nextAt).toBe(clock.now() + 5_000);
  });
});

describe('the pause itself', () => {
  test('sets one timer, however many wait, and none while nobody does', async () => {
    const clock = new VirtualClock();
    const pause = new RequestedPause(clock);
    const told: string[] = [];
    const first = (): void => void told.push('first');
    pause.ask(1_000);
    expect([pause.active, clock.pending]).toEqual([true, 0]);
    pause.whenOver(first);
    pause.whenOver(first);
    pause.whenOver(() => told.push('second'));
    expect(clock.pending).toBe(1);
    await clock.advance(1_000);
    expect([told, pause.active, clock.pending]).toEqual([['first', 'second'], false, 0]);
  });

  test('that became longer while somebody waited tells when it is over', async () => {
    const clock = new VirtualClock();
    const pause = new RequestedPause(clock);
    const told: number[] = [];
    pause.ask(1_000);
    pause.whenOver(() => told.push(clock.now()));
    pause.ask(3_000);
    await clock.advance(5_000);
    expect([told, clock.pending]).toEqual([[3_000], 0]);
  });

  test('that ended tells nobody', async () => {
    const clock = new VirtualClock();
    const pause = new RequestedPause(clock);
    pause.ask(1_000);
    pause.whenOver(() => {
      throw new Error('told');
    });
    pause.end();
    await clock.advance(2_000);
    expect([pause.active, clock.pending]).toEqual([false, 0]);
  });
});
