// A session that has given up holds nothing: no timer of a deadline keeps its process alive, and what is asked of it after
// reconnect() has its deadlines again.

import { expect, test } from 'vitest';
import { mapRequest } from '../../../src/session/map-request.js';
import { httpStatus, refusedByNetwork } from '../support/failures.js';
import { makeSession, readySession, watch } from '../support/harness.js';

const once = { retry: { connect: false } } as const;

test('no timer is left when the calls that waited for the first connection have failed', async () => {
  const { session, clock, refuse } = makeSession();
  const waiting = [watch(session.execute('{ a }')), watch(session.execute('{ b }', {}, { deadlineMs: 5_000 }))];
  const events = watch(session.subscribe('subscription { s }').next());
  expect(clock.pending).toBe(1);
  await refuse(httpStatus(404));
  for (const { error } of [...waiting, events]) expect(error).toMatchObject({ name: 'ConnectError', status: 404 });
  expect([session.state.status, session.operations, clock.pending]).toEqual(['failed', 0, 0]);
});

test('no timer is left when a connection that may not be replaced is lost with calls on it', async () => {
  const { session, clock, connection, settle } = await readySession(once);
  const lost = [watch(session.execute('mutation { a }')), watch(session.execute('{ b }'))];
  await settle();
  connection.lose(refusedByNetwork);
  await settle();
  expect(lost.map(({ error }) => (error as Error).name)).toEqual(['OutcomeUnknownError', 'ConnectError']);
  expect([session.state.status, clock.pending]).toEqual(['failed', 0]);
});

test('no timer is left of calls that are refused afterwards, with interceptors or without', async () => {
  for (const call of [[], [mapRequest(async (request) => request)]]) {
    const { session, clock, refuse, settle } = makeSession({ interceptors: { call } });
    await refuse(httpStatus(404));
    const late = watch(session.execute('{ late }'));
    await settle();
    expect(late.error).toMatchObject({ name: 'ConnectError', delivery: 'not-sent' });
    expect([session.operations, clock.pending]).toEqual([0, 0]);
  }
});

test('a call that an interceptor still keeps has its deadline all the same, and leaves no timer after it', async () => {
  const { session, clock, refuse } = makeSession({ interceptors: { call: [mapRequest(() => new Promise(() => {}))] } });
  const kept = watch(session.execute('{ kept }', {}, { deadlineMs: 5_000 }));
  await refuse(httpStatus(404));
  expect([session.state.status, kept.status, clock.pending]).toEqual(['failed', 'pending', 1]);
  await clock.advance(5_000);
  expect(kept.error).toMatchObject({ name: 'DeadlineError', delivery: 'not-sent' });
  expect([session.operations, clock.pending]).toEqual([0, 0]);
});

test('after reconnect() calls have their deadlines again', async () => {
  const { session, clock, refuse } = makeSession();
  await refuse(httpStatus(404));
  session.reconnect();
  const call = watch(session.execute('{ a }', {}, { deadlineMs: 1_000 }));
  await clock.advance(999);
  expect(call.status).toBe('pending');
  await clock.advance(1);
  expect(call.error).toMatchObject({ name: 'DeadlineError', delivery: 'not-sent' });
});
