// Credentials that the server does not accept any more on a live connection: new ones are asked for, one question at a time,
// and what was refused is sent once more with them.

import { describe, expect, test } from 'vitest';
import type { CredentialsProvider, CredentialsReason } from '../../src/session/credentials.js';
import type { ConnectionNotice } from '../../src/session/notices.js';
import type { Credentials, Failure } from '../../src/transport/contract.js';
import { httpStatus, refusedByNetwork } from './support/failures.js';
import type { FakeRequest } from './support/fake-transport.js';
import { type HarnessOptions, makeSession, watch } from './support/harness.js';
import { makeLanes } from './support/lanes.js';

type Why = Parameters<CredentialsProvider>[0];

/** A provider that is answered by hand, once the session is open. */
class Vault {
  readonly asked: CredentialsReason[] = [];
  readonly signals: AbortSignal[] = [];
  #answer: ((credentials: Credentials) => void) | undefined;
  #refuse: ((error: Error) => void) | undefined;

  readonly provider: CredentialsProvider = ({ signal, ...why }: Why) => {
    this.asked.push(why);
    this.signals.push(signal);
    if (why.reason === 'open') return tokens('t1');
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#refuse = reject;
    });
  };

  get questions(): string[] {
    return this.asked.map(({ reason }) => reason);
  }

  give(token: string): void {
    this.#answer?.(tokens(token));
  }

  fail(): void {
    this.#refuse?.(new Error('vault sealed'));
  }
}

const tokens = (token: string): Credentials => ({ headers: { authorization: token } });
const tokensOf = (given: readonly Credentials[]) => given.map(({ headers }) => headers?.authorization);

/** An HTTP answer without a GraphQL body. */
function refuse(request: FakeRequest | undefined, status: number = 401, more: Partial<Failure> = {}): void {
  request?.fail({ ...httpStatus(status), delivery: 'answered', ...more });
}

async function overHttp(options: HarnessOptions = {}) {
  const vault = new Vault();
  const harness = makeSession({
    connection: { kind: 'pool', reauthenticate: true, ping: false },
    liveness: false,
    credentials: vault.provider,
    ...options,
  });
  const notices: ConnectionNotice[] = [];
  harness.session.on('connection', (notice) => notices.push(notice));
  return { ...harness, vault, notices, connection: await harness.accept() };
}

describe('an operation that is answered with HTTP 401', () => {
  test.each(['query', 'mutation'])('is sent once more with new credentials: a %s', async (kind) => {
    const { session, connection, vault, settle, notices } = await overHttp();
    const call = watch(session.result(`${kind} { a }`));
    refuse(connection.latest);
    await settle();
    expect([call.status, vault.questions, connection.requests.length]).toEqual(['pending', ['open', 'refused'], 1]);
    expect(vault.asked[1]).toMatchObject({ attempt: 1, failure: { code: 'http-status', status: 401 } });
    vault.give('t2');
    await settle();
    expect([tokensOf(connection.renewed), connection.requests.length]).toEqual([['t2'], 2]);
    expect(notices.filter(({ type }) => type === 'renewed')).toHaveLength(1);
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toMatchObject({ data: { a: 1 }, meta: { attempts: 2, status: undefined } });
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });

  test('subscriptions and streams are started again as well', async () => {
    const { session, connection, vault, settle } = await overHttp();
    session.subscribe('subscription { s }');
    session.stream('{ a }');
    for (const request of [...connection.requests]) refuse(request);
    vault.give('t2');
    await settle();
    vault.give('t2');
    await settle();
    expect(connection.queries).toEqual(['subscription { s }', '{ a }', 'subscription { s }', '{ a }']);
  });

  test('a subscription that had not begun starts without a gap, one that had begun tells it', async () => {
    const { session, connection, vault, settle, clock } = await overHttp();
    const subscription = session.subscribe('subscription { s }');
    refuse(connection.latest);
    vault.give('t2');
    await settle();
    connection.latest.data(1);
    expect((await subscription.next()).value).toMatchObject({ type: 'data', data: 1 });
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'reset' });
    await clock.advance(250);
    refuse(connection.latest);
    vault.give('t3');
    await settle();
    connection.latest.data(2);
    expect((await subscription.next()).value).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    expect((await subscription.next()).value).toMatchObject({ type: 'data', data: 2 });
  });

  test('fails with the second 401, and the provider is asked no more', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await settle();
    vault.give('t2');
    await settle();
    refuse(connection.latest, 401, { message: 'still not' });
    await settle();
    expect(call.error).toMatchObject({ name: 'ServerError', status: 401, attempts: 2, delivery: 'answered' });
    expect((call.error as Error).message).toContain('still not');
    expect([vault.questions, session.operations]).toEqual([['open', 'refused'], 0]);
  });

  test('fails at once where the credentials are an object: asking again would give the same', async () => {
    const { session, connection, settle } = await overHttp({ credentials: tokens('t1') });
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await settle();
    expect(call.error).toMatchObject({ name: 'ServerError', status: 401, attempts: 1 });
    expect([connection.requests.length, connection.renewed]).toEqual([1, []]);
  });

  test('fails at once where the connection takes no new credentials', async () => {
    const { session, connection, vault, settle } = await overHttp({ connection: { reauthenticate: false } });
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await settle();
    expect([call.status, vault.questions]).toEqual(['rejected', ['open']]);
  });

  test('fails as it was answered when the provider throws, and the session says that renewing failed', async () => {
    const { session, connection, vault, settle, notices } = await overHttp();
    const call = watch(session.execute('mutation Pay { pay }'));
    refuse(connection.latest, 401, { message: 'token expired' });
    await settle();
    vault.fail();
    await settle();
    expect(call.error).toMatchObject({ name: 'ServerError', status: 401, delivery: 'answered', attempts: 1 });
    expect((call.error as Error).message).toContain('token expired');
    expect(notices.at(-1)).toMatchObject({ type: 'renewal-failed', failure: { code: 'credentials' } });
    expect([session.state.status, connection.renewed]).toEqual(['ready', []]);
  });

  test('fails as it was answered when the provider takes longer than 10 s', async () => {
    const { session, connection, vault, clock } = await overHttp();
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await clock.advance(9_999);
    expect([call.status, vault.signals.at(-1)?.aborted]).toEqual(['pending', false]);
    await clock.advance(1);
    expect(call.error).toMatchObject({ name: 'ServerError', status: 401 });
    expect(vault.signals.at(-1)?.aborted).toBe(true);
    vault.give('t2');
    await clock.advance(0);
    expect(connection.renewed).toEqual([]);
  });

  test('asks again the next time: one failure of the provider is not for ever', async () => {
    const { session, connection, vault, settle } = await overHttp();
    void session.execute('{ a }').catch(() => {});
    refuse(connection.latest);
    await settle();
    vault.fail();
    await settle();
    void session.execute('{ b }');
    refuse(connection.latest);
    await settle();
    vault.give('t2');
    await settle();
    expect([vault.questions, connection.queries]).toEqual([
      ['open', 'refused', 'refused'],
      ['{ a }', '{ b }', '{ b }'],
    ]);
  });

  test('leaves its place in flight to others while it waits', async () => {
    const { session, connection, vault, settle } = await overHttp({ maxInFlight: 1 });
    void session.execute('{ a }');
    void session.execute('{ b }');
    refuse(connection.latest);
    await settle();
    expect(connection.queries).toEqual(['{ a }', '{ b }']);
    connection.latest.data({});
    vault.give('t2');
    await settle();
    expect(connection.queries).toEqual(['{ a }', '{ b }', '{ a }']);
  });

  test('is not sent again where its rule allows one send, and the next call has new credentials all the same', async () => {
    const { session, connection, vault, settle } = await overHttp({ retry: { execute: false } });
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await settle();
    expect([call.error, connection.requests.length]).toMatchObject([{ name: 'ServerError', status: 401 }, 1]);
    vault.give('t2');
    await settle();
    expect([vault.questions, tokensOf(connection.renewed)]).toEqual([['open', 'refused'], ['t2']]);
  });

  test('keeps to its own rule where that has a verdict', async () => {
    const { session, connection, settle } = await overHttp({
      retry: { execute: { verdict: ({ status }) => (status === 401 ? 'fail' : undefined) } },
    });
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await settle();
    expect([call.status, connection.requests.length]).toEqual(['rejected', 1]);
  });
});

describe('an operation that is answered with HTTP 403', () => {
  test('is sent once more with new credentials when it is a query', async () => {
    const { session, connection, vault, settle } = await overHttp();
    void session.execute('{ a }');
    refuse(connection.latest, 403);
    await settle();
    vault.give('t2');
    await settle();
    expect([vault.questions, connection.requests.length]).toEqual([['open', 'refused'], 2]);
  });

  test('fails when it is a mutation: it may have been applied in part, and nobody is asked', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const call = watch(session.execute('mutation { a }'));
    refuse(connection.latest, 403);
    await settle();
    expect(call.error).toMatchObject({ name: 'ServerError', status: 403, delivery: 'answered' });
    expect(vault.questions).toEqual(['open']);
  });
});

describe('many operations that are refused', () => {
  test('ask one question, and are all sent once more in their order', async () => {
    const { session, connection, vault, settle } = await overHttp();
    for (const name of ['a', 'b', 'c']) void session.execute(`{ ${name} }`);
    for (const request of connection.requests.toReversed()) refuse(request);
    await settle();
    vault.give('t2');
    await settle();
    expect([vault.questions, tokensOf(connection.renewed)]).toEqual([['open', 'refused'], ['t2']]);
    expect(connection.queries.slice(3).toSorted()).toEqual(['{ a }', '{ b }', '{ c }']);
  });

  test('are just sent again where others were answered with new credentials since they were sent', async () => {
    const { session, connection, vault, clock, settle } = await overHttp();
    const late = watch(session.execute('{ late }'));
    void session.execute('{ early }');
    const [first, second] = connection.requests;
    await clock.advance(10);
    refuse(second);
    await settle();
    vault.give('t2');
    await clock.advance(10);
    refuse(first);
    await settle();
    expect([vault.questions, connection.queries.slice(2)]).toEqual([
      ['open', 'refused'],
      ['{ early }', '{ late }'],
    ]);
    // With the new credentials it was refused for the first time now.
    refuse(connection.latest);
    await settle();
    vault.give('t3');
    await settle();
    connection.latest.data({ done: true });
    await settle();
    expect([vault.questions, late.value]).toEqual([['open', 'refused', 'refused'], { done: true }]);
  });

  test('are just sent again where that happened in the millisecond in which they were sent', async () => {
    const { session, connection, vault, settle } = await overHttp();
    void session.execute('{ late }');
    void session.execute('{ early }');
    const [first, second] = connection.requests;
    refuse(second);
    await settle();
    vault.give('t2');
    await settle();
    refuse(first);
    await settle();
    expect([vault.questions, tokensOf(connection.renewed), connection.queries.slice(2)]).toEqual([
      ['open', 'refused'],
      ['t2'],
      ['{ early }', '{ late }'],
    ]);
  });

  test('with a provider that keeps one object and changes it are told apart all the same', async () => {
    const kept = { headers: { authorization: 't0' } };
    const questions: string[] = [];
    const { session, connection, settle } = await overHttp({
      credentials: ({ reason }) => {
        questions.push(reason);
        kept.headers = { authorization: `t${questions.length}` };
        return kept;
      },
    });
    void session.execute('{ late }');
    void session.execute('{ early }');
    const [first, second] = connection.requests;
    for (const request of [second, first]) {
      refuse(request);
      await settle();
    }
    expect([questions, tokensOf(connection.renewed)]).toEqual([['open', 'refused'], ['t2']]);
    expect(connection.queries.slice(2)).toEqual(['{ early }', '{ late }']);
  });

  test('of several lanes ask one question at a time, and each connection gets the answer', async () => {
    const vault = new Vault();
    const { session, calls, events, accept, settle } = makeLanes({
      connection: { kind: 'pool', reauthenticate: true, ping: false },
      liveness: false,
      credentials: vault.provider,
    });
    const call = await accept(calls);
    void session.execute('{ a }');
    session.subscribe('subscription { s }');
    const event = await accept(events);
    refuse(call.latest);
    refuse(event.latest);
    await settle();
    expect(vault.questions).toEqual(['open', 'open', 'refused']);
    vault.give('t2');
    await settle();
    expect([tokensOf(call.renewed), tokensOf(event.renewed)]).toEqual([['t2'], ['t2']]);
    expect([call.queries, event.queries]).toEqual([
      ['{ a }', '{ a }'],
      ['subscription { s }', 'subscription { s }'],
    ]);
  });

  test('of several lanes ask once, also where one is refused after another one was given new ones', async () => {
    const vault = new Vault();
    const { session, calls, events, accept, settle } = makeLanes({
      connection: { kind: 'pool', reauthenticate: true, ping: false },
      liveness: false,
      credentials: vault.provider,
    });
    const call = await accept(calls);
    void session.execute('{ a }');
    session.subscribe('subscription { s }');
    const event = await accept(events);
    refuse(call.latest);
    await settle();
    vault.give('t2');
    await settle();
    refuse(event.latest);
    await settle();
    expect(vault.questions).toEqual(['open', 'open', 'refused']);
    expect([tokensOf(call.renewed), tokensOf(event.renewed)]).toEqual([['t2'], ['t2']]);
    expect(event.queries).toEqual(['subscription { s }', 'subscription { s }']);
    // Those are not accepted there either: now it is asked again.
    refuse(event.latest);
    await settle();
    expect(vault.questions).toEqual(['open', 'open', 'refused', 'refused']);
  });
});

describe('a subscription', () => {
  test('that has lived since is worth new credentials again', async () => {
    const { session, connection, vault, clock, settle } = await overHttp();
    const subscription = watch(session.subscribe('subscription { s }').next());
    refuse(connection.latest);
    await settle();
    vault.give('t2');
    await settle();
    connection.latest.data(1);
    await clock.advance(3_600_000);
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'reset' });
    await clock.advance(1_000);
    refuse(connection.latest);
    await settle();
    vault.give('t3');
    await settle();
    expect(tokensOf(connection.renewed)).toEqual(['t2', 't3']);
    expect([connection.requests.length, subscription.status]).toEqual([4, 'resolved']);
  });

  test('is so too when it was parked in between', async () => {
    const { session, connection, vault, settle } = await overHttp({ buffer: { maxEvents: 2 } });
    const subscription = session.subscribe('subscription { s }');
    refuse(connection.latest);
    await settle();
    vault.give('t2');
    await settle();
    connection.latest.data(1);
    connection.latest.data(2);
    expect(connection.latest.cancelled).toBe(true);
    for (let taken = 0; taken < 3; taken++) await subscription.next();
    refuse(connection.latest);
    await settle();
    vault.give('t3');
    await settle();
    expect([tokensOf(connection.renewed), connection.requests.length]).toEqual([['t2', 't3'], 4]);
  });

  test('is so too when it had no event before its stream broke', async () => {
    const { session, connection, vault, clock, settle } = await overHttp();
    session.subscribe('subscription { s }');
    refuse(connection.latest);
    await settle();
    vault.give('t2');
    await clock.advance(3_600_000);
    connection.latest.fail({ code: 'network', phase: 'operation', message: 'reset' });
    await clock.advance(1_000);
    refuse(connection.latest);
    await settle();
    vault.give('t3');
    await settle();
    expect([tokensOf(connection.renewed), connection.requests.length]).toEqual([['t2', 't3'], 4]);
  });
});

describe('while new credentials are asked for', () => {
  test('a signal ends the call at once, and nothing is sent for it afterwards', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const abort = new AbortController();
    const call = watch(session.execute('{ a }', {}, { signal: abort.signal }));
    refuse(connection.latest);
    await settle();
    abort.abort();
    await settle();
    expect(call.error).toMatchObject({ name: 'CancelledError', delivery: 'answered' });
    vault.give('t2');
    await settle();
    expect([connection.requests.length, tokensOf(connection.renewed)]).toEqual([1, ['t2']]);
  });

  test('a call keeps its deadline', async () => {
    const { session, connection, vault, clock, settle } = await overHttp();
    const call = watch(session.execute('{ a }', {}, { deadlineMs: 1_000 }));
    refuse(connection.latest);
    await clock.advance(1_000);
    expect(call.error).toMatchObject({ name: 'DeadlineError', delivery: 'answered', status: 401 });
    vault.give('t2');
    await settle();
    expect(connection.requests).toHaveLength(1);
  });

  test('closing fails the call, tells the provider that nobody waits, and leaves nothing behind', async () => {
    const { session, connection, vault, clock, settle } = await overHttp();
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await settle();
    await session.close();
    expect(call.error).toMatchObject({ name: 'SessionClosedError', delivery: 'answered' });
    expect([vault.signals.at(-1)?.aborted, clock.pending]).toEqual([true, 0]);
    vault.give('t2');
    await settle();
    expect([connection.requests.length, connection.renewed]).toEqual([1, []]);
  });

  test('the loss of the connection does not matter: the call is sent on the next one', async () => {
    const { session, connection, vault, clock, accept, settle } = await overHttp();
    const call = watch(session.execute('{ a }'));
    refuse(connection.latest);
    await settle();
    connection.lose();
    await settle();
    vault.give('t2');
    await clock.advance(250);
    const next = await accept();
    expect([connection.renewed, next.queries]).toEqual([[], ['{ a }']]);
    // That one has credentials of its own, which have not been refused before.
    refuse(next.latest);
    await settle();
    vault.give('t3');
    await settle();
    next.latest.data({ a: 1 });
    await settle();
    expect([call.value, tokensOf(next.renewed)]).toEqual([{ a: 1 }, ['t3']]);
  });
});

describe('what was refused on a connection that is not in use any more', () => {
  test('is just sent again on the one that is: that was opened with credentials of its own', async () => {
    const { session, connection, vault, accept, settle } = await overHttp();
    await settle();
    void session.execute('{ a }');
    connection.goingAway(60_000);
    const next = await accept();
    refuse(connection.latest);
    await settle();
    expect([vault.questions, connection.requests.length, next.queries]).toEqual([['open', 'open'], 1, ['{ a }']]);
  });

  test('fails all the same where the credentials are an object', async () => {
    const { session, connection, accept, settle } = await overHttp({ credentials: tokens('t1') });
    const call = watch(session.execute('{ a }'));
    connection.goingAway(60_000);
    const next = await accept();
    refuse(connection.latest);
    await settle();
    expect([call.status, next.requests.length]).toEqual(['rejected', 0]);
  });
});

describe('HTTP 401 beside a GraphQL answer', () => {
  const head = { status: 401, headers: { 'www-authenticate': 'Bearer' } };

  const answer = { errors: [{ message: 'who are you?' }], extensions: { trace: 7 } };

  test.each(['query', 'mutation'])('without data is sent once more with new credentials: a %s', async (kind) => {
    const { session, connection, vault, settle } = await overHttp();
    const call = watch(session.result(`${kind} { a }`));
    connection.latest.next(answer, 10, head);
    await settle();
    expect([call.status, connection.requests.length]).toEqual(['pending', 1]);
    expect(vault.asked[1]).toMatchObject({ reason: 'refused', failure: { status: 401, headers: head.headers } });
    vault.give('t2');
    await settle();
    expect([tokensOf(connection.renewed), connection.requests.length]).toEqual([['t2'], 2]);
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toMatchObject({ data: { a: 1 }, meta: { attempts: 2, status: undefined } });
  });

  test('without data starts subscriptions and streams again as well, which had not begun', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const subscription = session.subscribe('subscription { s }');
    const stream = session.stream('{ a }');
    for (const request of [...connection.requests]) request.next(answer, 10, head);
    await settle();
    vault.give('t2');
    await settle();
    expect(connection.queries.slice(2)).toEqual(['subscription { s }', '{ a }']);
    connection.requests[2]?.data(1);
    connection.requests[3]?.data({ a: 1 });
    expect((await subscription.next()).value).toMatchObject({ type: 'data', data: 1 });
    expect((await stream.next()).value).toMatchObject({ data: { a: 1 } });
  });

  test('with data, also null, is final for its caller, and those who come next have new credentials', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const call = watch(session.result('mutation { a }'));
    connection.latest.next({ data: null, ...answer }, 10, head);
    await settle();
    expect(call.value).toMatchObject({ data: null, ...answer, meta: { status: 401, attempts: 1 } });
    vault.give('t2');
    await settle();
    expect([tokensOf(connection.renewed), connection.requests.length]).toEqual([['t2'], 1]);
  });

  test('is the answer when it comes a second time, and the provider is asked no more', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const call = watch(session.result('{ a }'));
    connection.latest.next(answer, 10, head);
    await settle();
    vault.give('t2');
    await settle();
    connection.latest.next(answer, 10, head);
    await settle();
    expect(call.value).toMatchObject({ ...answer, meta: { status: 401, attempts: 2 } });
    expect([vault.questions, connection.requests.length]).toEqual([['open', 'refused'], 2]);
  });

  test('is the answer at once where the credentials are an object', async () => {
    const { session, connection, settle } = await overHttp({ credentials: tokens('t1') });
    const call = watch(session.result('{ a }'));
    connection.latest.next(answer, 10, head);
    await settle();
    expect(call.value).toMatchObject({ ...answer, meta: { status: 401, attempts: 1 } });
    expect(connection.requests.length).toBe(1);
  });

  test('is the answer, as it came, where the provider fails; a subscription ends with it', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const call = watch(session.result('mutation { a }'));
    const event = watch(session.subscribe('subscription { s }').next());
    for (const request of [...connection.requests]) request.next(answer, 10, head);
    await settle();
    vault.fail();
    await settle();
    expect(call.value).toMatchObject({ ...answer, meta: { status: 401, attempts: 1 } });
    expect(event.error).toMatchObject({ name: 'GraphQLResultError', status: 401, errors: answer.errors });
    expect(session.operations).toBe(0);
  });

  test('asks one question for any number of answers, also where the provider fails', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const calls = ['{ a }', '{ b }'].map((query) => watch(session.result(query)));
    for (const request of connection.requests) request.next({ errors: [{ message: 'who?' }] }, 10, head);
    await settle();
    vault.fail();
    await settle();
    expect([vault.questions, calls.map(({ status }) => status)]).toEqual([
      ['open', 'refused'],
      ['resolved', 'resolved'],
    ]);
  });

  test('asks nobody while the session closes', async () => {
    const { session, connection, vault, settle } = await overHttp();
    const call = watch(session.result('{ a }'));
    const closed = session.close();
    connection.latest.next({ errors: [{ message: 'who are you?' }] }, 10, head);
    await closed;
    await settle();
    expect([call.status, vault.questions]).toEqual(['resolved', ['open']]);
  });
});

describe('a mutation that may have run already', () => {
  test('stays unknown when its next send is refused and there are no other credentials', async () => {
    const { session, connection, accept, vault, settle } = await overHttp({
      connection: { idempotencyWindowMs: 60_000, reauthenticate: true, ping: false },
    });
    const pay = watch(session.execute('mutation Pay { pay }'));
    connection.lose();
    await settle();
    refuse((await accept()).latest);
    await settle();
    vault.fail();
    await settle();
    expect(pay.error).toMatchObject({ name: 'OutcomeUnknownError', delivery: 'unknown', status: 401 });
  });

  test('stays so as well when that refusal comes as GraphQL errors without data', async () => {
    const { session, connection, accept, vault, settle } = await overHttp({
      connection: { idempotencyWindowMs: 60_000, reauthenticate: true, ping: false },
    });
    const pay = watch(session.execute('mutation Pay { pay }'));
    connection.lose();
    await settle();
    const next = await accept();
    next.latest.next({ errors: [{ message: 'who?' }] }, 10, { status: 401, headers: {} });
    await settle();
    vault.fail();
    await settle();
    expect(pay.error).toMatchObject({ name: 'OutcomeUnknownError', delivery: 'unknown', status: 401 });
  });

  test('is not sent to a server that remembers no keys, although a refusal came in between', async () => {
    const { session, connection, accept, vault, settle } = await overHttp({
      connection: { idempotencyWindowMs: 60_000, reauthenticate: true, ping: false },
    });
    const pay = watch(session.execute('mutation Pay { pay }'));
    connection.lose();
    await settle();
    const second = await accept();
    refuse(second.latest);
    await settle();
    second.lose(refusedByNetwork);
    await settle();
    vault.give('t2');
    const third = await accept({ idempotencyWindowMs: 0 });
    await settle();
    expect([third.requests.length, pay.error]).toMatchObject([0, { name: 'OutcomeUnknownError' }]);
  });
});
