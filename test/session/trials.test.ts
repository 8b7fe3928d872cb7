// One bad operation never takes the session with it: suspects are sent one at a time until the culprit is found. How a culprit is
// found that strikes late is in late-poison.test.ts.

import { describe, expect, test } from 'vitest';
import { OperationRejectedError } from '../../src/session/errors/operation-rejected-error.js';
import type { LivenessOptions } from '../../src/session/options.js';
import { closedWith } from './support/failures.js';
import type { FakeConnection } from './support/fake-transport.js';
import { type Harness, makeSession, readySession, rejection, watch } from './support/harness.js';

/** A server that ends every connection on which it reads `poison`, and answers the rest. */
async function serve({ accept, settle, session }: Harness, connections: number, closeCode: number): Promise<void> {
  for (let n = 0; n < connections; n++) {
    const connection = await accept();
    let read = 0;
    while (read < connection.requests.length) {
      const request = connection.requests[read];
      read += 1;
      if (request?.request.query.includes('poison')) {
        connection.lose(closedWith(closeCode));
        break;
      }
      request?.data({ ok: true });
      await settle();
    }
    await settle();
    if (session.operations === 0) return;
  }
}

describe('a poisoned operation', () => {
  test.each([1002, 1003, 1007, 1009, 1011, 4400, 4409, 4500])(
    'that makes the server close with %i is found and fails alone; everything else is answered',
    async (closeCode) => {
      const harness = makeSession({ deadlineMs: 600_000 });
      const { session } = harness;
      const good = ['{ a }', '{ b }', '{ c }'].map((query) => watch(session.execute(query)));
      const poison = watch(session.execute('query Bad { poison }'));
      const later = ['{ d }', '{ e }'].map((query) => watch(session.execute(query)));
      await serve(harness, 4, closeCode);
      expect([...good, ...later].map(({ value }) => value)).toEqual(Array(5).fill({ ok: true }));
      expect(poison.error).toBeInstanceOf(OperationRejectedError);
      expect(poison.error).toMatchObject({
        code: 'operation-rejected',
        delivery: 'unknown',
        attempts: 2,
        retryable: false,
        closeCode,
      });
      expect((poison.error as Error).message).toContain('Query "Bad" makes the server end the connection');
    },
  );

  test('costs two connections, and each further one costs one more', async () => {
    const harness = makeSession({ deadlineMs: 600_000 });
    const calls = ['{ a }', '{ poison }', '{ b }', '{ poison two }'].map((query) =>
      watch(harness.session.execute(query)),
    );
    await serve(harness, 10, 1011);
    expect(calls.map(({ status }) => status)).toEqual(['resolved', 'rejected', 'resolved', 'rejected']);
    expect(harness.transport.opens).toHaveLength(3);
  });

  test('that is a subscription fails in its iterator', async () => {
    const harness = makeSession();
    const subscription = harness.session.subscribe('subscription { poison }');
    await serve(harness, 2, 4500);
    expect((await rejection(readToEnd(subscription), OperationRejectedError)).attempts).toBe(2);
    expect(harness.session.operations).toBe(0);
  });
});

describe('a trial', () => {
  /** Two queries on the first connection, which ended with 1011; the newer one, `a`, is on trial on the second. */
  async function onTrial(
    settings: { ping?: boolean } = {},
    liveness: LivenessOptions = {},
  ): Promise<Harness & { readonly second: FakeConnection }> {
    const harness = await readySession({ connection: settings, liveness });
    const { session, connection, accept, settle } = harness;
    for (const query of ['{ b }', '{ a }']) void session.execute(query).catch(() => {});
    connection.lose(closedWith(1011));
    await settle();
    const second = await accept();
    void session.execute('{ new }').catch(() => {});
    expect(second.queries).toEqual(['{ a }']);
    return { ...harness, second };
  }

  test('sends one suspect alone, the newest first; the next after it was answered, and everybody else after the last', async () => {
    const { second, settle } = await onTrial();
    second.latest.data({ a: 1 });
    await settle();
    expect(second.queries).toEqual(['{ a }', '{ b }']);
    second.latest.data({ b: 1 });
    await settle();
    expect(second.queries).toEqual(['{ a }', '{ b }', '{ new }']);
  });

  test('acquits a suspect when a second ping comes back, which is sent after the first has', async () => {
    const { second } = await onTrial();
    expect(second.pings).toHaveLength(1);
    second.pong();
    expect(second.pings).toHaveLength(2);
    expect(second.queries).toEqual(['{ a }']);
    second.pong();
    expect(second.queries).toEqual(['{ a }', '{ b }']);
    second.pong();
    expect(second.queries).toEqual(['{ a }', '{ b }']);
    second.pong();
    expect(second.queries).toEqual(['{ a }', '{ b }', '{ new }']);
  });

  test('convicts a suspect after whose first pong the connection is ended: the server went on before it had handled all', async () => {
    const { session, connection, accept, settle } = await readySession();
    const poison = watch(session.execute('{ poison }'));
    connection.lose(closedWith(4500));
    await settle();
    const second = await accept();
    second.pong();
    second.lose(closedWith(4500));
    await settle();
    expect(poison.error).toBeInstanceOf(OperationRejectedError);
  });

  test('is not decided by the answers to pings that were sent before', async () => {
    const { session, second, settle } = await onTrial();
    void session.ping().catch(() => {});
    second.latest.data({ a: 1 });
    await settle();
    expect(second.queries).toEqual(['{ a }', '{ b }']);
    // The first trial's ping, the program's, and the second trial's.
    expect(second.pings).toHaveLength(3);
    for (let pong = 0; pong < 3; pong++) second.pong();
    expect(second.pings).toHaveLength(4);
    expect(second.queries).toEqual(['{ a }', '{ b }']);
    second.pong();
    expect(second.queries).toEqual(['{ a }', '{ b }', '{ new }']);
  });

  test('asks no second time when it is over before the first pong', async () => {
    const { second, settle } = await onTrial();
    second.latest.data({ a: 1 });
    await settle();
    second.requests[1]?.data({ b: 1 });
    await settle();
    expect(second.queries).toEqual(['{ a }', '{ b }', '{ new }']);
    second.pong();
    second.pong();
    expect(second.pings).toHaveLength(2);
  });

  test('acquits a suspect with which a connection without pings has lived, and talked, for 5 s', async () => {
    const { second, clock } = await onTrial({ ping: false });
    await clock.advance(1_000);
    second.heard();
    await clock.advance(3_999);
    expect(second.queries).toEqual(['{ a }']);
    await clock.advance(1);
    expect(second.queries).toEqual(['{ a }', '{ b }']);
  });

  test('takes longer where a connection without pings is silent and would be found dead: the suspect may be on its way', async () => {
    const { second, clock } = await onTrial({ ping: false }, { probe: 'query Probe { __typename }' });
    await clock.advance(19_999);
    expect(second.queries).toEqual(['{ a }', 'query Probe { __typename }']);
    await clock.advance(1);
    expect(second.ended?.how).toBe('terminate');
  });

  test.each(['runs', 'was cancelled'])(
    'waits for two pongs where something new %s that has not proved harmless',
    async (what) => {
      const { session, connection, accept, settle, clock } = await readySession();
      const patient = { retry: { delayMs: () => 5_000 } };
      const suspect = watch(session.execute('{ suspect }', {}, patient));
      connection.lose(closedWith(1011));
      await settle();
      const second = await accept();
      const controller = new AbortController();
      void session.execute('{ other }', {}, { signal: controller.signal }).catch(() => {});
      if (what === 'was cancelled') controller.abort();
      await clock.advance(5_000);
      for (let pong = 0; pong < 2; pong++) {
        expect(second.queries).toEqual(['{ other }']);
        second.pong();
      }
      expect(second.queries).toEqual(['{ other }', '{ suspect }']);
      // What the server was told to stop may still do harm, later than that.
      second.lose(closedWith(1011));
      await settle();
      expect(suspect.status).toBe('pending');
    },
  );

  test('waits for two pongs where something new was cancelled, and after it something that had proved harmless', async () => {
    const { session, connection, accept, settle, clock } = await readySession();
    const [harmless, unproven] = [new AbortController(), new AbortController()];
    void session.execute('{ suspect }', {}, { retry: { delayMs: () => 5_000 } }).catch(() => {});
    void session.execute('{ harmless }', {}, { signal: harmless.signal }).catch(() => {});
    connection.lose(closedWith(1011));
    await settle();
    const second = await accept();
    second.pong();
    second.pong();
    void session.execute('{ unproven }', {}, { signal: unproven.signal }).catch(() => {});
    unproven.abort();
    harmless.abort();
    await clock.advance(5_000);
    expect(second.queries).toEqual(['{ harmless }', '{ unproven }']);
    second.pong();
    second.pong();
    expect(second.queries).toEqual(['{ harmless }', '{ unproven }', '{ suspect }']);
  });

  test('takes no ping that is forgotten among too many for one that came back', async () => {
    const { session, second } = await onTrial();
    for (let n = 0; n < 100; n++) void session.ping().catch(() => {});
    expect(second.pings).toHaveLength(101);
  });

  test('takes no longer where nothing could find the peer dead', async () => {
    const { second, clock } = await onTrial({ ping: false });
    await clock.advance(5_000);
    expect(second.queries).toEqual(['{ a }', '{ b }']);
  });

  test('acquits a suspect that is completed or answered with an error', async () => {
    const { second, settle } = await onTrial();
    second.latest.complete();
    await settle();
    expect(second.queries).toEqual(['{ a }', '{ b }']);
    second.latest.errors({ message: 'no' });
    await settle();
    expect(second.queries).toEqual(['{ a }', '{ b }', '{ new }']);
  });

  test('goes on when its suspect is cancelled, because the server meets it all the same', async () => {
    const { session, connection, accept, settle } = await readySession();
    const abort = new AbortController();
    void session.execute('{ b }').catch(() => {});
    const cancelled = watch(session.execute('{ a }', {}, { signal: abort.signal }));
    connection.lose(closedWith(1011));
    await settle();
    const second = await accept();
    abort.abort();
    await settle();
    expect(cancelled.error).toMatchObject({ name: 'CancelledError', delivery: 'unknown' });
    expect(second.requests[0]?.cancelled).toBe(true);
    second.pong();
    expect(second.queries).toEqual(['{ a }']);
    second.pong();
    expect(second.queries).toEqual(['{ a }', '{ b }']);
  });

  test('blames nobody else when its suspect was cancelled and the connection is ended again', async () => {
    const { session, connection, accept, settle } = await readySession();
    const abort = new AbortController();
    const innocent = watch(session.execute('{ b }'));
    void session.execute('{ poison }', {}, { signal: abort.signal }).catch(() => {});
    connection.lose(closedWith(1011));
    await settle();
    const second = await accept();
    abort.abort();
    second.lose(closedWith(1011));
    await settle();
    const third = await accept();
    expect(third.queries).toEqual(['{ b }']);
    third.latest.data({ b: 1 });
    await settle();
    expect(innocent.value).toEqual({ b: 1 });
  });

  test('that ends with the network proves nothing: the suspect is tried again', async () => {
    const { second, accept, settle } = await onTrial();
    second.lose();
    await settle();
    const third = await accept();
    expect(third.queries).toEqual(['{ a }']);
    third.latest.data({ a: 1 });
    await settle();
    expect(third.queries).toEqual(['{ a }', '{ b }']);
  });

  test('convicts nobody who was not alone, but tries it first on the next connection, where it is', async () => {
    const { session, connection, accept, settle } = await readySession();
    const calls = ['{ poison }', '{ a }', '{ b }'].map((query) => watch(session.execute(query)));
    connection.lose(closedWith(1011));
    await settle();
    const second = await accept();
    for (let pong = 0; pong < 4; pong++) second.pong();
    expect(second.queries).toEqual(['{ b }', '{ a }', '{ poison }']);
    second.lose(closedWith(1011));
    await settle();
    expect(calls.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
    const third = await accept();
    expect(third.queries).toEqual(['{ poison }']);
    third.lose(closedWith(1011));
    await settle();
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'pending', 'pending']);
    expect(calls[0]?.error).toMatchObject({ name: 'OperationRejectedError', attempts: 3 });
    const fourth = await accept();
    for (const query of ['{ b }', '{ a }']) {
      expect(fourth.latest.request.query).toBe(query);
      fourth.latest.data({ ok: true });
      await settle();
    }
    expect(calls.slice(1).map(({ value }) => value)).toEqual([{ ok: true }, { ok: true }]);
  });

  test('convicts nobody for what was cancelled after its own trial: the server may still be at work on that', async () => {
    const { session, connection, accept, settle } = await readySession();
    const abort = new AbortController();
    const innocent = watch(session.execute('{ innocent }'));
    void session.execute('{ late }', {}, { signal: abort.signal }).catch(() => {});
    connection.lose(closedWith(1011));
    await settle();
    const second = await accept();
    second.pong();
    second.pong();
    abort.abort();
    expect(second.queries).toEqual(['{ late }', '{ innocent }']);
    second.lose(closedWith(1011));
    await settle();
    const third = await accept();
    third.latest.data({ ok: true });
    await settle();
    expect(innocent.value).toEqual({ ok: true });
  });

  test('convicts one that never is alone when the connection is ended during its trial for the second time', async () => {
    const { session, connection, accept, settle, clock } = await readySession();
    const poison = watch(session.execute('{ poison }', {}, { deadlineMs: 60_000, retry: { delayMs: () => 5_000 } }));
    connection.lose(closedWith(1011));
    await settle();
    for (const status of ['pending', 'rejected']) {
      const next = await accept();
      void session.execute('{ company }', {}, { retry: false }).catch(() => {});
      await clock.advance(5_000);
      next.pong();
      next.pong();
      expect(next.queries).toEqual(['{ company }', '{ poison }']);
      next.lose(closedWith(1011));
      await settle();
      expect(poison.status).toBe(status);
    }
  });

  test('concerns only what was unanswered on the connection that ended', async () => {
    const { session, connection, accept, settle } = await readySession();
    void session.execute('{ answered }');
    connection.latest.data({});
    void session.execute('{ open }').catch(() => {});
    connection.lose(closedWith(1011));
    void session.execute('{ later }').catch(() => {});
    void session.execute('{ latest }').catch(() => {});
    await settle();
    const second = await accept();
    second.pong();
    expect(second.queries).toEqual(['{ open }']);
    second.pong();
    expect(second.queries).toEqual(['{ open }', '{ later }', '{ latest }']);
  });
});

describe('an end that nobody caused', () => {
  test.each([1000, 1001, 1006, 1012, 1013])(
    'with %i puts nobody on trial: all are sent again together',
    async (code) => {
      const { session, connection, accept, settle } = await readySession();
      for (const query of ['{ a }', '{ b }']) void session.execute(query).catch(() => {});
      connection.lose(closedWith(code));
      await settle();
      expect((await accept()).queries).toEqual(['{ a }', '{ b }']);
    },
  );
});

test('a mutation is never put on trial: it was sent, and its outcome is unknown', async () => {
  const { session, connection, accept, settle } = await readySession();
  const call = watch(session.execute('mutation { pay }'));
  connection.lose(closedWith(1011));
  await settle();
  expect(call.error).toMatchObject({ name: 'OutcomeUnknownError', closeCode: 1011 });
  expect((await accept()).requests).toEqual([]);
});

async function readToEnd(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}
