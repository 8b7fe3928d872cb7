// A session that connects: in the background, for everybody at once, and again by itself.

import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../src/session/errors/connect-error.js';
import { connect, createSession } from '../../src/session/session.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { closedWith, httpStatus, refusedByNetwork } from './support/failures.js';
import { FakeTransport } from './support/fake-transport.js';
import { makeSession, readySession, rejection, watch } from './support/harness.js';

describe('createSession', () => {
  test('returns at once, and connects in the background', async () => {
    const { session, transport, settle, accept } = makeSession();
    expect(session.state).toEqual({ status: 'connecting', generation: 1, attempt: 1, since: 1_000_000 });
    await settle();
    expect(transport.opens).toHaveLength(1);
    await accept();
    expect(session.state).toEqual({
      status: 'ready',
      generation: 1,
      since: 1_000_000,
      retiring: [],
      liveness: 'ping',
    });
  });

  test('opens with the generation, the credentials, the limits and the clock', async () => {
    const credentials = { connectionParams: { token: 't' } };
    const { transport, clock, settle } = makeSession({ credentials, limits: { ackTimeoutMs: 3_000 } });
    await settle();
    expect(transport.latest.context).toMatchObject({
      generation: 1,
      credentials,
      clock,
      limits: { openTimeoutMs: 10_000, ackTimeoutMs: 3_000, closeTimeoutMs: 1_000, maxMessageBytes: 16 * 2 ** 20 },
    });
  });

  test('reconnects while nobody asks for anything, for as long as it takes', async () => {
    const { session, transport, connection, refuse, accept, settle } = await readySession();
    connection.lose();
    await settle();
    expect(session.state.status).toBe('waiting');
    for (let attempt = 0; attempt < 50; attempt++) await refuse(refusedByNetwork);
    await accept();
    expect([session.state.status, transport.opens.length]).toEqual(['ready', 52]);
  });

  test('shows the wait with its cause and its end', async () => {
    const { session, clock, refuse } = makeSession();
    await refuse(refusedByNetwork);
    expect(session.state).toEqual({ status: 'waiting', until: 1_000_250, attempt: 1, cause: refusedByNetwork });
    await clock.advance(249);
    expect(session.state.status).toBe('waiting');
    await clock.advance(1);
    expect(session.state.status).toBe('connecting');
  });

  test('the backoff starts anew after 10 s of stable connection and not before', async () => {
    const { session, clock, refuse, accept } = makeSession();
    const waitOf = () => (session.state.status === 'waiting' ? session.state.until - clock.now() : Number.NaN);
    for (let attempt = 0; attempt < 3; attempt++) await refuse(refusedByNetwork);
    const short = await accept();
    await clock.advance(9_999);
    short.lose();
    await clock.advance(0);
    expect(waitOf()).toBe(2_000);
    const long = await accept();
    await clock.advance(10_000);
    long.lose();
    await clock.advance(0);
    expect(waitOf()).toBe(250);
  });

  test('a transport that breaks its contract is a failed attempt, and no unhandled rejection', async () => {
    const { session, transport, settle } = makeSession();
    await settle();
    const defect = new TypeError('undefined is not a function');
    transport.latest.breakWith(defect);
    await settle();
    expect(session.state).toMatchObject({ status: 'waiting', cause: { code: 'network', cause: defect } });
  });

  test('one transport serves two sessions, and the end of one is nothing to the other', async () => {
    const clock = new VirtualClock();
    const transport = new FakeTransport();
    const [one, other] = [createSession({ transport, clock }), createSession({ transport, clock })];
    await clock.advance(0);
    const [first] = transport.opens.map((open) => open.accept());
    await clock.advance(0);
    first?.lose();
    await clock.advance(0);
    expect([one.state.status, other.state.status]).toEqual(['waiting', 'ready']);
    await one.close();
    expect(other.state.status).toBe('ready');
    await other.close();
    expect(clock.pending).toBe(0);
  });
});

describe('ready()', () => {
  test('resolves for everybody when the session is ready; two callers never open two connections', async () => {
    const { session, transport, accept, settle } = makeSession();
    const waits = [session.ready(), session.ready({ deadlineMs: 50 }), session.ready()].map(watch);
    await accept();
    waits.push(watch(session.ready()));
    await settle();
    expect(waits.map(({ status }) => status)).toEqual(['resolved', 'resolved', 'resolved', 'resolved']);
    expect(transport.opens).toHaveLength(1);
  });

  test('rejects at its deadline with the last failure and the attempts, while the session goes on', async () => {
    const { session, clock, refuse, accept } = makeSession();
    const wait = watch(session.ready({ deadlineMs: 600 }));
    await refuse(refusedByNetwork);
    await refuse(httpStatus(503));
    await clock.advance(600);
    expect(wait.error).toBeInstanceOf(ConnectError);
    expect(wait.error).toMatchObject({ attempts: 2, failure: { status: 503 }, status: 503, retryable: true });
    await accept();
    expect(session.state.status).toBe('ready');
  });

  test('rejects at once when a cause that waiting cannot cure ends the first contact', async () => {
    const { session, refuse, clock } = makeSession();
    const wait = watch(session.ready());
    await refuse(httpStatus(404));
    expect(wait.error).toMatchObject({ name: 'ConnectError', status: 404, attempts: 1, retryable: false });
    expect(session.state).toMatchObject({ status: 'failed', attempts: 1, cause: { status: 404 } });
    expect(clock.pending).toBe(0);
  });

  test('after the first contact the same cause is retried, with the cause in the state', async () => {
    const { session, connection, refuse, settle } = await readySession();
    connection.lose();
    await settle();
    await refuse(httpStatus(404));
    expect(session.state).toMatchObject({ status: 'waiting', cause: { status: 404 } });
  });
});

describe('connect()', () => {
  test('answers with a session that is ready', async () => {
    const clock = new VirtualClock();
    const transport = new FakeTransport();
    const connecting = connect({ transport, clock });
    await clock.advance(0);
    transport.latest.accept();
    const session = await connecting;
    expect(session.state.status).toBe('ready');
    await session.close();
  });

  test('closes the session when it rejects: nothing is left', async () => {
    const clock = new VirtualClock();
    const transport = new FakeTransport();
    const connecting = watch(connect({ transport, clock }, { deadlineMs: 1_000 }));
    await clock.advance(1_000);
    expect(connecting.error).toBeInstanceOf(ConnectError);
    expect(transport.latest.context.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(transport.opens).toHaveLength(1);
  });

  test('is cancelled by a signal', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const connecting = watch(connect({ transport: new FakeTransport(), clock }, { signal: abort.signal }));
    await clock.advance(10);
    abort.abort();
    await clock.advance(0);
    expect(connecting.error).toMatchObject({ name: 'CancelledError' });
    expect(clock.pending).toBe(0);
  });
});

describe('credentials', () => {
  test('are asked for before every connection, and after a refusal at once', async () => {
    const asked: [string, number, number | undefined][] = [];
    const { session, transport, connection, accept, refuse, clock, settle } = await readySession({
      credentials: ({ reason, attempt, failure }) => {
        asked.push([reason, attempt, failure?.status ?? failure?.closeCode]);
        return { connectionParams: { asked: asked.length } };
      },
    });
    await clock.advance(10_000);
    connection.lose(closedWith(4401));
    await settle();
    expect(session.state.status).toBe('connecting');
    await refuse(httpStatus(401));
    expect(session.state.status).toBe('waiting');
    await accept();
    expect(asked).toEqual([
      ['open', 1, undefined],
      ['refused', 1, 4401],
      ['refused', 2, 401],
    ]);
    expect(transport.opens.map(({ context }) => context.credentials.connectionParams)).toEqual([
      { asked: 1 },
      { asked: 2 },
      { asked: 3 },
    ]);
  });

  test('that are a plain object cannot be refreshed: refused at first contact, the session fails', async () => {
    const { session, transport, refuse } = makeSession({ credentials: { headers: { authorization: 'x' } } });
    await refuse(httpStatus(403));
    expect([session.state.status, transport.opens.length]).toEqual(['failed', 1]);
  });

  test('from a provider that fails are a failed attempt, which is tried again', async () => {
    let vault: 'sealed' | 'open' = 'sealed';
    const { session, transport, settle, accept } = makeSession({
      credentials: () => {
        if (vault === 'sealed') throw new Error('sealed');
        return {};
      },
    });
    await settle();
    expect(session.state).toMatchObject({ status: 'waiting', cause: { code: 'credentials' } });
    expect(transport.opens).toHaveLength(0);
    vault = 'open';
    await accept();
    expect(session.state.status).toBe('ready');
  });
});

test('calls on a session that gave up are refused with the reason', async () => {
  const { session, refuse } = makeSession();
  const early = watch(session.execute('{ early }'));
  await refuse(httpStatus(404));
  expect(early.error).toMatchObject({ name: 'ConnectError', status: 404, delivery: 'not-sent' });
  const late = await rejection(session.execute('{ late }'), ConnectError);
  expect(late).toMatchObject({ status: 404, attempts: 1 });
  expect(session.operations).toBe(0);
});
