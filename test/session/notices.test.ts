// What a session tells besides its state: its connections and operations, to listeners and on the diagnostics channels.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ConnectionNotice, OperationNotice } from '../../src/session/notices.js';
import type { Session } from '../../src/session/session.js';
import { closedWith, httpStatus, refusedByNetwork } from './support/failures.js';
import { makeSession, readySession, watch } from './support/harness.js';

afterEach(() => {
  vi.restoreAllMocks();
});

function operationsOf(session: Session): OperationNotice[] {
  const notices: OperationNotice[] = [];
  session.on('operation', (notice) => notices.push(notice));
  return notices;
}

function connectionsOf(session: Session): ConnectionNotice[] {
  const notices: ConnectionNotice[] = [];
  session.on('connection', (notice) => notices.push(notice));
  return notices;
}

describe('what happens to connections', () => {
  test('is told from the first attempt to the last end', async () => {
    const { session, refuse, accept, clock } = makeSession();
    const notices = connectionsOf(session);
    await refuse(refusedByNetwork);
    const connection = await accept();
    await clock.advance(15_000);
    connection.pong();
    connection.lose(closedWith(1012));
    await (await accept()).goingAway(500);
    await session.close();
    expect(notices.map(({ type, generation }) => `${type} ${generation}`)).toEqual([
      'open-failed 1',
      'opening 2',
      'opened 2',
      'pong 2',
      'ended 2',
      'opening 3',
      'opened 3',
      'going-away 3',
      'ended 3',
    ]);
    expect(notices[0]).toMatchObject({ failure: refusedByNetwork });
    expect(notices[2]).toMatchObject({ liveness: 'ping' });
    expect(notices[4]).toMatchObject({ failure: { closeCode: 1012 } });
    expect(notices[7]).toMatchObject({ withinMs: 500 });
  });
});

describe('what happens to operations', () => {
  test('a stream: started, sent, its parts, interrupted, sent again, ended', async () => {
    const { session, connection, accept, settle } = await readySession();
    const notices = operationsOf(session);
    const stream = session.stream('query Parts { a }');
    connection.latest.next({ data: { a: 1 }, hasNext: true }, 20);
    connection.lose();
    const next = await accept();
    next.latest.next({ data: { a: 1 }, hasNext: true }, 30);
    next.latest.next({ hasNext: false }, 10);
    await stream.next();
    await settle();
    const told = ['started', 'sending', 'event', 'interrupted', 'sending', 'event', 'event', 'ended'];
    expect(notices.map(({ type }) => type)).toEqual(told);
    expect(notices.flatMap((notice) => (notice.type === 'event' ? [notice.bytes] : []))).toEqual([20, 30, 10]);
    expect(notices[3]).toMatchObject({ reason: 'connection-lost', operation: { kind: 'query', name: 'Parts' } });
    expect(notices.at(-1)).toMatchObject({ error: undefined, sends: 2 });
  });

  test('a query: started, sent, interrupted, sent again, answered', async () => {
    const { session, connection, accept, settle } = await readySession();
    const notices = operationsOf(session);
    const call = session.execute('query Book { a }');
    connection.lose();
    (await accept()).latest.data({ a: 1 });
    await call;
    await settle();
    expect(notices.map(({ type }) => type)).toEqual(['started', 'sending', 'interrupted', 'sending', 'ended']);
    expect(notices[1]).toMatchObject({ operation: { number: 1, kind: 'query', name: 'Book' }, generation: 1, send: 1 });
    expect(notices[2]).toMatchObject({ reason: 'connection-lost', failure: { closeCode: 1006 } });
    expect(notices[3]).toMatchObject({ generation: 2, send: 2 });
    expect(notices[4]).toMatchObject({ error: undefined, sends: 2 });
  });

  test('a mutation whose outcome is unknown ends with that very error', async () => {
    const { session, connection, settle } = await readySession();
    const notices = operationsOf(session);
    const call = watch(session.execute('mutation { a }'));
    connection.lose();
    await settle();
    expect(notices.at(-1)).toMatchObject({ type: 'ended', error: call.error });
  });

  test('a subscription: its events, its parking, and its end when its consumer leaves', async () => {
    const { session, connection, settle } = await readySession({ buffer: { maxEvents: 1 } });
    const notices = operationsOf(session);
    const subscription = session.subscribe('subscription { s }');
    connection.latest.data(1, 42);
    await subscription.next();
    await subscription.return?.();
    await settle();
    expect(notices.map(({ type }) => type)).toEqual(['started', 'sending', 'event', 'interrupted', 'sending', 'ended']);
    expect(notices[2]).toMatchObject({ bytes: 42 });
    expect(notices[3]).toMatchObject({ reason: 'parked', failure: undefined });
    expect(notices[5]).toMatchObject({ error: undefined });
  });

  test('each ends once, however it ends', async () => {
    const { session, connection, clock } = await readySession();
    const notices = operationsOf(session);
    const abort = new AbortController();
    const calls = [
      session.execute('{ a }', {}, { deadlineMs: 10 }),
      session.execute('{ b }', {}, { signal: abort.signal }),
      session.execute('{ c }', {}, { signal: AbortSignal.abort() }),
      session.execute('{ d }'),
      session.execute('{ e }'),
    ].map(watch);
    session.subscribe('subscription { f }');
    connection.requests[2]?.errors({ message: 'no' });
    abort.abort();
    await clock.advance(10);
    const closed = session.close({ graceMs: 0 });
    await clock.advance(1_000);
    await closed;
    const ended = notices.filter(({ type }) => type === 'ended').map(({ operation }) => operation.number);
    expect(ended.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(calls.every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('nothing is told to a listener that was taken off, and one that throws stops nobody', async () => {
    const seen = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { session, connection, settle } = await readySession();
    const off = session.on('operation', () => {
      throw new Error('mistake');
    });
    const notices = operationsOf(session);
    void session.execute('{ a }');
    await settle();
    off();
    connection.latest.data({ a: 1 });
    await settle();
    expect([notices.length, seen.mock.calls.length]).toEqual([3, 2]);
  });

  test('a listener may use the session', async () => {
    const { session, connection, clock } = await readySession();
    session.on('operation', ({ type, operation }) => {
      if (type === 'sending' && operation.number < 5) void watch(session.execute('{ again }'));
      if (type === 'sending' && operation.number === 5) void session.close({ graceMs: 0 });
    });
    const first = watch(session.execute('{ a }'));
    await clock.advance(1_000);
    expect([connection.requests.length, session.operations, first.status]).toEqual([5, 0, 'rejected']);
    expect(session.state.status).toBe('closed');
  });
});

describe('the diagnostics channels', () => {
  test('carry states, connections and operations, with which session they are of', async () => {
    const heard: [string | symbol, object][] = [];
    const listener = (message: unknown, name: string | symbol): void => {
      heard.push([name, message as object]);
    };
    const names = ['holdfast:state', 'holdfast:connection', 'holdfast:operation'];
    for (const name of names) subscribe(name, listener);
    const { session, connection, settle } = await readySession();
    void session.execute('query Q { a }');
    connection.latest.data({ a: 1 });
    await settle();
    await session.close();
    await settle();
    for (const name of names) unsubscribe(name, listener);
    const told = heard.map(([name, message]) => {
      const { type, state } = message as { type?: string; state?: { status: string } };
      return `${String(name)} ${type ?? state?.status}`;
    });
    expect(told).toEqual(
      expect.arrayContaining([
        'holdfast:state ready',
        'holdfast:connection opened',
        'holdfast:operation started',
        'holdfast:operation ended',
        'holdfast:state closed',
        'holdfast:connection ended',
      ]),
    );
    expect(heard[0]?.[1]).toMatchObject({ session: expect.any(Number), transport: 'fake' });
  });

  test('hold no credentials, variables, headers or extensions of anybody', async () => {
    const heard: unknown[] = [];
    const listener = (message: unknown): void => void heard.push(message);
    for (const name of ['holdfast:state', 'holdfast:connection', 'holdfast:operation']) subscribe(name, listener);
    const { session, refuse, accept, settle } = makeSession({
      credentials: () => ({ headers: { authorization: 'top-secret' }, connectionParams: { token: 'top-secret' } }),
    });
    await refuse(httpStatus(401));
    const connection = await accept();
    const secret = { password: 'top-secret' };
    void watch(session.execute('mutation M($p: String) { a }', secret, { extensions: secret, headers: secret }));
    connection.latest.errors({ message: 'no' });
    await settle();
    connection.lose(closedWith(4403));
    await settle();
    await session.close();
    for (const name of ['holdfast:state', 'holdfast:connection', 'holdfast:operation']) unsubscribe(name, listener);
    expect(heard.length).toBeGreaterThan(10);
    expect(inspect(heard, { depth: 20 })).not.toContain('top-secret');
  });
});

describe('a session that fails while nobody listens', () => {
  test('warns once, at the third failure in a row', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { refuse } = makeSession({ quiet: true });
    for (let n = 0; n < 2; n++) await refuse(refusedByNetwork);
    expect(warn).not.toHaveBeenCalled();
    for (let n = 0; n < 4; n++) await refuse(refusedByNetwork);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/fake has failed 3 times.*goes on trying.*session\.on/)]]);
    expect(warn.mock.calls[0]?.[0]).toContain(refusedByNetwork.message);
  });

  test.each(['state', 'connection'] as const)('says nothing where there is a listener of "%s"', async (event) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { session, refuse } = makeSession({ quiet: true });
    session.on(event, () => {});
    for (let n = 0; n < 4; n++) await refuse(refusedByNetwork);
    expect(warn).not.toHaveBeenCalled();
  });

  test('says nothing where somebody waits for it, who gets the error', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { session, refuse } = makeSession({ quiet: true });
    void watch(session.ready({ deadlineMs: Number.POSITIVE_INFINITY }));
    for (let n = 0; n < 4; n++) await refuse(refusedByNetwork);
    expect(warn).not.toHaveBeenCalled();
  });

  test('says so when it has given up', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { refuse } = makeSession({ quiet: true, retry: { connect: { attempts: 3 } } });
    for (let n = 0; n < 3; n++) await refuse(refusedByNetwork);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/has failed for good.*has given up/)]]);
  });

  test('says so at once when it gives up, unless calls were told', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const told = makeSession({ quiet: true });
    void watch(told.session.execute('{ a }'));
    await told.refuse(httpStatus(404));
    expect(warn).not.toHaveBeenCalled();
    const unheard = makeSession({ quiet: true });
    await unheard.refuse(httpStatus(404));
    expect(warn).toHaveBeenCalledOnce();
  });
});
