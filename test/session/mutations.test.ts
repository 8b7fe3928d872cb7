// Mutations: never repeated by accident. What was sent once is sent again only under a key that its server honours.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../src/session/errors/connect-error.js';
import { OutcomeUnknownError } from '../../src/session/errors/outcome-unknown-error.js';
import { closedWith, httpStatus } from './support/failures.js';
import { makeSession, readySession, watch } from './support/harness.js';

describe('a mutation whose connection is lost', () => {
  test('after it was sent has an unknown outcome, and is never sent again', async () => {
    const { session, connection, accept, settle } = await readySession();
    const call = watch(session.execute('mutation Pay { pay }'));
    connection.lose(closedWith(1012, 'restart'));
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect(call.error).toMatchObject({
      code: 'outcome-unknown',
      delivery: 'unknown',
      retryable: false,
      attempts: 1,
      closeCode: 1012,
      failure: { closeReason: 'restart' },
    });
    expect((await accept()).requests).toEqual([]);
  });

  test('is not sent again by a retry rule either, whatever it says', async () => {
    const { session, connection, accept, settle } = await readySession({
      retry: { execute: { attempts: 100, verdict: () => 'retry' } },
    });
    const call = watch(session.execute('mutation { pay }'));
    connection.lose();
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect((await accept()).requests).toEqual([]);
  });

  test('before it was sent waits, and is sent once', async () => {
    const { session, accept, settle } = makeSession({ connection: { sendsAtOnce: false } });
    const call = watch(session.execute('mutation { pay }'));
    (await accept()).lose();
    await settle();
    const connection = await accept();
    expect(connection.requests).toHaveLength(1);
    connection.latest.sending();
    connection.latest.data({ pay: true });
    await settle();
    expect(call.value).toEqual({ pay: true });
  });

  test('with proof that it was not sent after all waits, and is sent again', async () => {
    const { session, connection, clock, settle } = await readySession();
    const call = watch(session.result('mutation { pay }'));
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'stream refused', delivery: 'not-sent' });
    await clock.advance(250);
    expect(connection.requests).toHaveLength(2);
    connection.latest.data({ pay: true });
    await settle();
    expect(call.value?.meta.attempts).toBe(1);
  });

  test('that waits after an unknown outcome, when the session gives up, is still unknown and no mere connect error', async () => {
    const { session, connection, accept, refuse, settle } = await readySession({
      connection: { idempotencyWindowMs: 60_000 },
      retry: { connect: { attempts: 1 } },
    });
    await settle();
    const sent = watch(session.execute('mutation { sent }'));
    connection.lose();
    await settle();
    // The only attempt was used: the session has given up.
    expect(session.state.status).toBe('failed');
    expect(sent.error).toBeInstanceOf(OutcomeUnknownError);
    expect(sent.error).toMatchObject({ delivery: 'unknown', attempts: 1 });
    session.reconnect();
    const unsent = watch(session.execute('mutation { unsent }'));
    await refuse(httpStatus(404));
    expect(unsent.error).toBeInstanceOf(ConnectError);
    expect(unsent.error).toMatchObject({ delivery: 'not-sent' });
    session.reconnect();
    await accept();
  });
});

describe('an idempotency key', () => {
  const honours = { idempotencyWindowMs: 60_000 };

  test('is made for every mutation where the server honours keys: 32 hexadecimal digits, none twice', async () => {
    const { session, connection } = await readySession({ connection: honours });
    for (let n = 0; n < 20; n++) void session.execute('mutation { pay }', {}, { extensions: { trace: 't' } });
    const keys = connection.requests.map(({ idempotencyKey }) => idempotencyKey);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(20);
    expect(connection.latest.request.extensions?.value).toMatchObject({ trace: 't' });
  });

  test('is not made for queries and subscriptions, nor where the server does not honour keys', async () => {
    const honouring = await readySession({ connection: honours });
    void honouring.session.execute('{ a }');
    honouring.session.subscribe('subscription { s }');
    expect(honouring.connection.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([undefined, undefined]);
    const other = await readySession();
    void other.session.execute('mutation { pay }');
    expect(other.connection.latest.request.extensions).toBeUndefined();
  });

  test('lets the mutation be sent again after a loss, under the same key', async () => {
    const { session, connection, accept, settle } = await readySession({ connection: honours });
    const call = watch(session.result('mutation { pay }'));
    const key = connection.latest.idempotencyKey;
    connection.lose();
    await settle();
    expect(call.status).toBe('pending');
    const next = await accept();
    expect(next.latest.idempotencyKey).toBe(key);
    next.latest.data({ pay: true });
    await settle();
    expect(call.value).toMatchObject({ data: { pay: true }, meta: { attempts: 2, generation: 2 } });
  });

  test('that the caller gave is sent as it is, and works the same way', async () => {
    const { session, connection, accept, settle } = await readySession({ connection: honours });
    void session.execute('mutation { pay }', {}, { idempotencyKey: 'order-7' });
    connection.lose();
    await settle();
    const next = await accept();
    expect([connection.latest.idempotencyKey, next.latest.idempotencyKey]).toEqual(['order-7', 'order-7']);
  });

  test('that the caller gave is sent to a server that promised nothing, but then allows no second send', async () => {
    const { session, connection, accept, settle } = await readySession();
    const call = watch(session.execute('mutation { pay }', {}, { idempotencyKey: 'order-7' }));
    expect(connection.latest.idempotencyKey).toBe('order-7');
    connection.lose();
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect((await accept(honours)).requests).toEqual([]);
  });

  test.each([
    'IDEMPOTENCY_OUTCOME_UNKNOWN',
    'IDEMPOTENCY_KEY_REUSED',
    'IDEMPOTENCY_STILL_RUNNING',
    'IDEMPOTENCY_UNAVAILABLE',
  ])('that the server cannot answer for, %s, leaves the outcome of an earlier send unknown', async (code) => {
    const { session, connection, accept, settle } = await readySession({ connection: honours });
    const first = watch(session.result('mutation { pay }'));
    const errors = [{ message: 'about the key', extensions: { code } }];
    connection.latest.errors(...errors);
    await settle();
    expect(first.value).toMatchObject({ errors });
    const second = watch(session.execute('mutation { pay }'));
    connection.lose();
    await settle();
    (await accept()).latest.errors(...errors);
    await settle();
    expect(second.error).toBeInstanceOf(OutcomeUnknownError);
    expect(second.error).toMatchObject({ delivery: 'unknown', attempts: 2 });
  });

  test('is of use only where the memory is that has it', async () => {
    const named = (idempotencyStore: string) => ({ ...honours, idempotencyStore });
    const { session, connection, accept, settle } = await readySession({ connection: named('a') });
    const call = watch(session.execute('mutation { pay }'));
    connection.lose();
    await settle();
    const other = await accept(named('b'));
    expect(other.requests).toEqual([]);
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
  });

  test('that would go to a server that does not honour keys ends as unknown instead', async () => {
    const { session, connection, accept, settle } = await readySession({ connection: honours });
    const call = watch(session.execute('mutation { pay }'));
    connection.lose(closedWith(1012));
    await settle();
    const other = await accept({ idempotencyWindowMs: 0 });
    expect(other.requests).toEqual([]);
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect(call.error).toMatchObject({ attempts: 1, delivery: 'unknown', closeCode: 1012 });
  });

  test('protects only inside the window of its server, counted from the first send', async () => {
    const { session, connection, clock, accept, settle } = await readySession({
      connection: { idempotencyWindowMs: 1_000 },
      deadlineMs: 60_000,
    });
    const call = watch(session.execute('mutation { pay }'));
    await clock.advance(700);
    connection.lose();
    await settle();
    const second = await accept();
    expect(second.requests).toHaveLength(1);
    await clock.advance(100);
    second.lose();
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect(call.error).toMatchObject({ attempts: 2 });
  });

  test('protects nothing on the way to a server without keys, even if a send between was provably not made', async () => {
    const { session, connection, accept, settle } = await readySession({ connection: honours });
    const call = watch(session.execute('mutation { pay }'));
    connection.lose();
    await settle();
    const second = await accept();
    // It comes back to wait, and cannot be sent on this connection any more.
    second.backlog('high');
    second.latest.fail({ code: 'network', phase: 'operation', message: 'stream refused', delivery: 'not-sent' });
    await settle();
    expect([call.status, second.requests.length]).toEqual(['pending', 1]);
    second.lose();
    await settle();
    expect((await accept({ idempotencyWindowMs: 0 })).requests).toEqual([]);
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
  });

  test('whose window ends while the mutation waits ends as unknown when a connection comes', async () => {
    const { session, connection, clock, accept, settle } = await readySession({
      connection: { idempotencyWindowMs: 1_000 },
      deadlineMs: 60_000,
    });
    const call = watch(session.execute('mutation { pay }'));
    await clock.advance(900);
    connection.lose();
    await settle();
    expect(call.status).toBe('pending');
    await clock.advance(250);
    const next = await accept();
    expect(next.requests).toEqual([]);
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
  });

  test('lets it be sent five times in all, then it is unknown', async () => {
    const { session, accept, settle } = makeSession({ connection: honours, deadlineMs: 600_000 });
    const call = watch(session.execute('mutation { pay }'));
    for (let send = 1; send <= 5; send++) {
      const connection = await accept();
      expect(connection.requests).toHaveLength(1);
      connection.lose();
      await settle();
    }
    expect(call.error).toMatchObject({ name: 'OutcomeUnknownError', attempts: 5 });
  });

  test('does nothing against retry.execute: false', async () => {
    const { session, connection, settle } = await readySession({ connection: honours, retry: { execute: false } });
    const call = watch(session.execute('mutation { pay }'));
    connection.lose();
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
  });
});

describe('a mutation that is answered with HTTP 503 and no result', () => {
  test('fails as answered, and is not sent again', async () => {
    const { session, connection, clock } = await readySession();
    const call = watch(session.execute('mutation { pay }'));
    connection.latest.fail({ ...httpStatus(503), delivery: 'answered' });
    await clock.advance(60_000);
    expect(call.error).toMatchObject({ name: 'ServerError', status: 503, delivery: 'answered' });
    expect(connection.requests).toHaveLength(1);
  });

  test('is sent again where its rule says so: the server has answered it', async () => {
    const { session, connection, clock, settle } = await readySession();
    const call = watch(
      session.execute(
        'mutation { pay }',
        {},
        { retry: { verdict: ({ status }) => (status === 429 ? 'retry' : undefined) } },
      ),
    );
    connection.latest.fail({ ...httpStatus(429, 3_000), delivery: 'answered' });
    await clock.advance(3_000);
    connection.latest.data({ pay: true });
    await settle();
    expect(call.value).toEqual({ pay: true });
  });
});
