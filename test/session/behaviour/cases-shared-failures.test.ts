// One failure, many who wait: each gets an error of its own that says what happened to it, and nobody's handling of it can
// disturb another's.

import { describe, expect, test } from 'vitest';
import type { HoldfastError } from '../../../src/protocol/errors/holdfast-error.js';
import type { Session } from '../../../src/session/session.js';
import { holdsOperations, neverPongs, refusesUpgrade, VirtualClock } from '../../../src/testing/index.js';
import { open, openReady, serve } from './support/sessions.js';
import { dialects, startScripted } from './support/starting.js';
import { reached, rejection, turns } from './support/waiting.js';

/** What everybody gets; all of them must be rejected, each with an error of its own. */
async function errorsOf(promises: readonly Promise<unknown>[]): Promise<HoldfastError[]> {
  const errors = (await Promise.all(promises.map(rejection))) as HoldfastError[];
  expect(new Set(errors).size).toBe(promises.length);
  for (const error of errors) expect(error).toBeInstanceOf(Error);
  return errors;
}

/** Two of each: who waits for the session, and who has asked something of it. */
function everybody(session: Session): Promise<unknown>[] {
  return [1, 2].flatMap((n) => [
    session.ready(),
    session.execute(`query Q${n} { ok }`),
    session.execute(`mutation M${n} { ok }`),
    session.subscribe(`subscription S${n} { n }`).next(),
  ]);
}

describe.each(dialects)('over %s', (dialect) => {
  test('a session that gives up tells each of those who wait for it what that means for them', async () => {
    const server = await serve(dialect, { script: refusesUpgrade({ status: 404 }) });
    const session = open(server);
    const errors = await errorsOf(everybody(session));
    for (const error of errors)
      expect(error).toMatchObject({ name: 'ConnectError', delivery: 'not-sent', status: 404 });
    const titles = errors.map(({ message }) => message.split(' failed')[0]);
    expect(titles.slice(1, 4)).toEqual(['Query "Q1"', 'Mutation "M1"', 'Subscription "S1"']);
    for (const error of await errorsOf(everybody(session))) expect(error).toMatchObject({ name: 'ConnectError' });
  });

  test('a connection that is lost fails each operation on it with an error of its own', async () => {
    const held = holdsOperations();
    const server = await serve(dialect, { script: held });
    const session = await openReady(server, { retry: { execute: false, subscribe: false } });
    const operations = everybody(session).filter((_, n) => n % 4 !== 0);
    await server.received('start', { count: 6 });
    server.connections[0]?.drop();
    const names = (await errorsOf(operations)).map(({ name, delivery }) => `${name} ${delivery}`);
    const [query, mutation] = ['ConnectionLostError unknown', 'OutcomeUnknownError unknown'];
    expect(names).toEqual([query, mutation, query, query, mutation, query]);
  });

  test('a session that is closed rejects each call in flight when its grace ends', async () => {
    const server = await serve(dialect, { script: holdsOperations() });
    const session = await openReady(server);
    const calls = [1, 2, 3].map((n) => session.execute(`query Q${n} { ok }`));
    await server.received('start', { count: 3 });
    const errors = errorsOf(calls);
    await session.close({ graceMs: 1 });
    expect((await errors).map(({ name, delivery }) => `${name} ${delivery}`)).toEqual(
      calls.map(() => 'SessionClosedError unknown'),
    );
    for (const error of await errorsOf([...calls.map(() => session.execute('{ ok }')), session.ready()])) {
      expect(error).toMatchObject({ name: 'SessionClosedError', delivery: 'not-sent' });
    }
  });

  test('one signal that ends several operations is the cause of an error for each', async () => {
    const server = await serve(dialect, { script: holdsOperations() });
    const session = await openReady(server);
    const abort = new AbortController();
    const { signal } = abort;
    const calls = [
      session.execute('{ ok }', {}, { signal }),
      session.execute('mutation { ok }', {}, { signal }),
      session.subscribe('subscription { n }', {}, { signal }).next(),
    ];
    await server.received('start', { count: 3 });
    const reason = new Error('enough');
    const errors = errorsOf(calls);
    abort.abort(reason);
    for (const error of await errors) expect(error).toMatchObject({ name: 'CancelledError', cause: reason });
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });
});

test('everybody who waits until a deadline of their own gets the last failure in an error of their own', async () => {
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted({ script: refusesUpgrade({ status: 503, headers: { 'Retry-After': '60' } }) });
  const session = open(server, { clock });
  const waits = [2_000, 1_000, 2_000].map((deadlineMs) => session.ready({ deadlineMs }));
  const calls = [2_000, 1_000].map((deadlineMs) => session.execute('{ ok }', {}, { deadlineMs }));
  const errors = errorsOf([...waits, ...calls]);
  await reached(session, 'waiting');
  await clock.advance(2_000);
  expect((await errors).map(({ name, message }) => `${name}: ${/\d+ ms/.exec(message)?.[0]}`)).toEqual([
    'ConnectError: 2000 ms',
    'ConnectError: 1000 ms',
    'ConnectError: 2000 ms',
    'DeadlineError: 2000 ms',
    'DeadlineError: 1000 ms',
  ]);
  for (const error of await errors) expect(error).toMatchObject({ status: 503, delivery: 'not-sent' });
});

test('pings that are out when the connection ends fail each for itself', async () => {
  const server = await startScripted({ script: neverPongs() });
  const session = await openReady(server);
  const pings = [session.ping({ n: 1 }), session.ping({ n: 2 })];
  await server.received('ping', { count: 2 });
  const errors = errorsOf(pings);
  server.connections[0]?.drop();
  for (const error of await errors) expect(error).toMatchObject({ name: 'ConnectError', retryable: true });
});

test('the consumer of a subscription gets its failure once, however many reads wait', async () => {
  const server = await startScripted();
  const session = await openReady(server);
  const subscription = session.subscribe('subscription { n }');
  await server.received('start');
  const [first, second, third] = [subscription.next(), subscription.next(), subscription.next()] as const;
  const failed = rejection(first);
  server.subscriptions[0]?.error([{ message: 'gone' }]);
  expect(await failed).toMatchObject({ name: 'GraphQLResultError' });
  expect(await Promise.all([second, third, subscription.next()])).toEqual(
    [1, 2, 3].map(() => ({ done: true, value: undefined })),
  );
});

test('a document that cannot be understood is refused at once while there is no connection, and costs no attempt', async () => {
  const server = await startScripted({ script: refusesUpgrade({ status: 503 }) });
  const session = open(server, { retry: { connect: { delayMs: () => 3_600_000 } } });
  await reached(session, 'waiting');
  let settled = 0;
  const documents = ['query {', '{ a } }', '', 'query ($a: Int) { b(text: "open) }'];
  const calls = documents.map((text) => rejection(session.execute(text)).finally(() => (settled += 1)));
  await turns(1);
  expect(settled).toBe(documents.length);
  for (const error of await Promise.all(calls)) {
    expect(error).toMatchObject({ name: 'DocumentError', attempts: 0, delivery: 'not-sent', retryable: false });
  }
  expect([session.operations, server.upgrades]).toEqual([0, 1]);
});
