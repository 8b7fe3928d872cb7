// Close means closed: what was not sent is refused, what is in flight has its grace, and nothing is left.

import { describe, expect, test } from 'vitest';
import { SessionClosedError } from '../../src/session/errors/session-closed-error.js';
import { httpStatus, refusedByNetwork } from './support/failures.js';
import { type Harness, makeSession, readySession, rejection, watch } from './support/harness.js';

/** Nothing runs, nothing waits, no timer is set. */
function expectNothingLeft({ session, clock }: Harness): void {
  expect([session.state.status, session.operations, clock.pending]).toEqual(['closed', 0, 0]);
}

describe('close()', () => {
  test('refuses at once what was not sent', async () => {
    const { session, connection, settle } = await readySession({ maxInFlight: 1 });
    void session.execute('{ a }').catch(() => {});
    const unsent = watch(session.execute('query B { b }'));
    void session.close();
    await settle();
    expect(unsent.error).toBeInstanceOf(SessionClosedError);
    expect(unsent.error).toMatchObject({ code: 'session-closed', delivery: 'not-sent', attempts: 0 });
    expect((unsent.error as Error).message).toBe('Query "B" was not sent: the session was closed.');
    expect(connection.queries).toEqual(['{ a }']);
  });

  test('lets calls in flight be answered, then closes the connection and resolves', async () => {
    const harness = await readySession();
    const { session, connection, clock, settle } = harness;
    const call = watch(session.execute('{ a }'));
    const closed = watch(session.close());
    await clock.advance(4_000);
    expect(session.state).toEqual({ status: 'closing', stage: 'draining', since: 1_000_000 });
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
    expect(connection.ended).toMatchObject({ how: 'close', closure: { by: 'us', code: 1000 } });
    expect(closed.status).toBe('resolved');
    expectNothingLeft(harness);
  });

  test.each([
    ['5 s by default', undefined, 5_000],
    ['as long as it is told', { graceMs: 200 }, 200],
    ['no time at all where it is told so', { graceMs: 0 }, 0],
  ])('gives them %s, then rejects them: their outcome is unknown', async (_what, options, graceMs) => {
    const harness = await readySession();
    const { session, connection, clock } = harness;
    const call = watch(session.execute('mutation Pay { pay }'));
    const closed = watch(session.close(options));
    if (graceMs > 0) await clock.advance(graceMs - 1);
    expect(call.status).toBe('pending');
    await clock.advance(1);
    expect(call.error).toMatchObject({ name: 'SessionClosedError', delivery: 'unknown', attempts: 1 });
    expect((call.error as Error).message).toBe(
      'Mutation "Pay" was sent and not answered in time: the session was closed.',
    );
    expect(connection.latest.cancelled).toBe(true);
    expect(closed.status).toBe('resolved');
    expectNothingLeft(harness);
  });

  test('ends subscriptions after their buffered events, and tells the server to stop', async () => {
    const harness = await readySession();
    const { session, connection } = harness;
    const subscription = session.subscribe('subscription { s }');
    connection.latest.data(1);
    connection.latest.data(2);
    await session.close();
    expect(connection.latest.cancelled).toBe(true);
    const seen: unknown[] = [];
    for await (const event of subscription) seen.push(event.type === 'data' ? event.data : event.type);
    expect(seen).toEqual([1, 2]);
    expectNothingLeft(harness);
  });

  test('ends a subscription that waits for its next event', async () => {
    const { session } = await readySession();
    const next = session.subscribe('subscription { s }').next();
    await session.close();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('gives the peer a second to close, and does not wait longer', async () => {
    const harness = await readySession({ connection: { ignoresClose: true } });
    const { session, clock } = harness;
    const closed = watch(session.close());
    await clock.advance(0);
    expect(session.state).toMatchObject({ status: 'closing', stage: 'disconnecting' });
    await clock.advance(999);
    expect(closed.status).toBe('pending');
    await clock.advance(1);
    expect(closed.status).toBe('resolved');
    expectNothingLeft(harness);
  });

  test('may be called again at any time, with one result', async () => {
    const harness = await readySession();
    const { session, connection, statuses } = harness;
    const first = session.close();
    const second = session.close({ graceMs: 60_000 });
    await Promise.all([first, second]);
    await session.close();
    expect(statuses).toEqual(['connecting', 'ready', 'closing', 'closing', 'closed']);
    expect(connection.ended?.how).toBe('close');
    expectNothingLeft(harness);
  });

  test('while connecting gives up the attempt', async () => {
    const harness = makeSession();
    const { session, transport, settle } = harness;
    await settle();
    const waiting = watch(session.ready());
    const call = watch(session.execute('{ a }'));
    await session.close();
    await settle();
    expect(transport.latest.context.signal.aborted).toBe(true);
    expect([waiting.error, call.error]).toEqual([expect.any(SessionClosedError), expect.any(SessionClosedError)]);
    expectNothingLeft(harness);
    transport.latest.refuse(refusedByNetwork);
    await settle();
    expect(session.state.status).toBe('closed');
  });

  test('while the credentials provider is asked gives up that', async () => {
    let signal: AbortSignal | undefined;
    const harness = makeSession({
      credentials: (why) => {
        signal = why.signal;
        return new Promise(() => {});
      },
    });
    await harness.settle();
    await harness.session.close();
    await harness.settle();
    expect([signal?.aborted, harness.transport.opens.length]).toEqual([true, 0]);
    expectNothingLeft(harness);
  });

  test('while waiting for the next attempt gives up the wait', async () => {
    const harness = makeSession();
    await harness.refuse(refusedByNetwork);
    await harness.session.close();
    expectNothingLeft(harness);
    expect(harness.transport.opens).toHaveLength(1);
  });

  test('after the session failed', async () => {
    const harness = makeSession();
    await harness.refuse(httpStatus(404));
    await harness.session.close();
    expectNothingLeft(harness);
  });

  test('while another connection retires closes both, and lets the calls of both be answered', async () => {
    const harness = await readySession();
    const { session, connection, clock, accept, settle } = harness;
    await clock.advance(10_000);
    const old = watch(session.execute('{ old }'));
    connection.goingAway();
    await settle();
    const next = await accept();
    const young = watch(session.execute('{ new }'));
    const closed = watch(session.close());
    connection.latest.data({ old: 1 });
    await settle();
    expect(closed.status).toBe('pending');
    next.latest.data({ new: 1 });
    await settle();
    expect([old.value, young.value, closed.status]).toEqual([{ old: 1 }, { new: 1 }, 'resolved']);
    expect([connection.ended?.how, next.ended?.how]).toEqual(['close', 'close']);
    expectNothingLeft(harness);
  });

  test('while another connection is opened beside a retiring one gives up that attempt at once', async () => {
    const harness = await readySession();
    const { session, connection, transport, clock, settle } = harness;
    await clock.advance(10_000);
    const call = watch(session.execute('{ a }'));
    connection.goingAway();
    await settle();
    const closed = watch(session.close());
    await settle();
    expect([transport.latest.context.generation, transport.latest.context.signal.aborted]).toEqual([2, true]);
    expect(closed.status).toBe('pending');
    connection.latest.data({ a: 1 });
    await settle();
    expect([call.value, closed.status]).toEqual([{ a: 1 }, 'resolved']);
    expectNothingLeft(harness);
  });

  test('when the connection is lost meanwhile rejects what was in flight, and is done', async () => {
    const harness = await readySession();
    const { session, connection, settle, transport } = harness;
    const calls = ['{ a }', 'mutation { m }'].map((query) => watch(session.execute(query)));
    const closed = watch(session.close());
    connection.lose();
    await settle();
    for (const { error } of calls) expect(error).toMatchObject({ name: 'SessionClosedError', delivery: 'unknown' });
    expect([closed.status, transport.opens.length]).toEqual(['resolved', 1]);
    expectNothingLeft(harness);
  });

  test('takes an answer as it is where a rule would send the call again', async () => {
    const harness = await readySession();
    const { session, connection, settle } = harness;
    const call = watch(session.execute('{ a }'));
    const closed = watch(session.close());
    connection.latest.fail({ ...httpStatus(503), delivery: 'answered' });
    await settle();
    expect(call.error).toMatchObject({ name: 'ServerError', status: 503 });
    expect(closed.status).toBe('resolved');
    expectNothingLeft(harness);
  });

  test('refuses calls that rest until they are sent again', async () => {
    const harness = await readySession();
    const { session, connection } = harness;
    const call = watch(session.execute('{ a }'));
    connection.latest.fail({ ...httpStatus(503, 60_000), delivery: 'answered' });
    await session.close();
    expect(call.error).toMatchObject({ name: 'SessionClosedError', delivery: 'answered' });
    expectNothingLeft(harness);
  });

  test('with a trial on leaves nothing either', async () => {
    const harness = await readySession();
    const { session, connection, accept, settle } = harness;
    for (const query of ['{ a }', '{ b }']) void session.execute(query).catch(() => {});
    connection.lose({ code: 'closed', phase: 'connection', message: 'poison', closeCode: 1011 });
    await settle();
    await accept();
    const closed = watch(session.close({ graceMs: 100 }));
    await harness.clock.advance(100);
    expect(closed.status).toBe('resolved');
    expectNothingLeft(harness);
  });
});

describe('a closed session', () => {
  test('refuses calls, subscriptions and ready() at once', async () => {
    const harness = await readySession();
    const { session } = harness;
    await session.close();
    expect(await rejection(session.execute('{ a }'), SessionClosedError)).toMatchObject({ delivery: 'not-sent' });
    await rejection(session.subscribe('subscription { s }').next(), SessionClosedError);
    await rejection(session.ready(), SessionClosedError);
    await expect(session.ping()).rejects.toMatchObject({ name: 'ConnectError' });
    expectNothingLeft(harness);
  });

  test('stays closed', async () => {
    const harness = await readySession();
    await harness.session.close();
    harness.session.reconnect();
    await harness.clock.advance(60_000);
    expect(harness.transport.opens).toHaveLength(1);
    expectNothingLeft(harness);
  });

  test('is what `await using` leaves behind', async () => {
    const harness = await readySession();
    {
      await using session = harness.session;
      void session;
    }
    expectNothingLeft(harness);
  });

  test('refuses calls while it is still closing', async () => {
    const { session, connection } = await readySession();
    void session.execute('{ slow }').catch(() => {});
    void session.close();
    await rejection(session.execute('{ late }'), SessionClosedError);
    expect(connection.queries).toEqual(['{ slow }']);
  });
});
