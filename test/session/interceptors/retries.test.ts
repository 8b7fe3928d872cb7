// The session's own retries, with interceptors in between: those of attempts see every send, those of calls one call.

import { describe, expect, test } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { mapRequest } from '../../../src/session/map-request.js';
import { closedWith } from '../support/failures.js';
import { makeSession, readySession, watch } from '../support/harness.js';
import { changing, KeepsRequests, recording } from './support.js';

const honours = { idempotencyWindowMs: 60_000 };

describe('a query that is lost with its connection', () => {
  test('passes the interceptors of attempts twice and those of calls once', async () => {
    const log: string[] = [];
    const { session, connection, accept, settle } = await readySession({
      interceptors: { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] },
    });
    const call = watch(session.result('{ a }'));
    connection.lose();
    (await accept()).latest.data({ a: 1 });
    await settle();
    expect(call.value).toMatchObject({ data: { a: 1 }, meta: { attempts: 2, generation: 2 } });
    expect(log.filter((line) => line !== 'call: sending')).toEqual([
      'call: start query',
      'attempt: start query',
      'attempt: sending',
      'attempt: error closed',
      'attempt: start query',
      'attempt: sending',
      'attempt: next {"a":1}',
      'call: next {"a":1}',
      'call: complete',
      'attempt: complete',
    ]);
  });

  test('while an interceptor of attempts keeps it waits for the next one, and counts as no attempt', async () => {
    const keeps = new KeepsRequests();
    const log: string[] = [];
    const { session, connection, accept, settle } = await readySession({
      interceptors: { attempt: [recording(log), keeps.interceptor] },
    });
    const call = watch(session.result('mutation { pay }'));
    connection.lose();
    const next = await accept();
    keeps.kept[0]?.pass();
    expect([connection.requests.length, next.requests.length]).toEqual([0, 0]);
    keeps.latest.pass();
    next.latest.data({ pay: true });
    await settle();
    expect(call.value).toMatchObject({ data: { pay: true }, meta: { attempts: 1 } });
    expect(log).toEqual([
      'seen: start mutation',
      'seen: cancel',
      'seen: start mutation',
      'seen: sending',
      'seen: next {"pay":true}',
      'seen: complete',
    ]);
  });

  test('is told to its interceptors once, whatever still comes from the old connection', async () => {
    const log: string[] = [];
    const { session, connection, accept } = await readySession({ interceptors: { attempt: [recording(log)] } });
    watch(session.execute('{ a }'));
    const old = connection.latest;
    connection.lose();
    await accept();
    const before = [...log];
    old.data({ a: 'late' });
    old.fail(closedWith(1006));
    old.complete();
    expect(log).toEqual(before);
  });

  test('cannot be answered by the interceptors that are told of the loss', async () => {
    const answering = changing({
      sink: (sink) => ({
        error: () => {
          sink.next({ data: { a: 'invented' } }, 0);
          sink.complete();
        },
      }),
    });
    const { session, connection, accept, settle } = await readySession({ interceptors: { attempt: [answering] } });
    const call = watch(session.execute('{ a }'));
    connection.lose();
    (await accept()).latest.data({ a: 'true' });
    await settle();
    expect(call.value).toEqual({ a: 'true' });
  });
});

describe('an idempotency key', () => {
  test('is in the request that interceptors of attempts are given, and is not in that of calls', async () => {
    const [calls, attempts] = [new KeepsRequests(), new KeepsRequests()];
    const { session, connection } = await readySession({
      connection: honours,
      interceptors: { call: [calls.interceptor], attempt: [attempts.interceptor] },
    });
    watch(session.execute('mutation { pay }'));
    expect(calls.latest.request.extensions).toBeUndefined();
    calls.latest.pass();
    const key = attempts.latest.request.extensions?.value.idempotencyKey;
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    attempts.latest.pass();
    expect(connection.latest.idempotencyKey).toBe(key);
  });

  test.each([
    ['drops all extensions', mapRequest((request) => ({ ...request, extensions: undefined }))],
    [
      'writes extensions of its own',
      mapRequest((request) => ({ ...request, extensions: JsonText.of({ signature: 's' }) })),
    ],
    [
      'writes a key of its own',
      mapRequest((request) => ({ ...request, extensions: JsonText.of({ idempotencyKey: 'mine' }) })),
    ],
  ])('stays on the wire where an interceptor of attempts %s: the session counts on it', async (_name, interceptor) => {
    const { session, connection, accept } = await readySession({
      connection: honours,
      interceptors: { attempt: [interceptor] },
    });
    watch(session.execute('mutation { pay }', undefined, { idempotencyKey: 'order-7' }));
    expect(connection.latest.idempotencyKey).toBe('order-7');
    connection.lose();
    expect((await accept()).latest.idempotencyKey).toBe('order-7');
  });

  test('that an interceptor of calls puts into the extensions promises nothing to the session', async () => {
    const keyed = mapRequest((request) => ({ ...request, extensions: JsonText.of({ idempotencyKey: 'mine' }) }));
    const { session, connection, settle, accept } = await readySession({ interceptors: { call: [keyed] } });
    const call = watch(session.execute('mutation { pay }'));
    expect(connection.latest.idempotencyKey).toBe('mine');
    connection.lose();
    await settle();
    expect(call.error).toBeInstanceOf(OutcomeUnknownError);
    expect((await accept()).requests).toHaveLength(0);
  });
});

describe('suspects, with interceptors of attempts that take their time', () => {
  async function suspects() {
    const keeps = new KeepsRequests();
    const harness = await readySession({ interceptors: { attempt: [keeps.interceptor] } });
    const { session, connection, accept, settle } = harness;
    const innocent = watch(session.execute('query Innocent { a }'));
    const poison = watch(session.execute('query Poison { a }'));
    for (const kept of keeps.kept) kept.pass();
    connection.lose(closedWith(1007));
    await settle();
    const second = await accept();
    return { ...harness, keeps, poison, innocent, second };
  }

  test('are sent one at a time: the next one not before the peer has answered for the first', async () => {
    const { keeps, innocent, poison, second, settle } = await suspects();
    expect(keeps.kept).toHaveLength(3);
    expect(second.requests).toHaveLength(0);
    keeps.latest.pass();
    expect(second.queries).toEqual(['query Poison { a }']);
    await settle();
    // The ping goes out right behind it, and not before.
    expect(second.pings).toHaveLength(1);
    second.latest.data({ a: 1 });
    await settle();
    keeps.latest.pass();
    second.latest.data({ a: 2 });
    await settle();
    expect([poison.value, innocent.value]).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('are not convicted for what happens before they are sent', async () => {
    const { keeps, poison, second, accept, settle } = await suspects();
    second.lose(closedWith(1007));
    await settle();
    expect(poison.status).toBe('pending');
    const third = await accept();
    keeps.latest.pass();
    third.latest.data({ a: 1 });
    await settle();
    expect(poison.value).toEqual({ a: 1 });
  });

  test('are convicted when the connection ends again with them alone on it', async () => {
    const { keeps, innocent, poison, second, accept, settle } = await suspects();
    keeps.latest.pass();
    second.lose(closedWith(1007));
    await settle();
    expect(poison.error).toMatchObject({ name: 'OperationRejectedError' });
    const third = await accept();
    keeps.latest.pass();
    third.latest.data({ a: 1 });
    await settle();
    expect(innocent.value).toEqual({ a: 1 });
    expect(third.queries).toEqual(['query Innocent { a }']);
  });

  test('are convicted although an interceptor keeps "sending" to itself', async () => {
    const { session, connection, accept, settle } = await readySession({
      interceptors: { attempt: [changing({ sink: () => ({ sending: () => {} }) })] },
    });
    const poison = watch(session.execute('query Poison { a }'));
    connection.lose(closedWith(1007));
    await settle();
    (await accept()).lose(closedWith(1007));
    await settle();
    expect(poison.error).toMatchObject({ name: 'OperationRejectedError' });
  });

  test('do not hold everybody else up for ever where an interceptor never passes them on', async () => {
    const { keeps, second, clock } = await suspects();
    expect(keeps.latest.request.operationName).toBe('Poison');
    await clock.advance(16_000);
    second.pong();
    await clock.advance(8_000);
    expect(keeps.kept).toHaveLength(3);
    await clock.advance(1_000);
    expect(keeps.latest.request.operationName).toBe('Innocent');
  });
});

test('Calls that were made before the first connection pass the interceptors of attempts when there is one', async () => {
  const log: string[] = [];
  const { session, accept, settle } = makeSession({
    interceptors: { call: [recording(log, 'call')], attempt: [recording(log, 'attempt')] },
  });
  watch(session.execute('{ a }'));
  await settle();
  expect(log).toEqual(['call: start query']);
  await accept();
  expect(log).toContain('attempt: sending');
});
