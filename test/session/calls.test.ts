// Queries over a session: they wait for the connection, keep their order, and are sent again when their connection is lost.

import { describe, expect, test } from 'vitest';
import { JsonText } from '../../src/protocol/json-text.js';
import { ConnectionLostError } from '../../src/session/errors/connection-lost-error.js';
import { QueueFullError } from '../../src/session/errors/queue-full-error.js';
import { closedWith, httpStatus } from './support/failures.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

describe('calls', () => {
  test('wait for the connection and are sent in the order in which they were made', async () => {
    const { session, accept, settle } = makeSession();
    const calls = ['{ a }', '{ b }', '{ c }'].map((query) => watch(session.execute(query)));
    await settle();
    expect(calls.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
    const connection = await accept();
    expect(connection.queries).toEqual(['{ a }', '{ b }', '{ c }']);
    for (const request of connection.requests.toReversed()) request.data({ said: request.request.query });
    await settle();
    expect(calls.map(({ value }) => value)).toEqual([{ said: '{ a }' }, { said: '{ b }' }, { said: '{ c }' }]);
    expect(session.operations).toBe(0);
  });

  test('an outage shorter than their deadline is invisible to them', async () => {
    const { session, connection, clock, accept, settle } = await readySession();
    connection.lose();
    await settle();
    const call = session.execute('{ a }');
    await clock.advance(200);
    (await accept()).latest.data({ a: 1 });
    expect(await call).toEqual({ a: 1 });
  });

  test('carry what they were made with', async () => {
    const { session, connection } = await readySession();
    void session.execute(
      'query A { a } query B($id: ID!) { b(id: $id) }',
      { id: '1' },
      { operationName: 'B', extensions: { trace: 'x' }, headers: { 'x-trace': 'x' } },
    );
    expect(connection.latest.request).toEqual({
      id: '1',
      kind: 'query',
      query: 'query A { a } query B($id: ID!) { b(id: $id) }',
      operationName: 'B',
      variables: new JsonText('{"id":"1"}'),
      extensions: new JsonText('{"trace":"x"}'),
      headers: { 'x-trace': 'x' },
    });
  });

  test('carry their variables and extensions as they were at the call, whatever the program does to them afterwards', async () => {
    const { session, accept } = makeSession();
    const variables = { user: 'Ada', tags: ['a'] };
    const extensions = { trace: { id: 1 } };
    void session.execute('query ($user: String) { a }', variables, { extensions });
    variables.user = 'Bob';
    variables.tags.push('b');
    extensions.trace.id = 2;
    const { latest } = await accept();
    expect(latest.request.variables?.value).toEqual({ user: 'Ada', tags: ['a'] });
    expect(latest.request.extensions?.value).toEqual({ trace: { id: 1 } });
  });

  test('have ids that are never used twice, over all connections', async () => {
    const { session, connection, accept, settle } = await readySession();
    for (const query of ['{ a }', '{ b }']) void session.execute(query).catch(() => {});
    connection.lose();
    await settle();
    const next = await accept();
    void session.execute('{ c }').catch(() => {});
    const ids = [...connection.requests, ...next.requests].map(({ request }) => request.id);
    expect(ids).toEqual(['1', '2', '3', '4', '5']);
  });

  test('answer with how they came about', async () => {
    const { session, connection, clock, accept } = await readySession();
    const call = session.result('{ a }');
    await clock.advance(10);
    connection.lose();
    const next = await accept();
    await clock.advance(20);
    next.latest.next({ data: { a: 1 }, extensions: { cost: 3 } });
    const { meta, ...answer } = await call;
    expect(answer).toEqual({ data: { a: 1 }, errors: undefined, extensions: { cost: 3 } });
    expect(meta).toMatchObject({
      request: { kind: 'query', query: '{ a }' },
      attempts: 2,
      generation: 2,
      timings: { calledAt: 1_000_000, sentAt: 1_000_260, answeredAt: 1_000_280 },
    });
  });

  test('beyond maxInFlight wait their turn, in order; a subscription does not wait for it', async () => {
    const { session, connection, settle } = await readySession({ maxInFlight: 2 });
    for (const query of ['{ a }', '{ b }', '{ c }', '{ d }']) void session.execute(query);
    session.subscribe('subscription { s }');
    expect(connection.queries).toEqual(['{ a }', '{ b }', 'subscription { s }']);
    connection.requests[1]?.data({});
    await settle();
    expect(connection.queries.slice(3)).toEqual(['{ c }']);
    connection.requests[0]?.data({});
    expect(connection.queries.slice(4)).toEqual(['{ d }']);
  });

  test('beyond maxWaiting are refused at once with a QueueFullError', async () => {
    const { session } = makeSession({ maxWaiting: 2 });
    const waiting = [session.execute('{ a }'), session.execute('{ b }')].map(watch);
    const refused = await rejection(session.execute('query More { c }'), QueueFullError);
    expect(refused).toMatchObject({ code: 'queue-full', delivery: 'not-sent', retryable: true });
    expect(refused.message).toContain('Query "More" was not accepted: 2 operations wait');
    await rejection(session.subscribe('subscription { s }').next(), QueueFullError);
    expect(waiting.map(({ status }) => status)).toEqual(['pending', 'pending']);
    expect(session.operations).toBe(2);
  });

  test('nothing more is sent while bytes pile up, and everything when they have gone', async () => {
    const { session, connection } = await readySession();
    connection.backlog('high');
    for (const query of ['{ a }', '{ b }']) void session.execute(query);
    expect(connection.requests).toEqual([]);
    connection.backlog('low');
    expect(connection.queries).toEqual(['{ a }', '{ b }']);
  });

  test('a backlog of the old connection holds nothing back on the new one', async () => {
    const { session, connection, accept, settle } = await readySession();
    connection.backlog('high');
    void session.execute('{ a }');
    connection.lose();
    await settle();
    expect((await accept()).queries).toEqual(['{ a }']);
  });
});

describe('a query whose connection is lost', () => {
  test('is sent five times in all, then fails with the original failure', async () => {
    const { session, accept, settle } = makeSession({ deadlineMs: 600_000 });
    const call = watch(session.execute('query Slow { a }'));
    for (let send = 1; send <= 5; send++) {
      const connection = await accept();
      expect(connection.requests).toHaveLength(1);
      connection.lose(closedWith(1012, `restart ${send}`));
      await settle();
    }
    expect(call.error).toBeInstanceOf(ConnectionLostError);
    expect(call.error).toMatchObject({
      code: 'closed',
      attempts: 5,
      delivery: 'unknown',
      retryable: true,
      closeCode: 1012,
      failure: { closeReason: 'restart 5' },
    });
    expect(session.operations).toBe(0);
  });

  test('that was not sent used up no attempt', async () => {
    const { session, accept, settle } = makeSession({
      deadlineMs: Number.POSITIVE_INFINITY,
      connection: { sendsAtOnce: false },
    });
    const call = watch(session.execute('{ a }'));
    for (let send = 0; send < 8; send++) {
      (await accept()).lose();
      await settle();
    }
    const connection = await accept();
    connection.latest.sending();
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
  });

  test('comes back before those that were made later', async () => {
    const { session, connection, accept, settle } = await readySession();
    for (const query of ['{ a }', '{ b }']) void session.execute(query);
    connection.lose();
    await settle();
    void session.execute('{ c }');
    expect((await accept()).queries).toEqual(['{ a }', '{ b }', '{ c }']);
  });

  test('is sent once where retry.execute is false, for the session or for the call', async () => {
    const { session, connection, settle } = await readySession({ retry: { execute: false } });
    const strict = watch(session.execute('{ a }'));
    const patient = watch(session.execute('{ b }', {}, { retry: { attempts: 3 } }));
    connection.lose();
    await settle();
    expect(strict.error).toMatchObject({ name: 'ConnectionLostError', attempts: 1 });
    expect(patient.status).toBe('pending');
  });

  test('fails at once where its own verdict says so', async () => {
    const { session, connection, settle } = await readySession({
      retry: { execute: { verdict: ({ closeCode }) => (closeCode === 1012 ? 'fail' : undefined) } },
    });
    const call = watch(session.execute('{ a }'));
    connection.lose(closedWith(1012));
    await settle();
    expect(call.error).toMatchObject({ name: 'ConnectionLostError', attempts: 1, closeCode: 1012 });
  });

  test('rests for its own delay before it is sent again', async () => {
    const { session, connection, clock, accept, settle } = await readySession({
      retry: { execute: { delayMs: () => 3_000 } },
    });
    const call = watch(session.execute('{ a }'));
    connection.lose();
    await settle();
    const next = await accept();
    expect(next.requests).toEqual([]);
    await clock.advance(2_749);
    expect(next.requests).toEqual([]);
    await clock.advance(1);
    next.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
  });

  test('that fails on its own, as a request of a pool, is sent again after a pause: no reconnect keeps its sends apart', async () => {
    const { session, connection, clock, settle } = await readySession();
    const call = watch(session.execute('{ a }'));
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'reset' });
    await clock.advance(249);
    expect(connection.requests).toHaveLength(1);
    await clock.advance(1);
    expect(connection.requests).toHaveLength(2);
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
  });
});

test('a call that goes on failing alone pauses longer each time, also where it provably was not sent', async () => {
  const { session, connection, clock } = await readySession();
  void watch(session.execute('{ a }'));
  for (const pauseMs of [250, 500, 1_000]) {
    const before = connection.requests.length;
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'refused', delivery: 'not-sent' });
    await clock.advance(pauseMs - 1);
    expect(connection.requests).toHaveLength(before);
    await clock.advance(1);
    expect(connection.requests).toHaveLength(before + 1);
  }
});

describe('a query that is answered with a temporary failure', () => {
  test('rests as long as the server asks, then is sent again', async () => {
    const { session, connection, clock, settle } = await readySession();
    const call = watch(session.execute('{ a }'));
    connection.latest.fail({ ...httpStatus(503, 4_000), delivery: 'answered' });
    await clock.advance(3_999);
    expect(connection.requests).toHaveLength(1);
    await clock.advance(1);
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
  });

  test('leaves its place in flight to the next one while it rests', async () => {
    const { session, connection, settle } = await readySession({ maxInFlight: 1 });
    void session.execute('{ a }').catch(() => {});
    void session.execute('{ b }').catch(() => {});
    connection.latest.fail({ ...httpStatus(503), delivery: 'answered' });
    await settle();
    expect(connection.queries).toEqual(['{ a }', '{ b }']);
  });

  test('fails with the answer when its attempts are used up', async () => {
    const { session, connection, clock } = await readySession({ retry: { execute: { attempts: 2 } } });
    const call = watch(session.execute('{ a }'));
    connection.latest.fail({ ...httpStatus(503), delivery: 'answered' });
    await clock.advance(500);
    connection.latest.fail({ ...httpStatus(503), delivery: 'answered' });
    await clock.advance(0);
    expect(call.error).toMatchObject({ name: 'ServerError', status: 503, attempts: 2, delivery: 'answered' });
  });
});
