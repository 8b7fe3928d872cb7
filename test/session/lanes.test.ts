// A session over several lanes: each a connection of its own with its own life, one session before them all.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { upload } from '../../src/protocol/upload.js';
import { ConnectError } from '../../src/session/errors/connect-error.js';
import { QueueFullError } from '../../src/session/errors/queue-full-error.js';
import { SessionClosedError } from '../../src/session/errors/session-closed-error.js';
import type { Interceptor } from '../../src/session/interceptors.js';
import { closedWith, httpStatus, refusedByNetwork } from './support/failures.js';
import { FakeTransport } from './support/fake-transport.js';
import { rejection, watch } from './support/harness.js';
import { makeLanes, readyLanes } from './support/lanes.js';

afterEach(() => void vi.restoreAllMocks());

describe('lanes', () => {
  test('are opened when they are first needed, except for the first, which is opened at once', async () => {
    const { session, calls, events, accept, settle } = makeLanes();
    await settle();
    expect([calls.opens.length, events.opens.length]).toEqual([1, 0]);
    const connection = await accept(calls);
    void session.execute('{ a }');
    expect([connection.queries, events.opens.length]).toEqual([['{ a }'], 0]);
    session.subscribe('subscription { s }');
    session.subscribe('subscription { t }');
    expect((await accept(events)).queries).toEqual(['subscription { s }', 'subscription { t }']);
    expect([connection.queries, calls.opens.length, events.opens.length]).toEqual([['{ a }'], 1, 1]);
  });

  test('take an operation in their order, and what none of them takes goes to the first', async () => {
    const { session, call, event } = await readyLanes({ takes: ({ kind }) => kind === 'query' });
    void session.execute('{ a }');
    void session.execute('mutation { b }');
    expect([call.queries, event.queries]).toEqual([['{ a }', 'mutation { b }'], ['subscription { s }']]);
  });

  test('are asked about the request as it was made', async () => {
    const asked: unknown[] = [];
    const { session } = makeLanes({ takes: (request) => asked.push(request) > 0 });
    void session.execute('query Q($id: ID) { a }', { id: '1' }, { headers: { trace: 'x' } }).catch(() => {});
    expect(asked).toEqual([expect.objectContaining({ kind: 'query', operationName: 'Q', headers: { trace: 'x' } })]);
  });

  test('give every send an id that no other lane has', async () => {
    const { session, call, event } = await readyLanes();
    for (const name of ['a', 'b', 'c']) {
      void session.execute(`{ ${name} }`);
      session.subscribe(`subscription { ${name} }`);
    }
    const ids = [...call.requests, ...event.requests].map(({ request }) => Number(request.id));
    expect(ids.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('each have their own places in flight and in the queue', async () => {
    const { session, calls, accept } = makeLanes({ maxWaiting: 1, maxInFlight: 1 });
    void session.execute('{ a }');
    session.subscribe('subscription { s }');
    await rejection(session.execute('{ b }'), QueueFullError);
    await rejection(session.subscribe('subscription { t }').next(), QueueFullError);
    expect(session.operations).toBe(2);
    const connection = await accept(calls);
    void session.execute('{ c }');
    expect(connection.queries).toEqual(['{ a }']);
    connection.latest.data({});
    expect(connection.queries).toEqual(['{ a }', '{ c }']);
  });

  test('each lose only their own operations', async () => {
    const { session, call, event, clock, accept, calls, settle } = await readyLanes();
    const answer = watch(session.execute('{ a }'));
    call.lose();
    await clock.advance(250);
    const next = await accept(calls);
    expect([next.queries, event.queries, event.ended]).toEqual([['{ a }'], ['subscription { s }'], undefined]);
    next.latest.data({ a: 1 });
    await settle();
    expect(answer.value).toEqual({ a: 1 });
  });

  test('each count their generations, their attempts and their waits for themselves', async () => {
    const { session, clock, calls, events, accept, refuse } = makeLanes();
    await accept(calls);
    session.subscribe('subscription { s }');
    for (const waitMs of [250, 500, 1_000]) {
      await refuse(events, refusedByNetwork);
      expect(session.state).toMatchObject({ status: 'waiting', until: clock.now() + waitMs });
      await clock.advance(waitMs);
    }
    expect(events.latest.context.generation).toBe(4);
    expect(calls.opens.map(({ context }) => context.generation)).toEqual([1]);
  });

  test('are asked for a sign of life each on its own, and a dead one is replaced alone', async () => {
    const { clock, call, event, calls, events } = await readyLanes();
    await clock.advance(15_000);
    expect([call.pings.length, event.pings.length]).toEqual([1, 1]);
    call.pong();
    await clock.advance(5_000);
    expect([call.ended, event.ended?.how]).toEqual([undefined, 'terminate']);
    await clock.advance(250);
    expect([calls.opens.length, events.opens.length]).toEqual([1, 2]);
  });

  test('a predicate that throws fails the call that it was asked about, and leaves nothing behind', async () => {
    const broken = new Error('no such header');
    const { session } = makeLanes({
      takes: () => {
        throw broken;
      },
    });
    const file = upload(new ReadableStream<Uint8Array>());
    for (let attempt = 1; attempt <= 2; attempt++) {
      expect(await rejection(session.execute('mutation ($file: Upload!) { a }', { file }), Error)).toBe(broken);
    }
    expect(() => session.subscribe('subscription { s }')).toThrow(broken);
    expect(() => session.stream('{ a }')).toThrow(broken);
    expect(session.operations).toBe(0);
  });
});

describe('the state of a session with lanes', () => {
  test('is that of the lane which is worst off', async () => {
    const { session, statuses, clock, calls, events, accept, refuse, settle } = makeLanes();
    expect(session.state).toMatchObject({ status: 'connecting', attempt: 1 });
    const call = await accept(calls);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    session.subscribe('subscription { s }');
    expect(session.state).toMatchObject({ status: 'connecting', attempt: 1 });
    await refuse(events, httpStatus(503));
    expect(session.state).toMatchObject({ status: 'waiting', cause: { status: 503 } });
    await clock.advance(250);
    expect(session.state).toMatchObject({ status: 'connecting', attempt: 2 });
    await accept(events);
    expect(session.state).toMatchObject({ status: 'ready' });
    call.lose(closedWith(1012));
    await settle();
    expect(session.state).toMatchObject({ status: 'waiting', cause: { closeCode: 1012 } });
    expect(statuses).toEqual(['connecting', 'ready', 'connecting', 'waiting', 'connecting', 'ready', 'waiting']);
  });

  test('says nothing of what happens to a lane that is better off than another', async () => {
    const { session, statuses, calls, events, accept, refuse, settle } = makeLanes();
    session.subscribe('subscription { s }');
    await refuse(events, httpStatus(404));
    expect(session.state).toMatchObject({ status: 'failed', cause: { status: 404 } });
    const call = await accept(calls);
    call.lose();
    await settle();
    expect(session.state).toMatchObject({ status: 'failed', cause: { status: 404 } });
    expect(statuses).toEqual(['connecting', 'failed']);
  });

  test('ready() waits for every lane that is open, and for none that nobody has needed', async () => {
    const { session, calls, events, accept, settle } = makeLanes();
    const first = watch(session.ready());
    await accept(calls);
    expect(first.status).toBe('resolved');
    session.subscribe('subscription { s }');
    const second = watch(session.ready());
    await settle();
    expect(second.status).toBe('pending');
    await accept(events);
    expect(second.status).toBe('resolved');
  });

  test('ready() rejects with why the lane failed that is not to be had', async () => {
    const { session, calls, events, accept, refuse } = makeLanes();
    await accept(calls);
    session
      .subscribe('subscription { s }')
      .next()
      .catch(() => {});
    const ready = watch(session.ready());
    await refuse(events, httpStatus(404));
    expect(ready.error).toBeInstanceOf(ConnectError);
    expect(ready.error).toMatchObject({ status: 404, attempts: 1 });
  });

  test('ready() says at its deadline why there is no connection on the lane that it waits for', async () => {
    const { session, clock, calls, events, accept, refuse } = makeLanes();
    await accept(calls);
    session.subscribe('subscription { s }');
    const ready = watch(session.ready({ deadlineMs: 100 }));
    await refuse(events, httpStatus(503));
    await clock.advance(100);
    expect(ready.error).toMatchObject({ name: 'ConnectError', status: 503, attempts: 1, retryable: true });
  });
});

describe('a lane that failed for good', () => {
  test('fails its own operations, and calls over the others go on', async () => {
    const { session, calls, events, accept, refuse, settle } = makeLanes();
    const call = await accept(calls);
    const subscription = watch(session.subscribe('subscription { s }').next());
    await refuse(events, httpStatus(404));
    expect(subscription.error).toMatchObject({ name: 'ConnectError', status: 404 });
    await rejection(session.subscribe('subscription { t }').next(), ConnectError);
    const answer = watch(session.execute('{ a }'));
    call.latest.data({ a: 1 });
    await settle();
    expect([answer.value, session.state.status]).toEqual([{ a: 1 }, 'failed']);
  });

  test('is tried again by reconnect(), which leaves the others as they are', async () => {
    const { session, call, calls, events, accept, event, settle } = await readyLanes({
      retry: { connect: { attempts: 1 } },
    });
    event.lose();
    await settle();
    expect(session.state.status).toBe('failed');
    session.reconnect();
    await settle();
    expect(session.state.status).toBe('connecting');
    session.subscribe('subscription { t }');
    expect((await accept(events)).queries).toEqual(['subscription { t }']);
    expect([calls.opens.length, call.ended, session.state.status]).toEqual([1, undefined, 'ready']);
  });

  test('reconnect() cuts the waits of all lanes short', async () => {
    const { session, call, event, calls, events, settle } = await readyLanes();
    call.lose();
    event.lose();
    await settle();
    expect([calls.opens.length, events.opens.length]).toEqual([1, 1]);
    session.reconnect();
    await settle();
    expect([calls.opens.length, events.opens.length]).toEqual([2, 2]);
  });
});

describe('close() with lanes', () => {
  test('closes all of them, and resolves when the last is closed', async () => {
    const { session, clock, call, event, statuses, settle } = await readyLanes({ connection: { ignoresClose: true } });
    const pay = watch(session.execute('mutation { pay }'));
    const closed = watch(session.close());
    await clock.advance(1_000);
    expect([event.ended?.how, call.ended, closed.status]).toEqual(['close', undefined, 'pending']);
    expect(session.state).toMatchObject({ status: 'closing', stage: 'draining' });
    call.latest.data({ paid: true });
    await settle();
    expect([pay.value, call.ended?.how, closed.status]).toEqual([{ paid: true }, 'close', 'pending']);
    await clock.advance(1_000);
    expect([closed.status, session.state.status, clock.pending]).toEqual(['resolved', 'closed', 0]);
    expect(statuses.at(-1)).toBe('closed');
  });

  test.each([
    ['both ready', async () => readyLanes()],
    [
      'one connecting',
      async () => {
        const harness = makeLanes();
        await harness.accept(harness.calls);
        harness.session.subscribe('subscription { s }');
        return harness;
      },
    ],
    [
      'the first connecting',
      async () => {
        const harness = makeLanes();
        harness.session.subscribe('subscription { s }');
        await harness.accept(harness.events);
        return harness;
      },
    ],
    [
      'one failed',
      async () => {
        const harness = makeLanes();
        await harness.accept(harness.calls);
        harness.session
          .subscribe('subscription { s }')
          .next()
          .catch(() => {});
        await harness.refuse(harness.events, httpStatus(404));
        return harness;
      },
    ],
    [
      'one waiting',
      async () => {
        const harness = await readyLanes();
        harness.event.lose();
        await harness.settle();
        return harness;
      },
    ],
    ['only the first opened', async () => makeLanes()],
  ])('goes through "closing" to "closed" once and never back: %s', async (_what, make) => {
    const { session, statuses, clock } = await make();
    const before = statuses.length;
    const seen: string[] = [];
    session.on('state', () => seen.push(session.state.status));
    await session.close();
    const after = statuses.slice(before);
    expect([...new Set(after)]).toEqual(['closing', 'closed']);
    expect(after.indexOf('closed')).toBe(after.length - 1);
    expect(seen).toEqual(after);
    expect([session.state.status, session.operations, clock.pending]).toEqual(['closed', 0, 0]);
  });

  test('gives up the attempts to open of all lanes', async () => {
    const { session, calls, events, settle, clock } = makeLanes();
    session.subscribe('subscription { s }');
    await settle();
    await session.close();
    expect([calls, events].map(({ latest }) => latest.context.signal.aborted)).toEqual([true, true]);
    const late = events.latest.accept();
    await settle();
    expect([late.ended?.how, session.state.status, clock.pending]).toEqual(['terminate', 'closed', 0]);
  });

  test('opens no lane any more, neither while it closes nor afterwards', async () => {
    const { session, calls, events, accept, settle } = makeLanes();
    const connection = await accept(calls);
    const answer = watch(session.execute('{ a }'));
    const closed = session.close();
    await rejection(session.subscribe('subscription { s }').next(), SessionClosedError);
    connection.latest.data({ a: 1 });
    await closed;
    await rejection(session.subscribe('subscription { s }').next(), SessionClosedError);
    await rejection(session.execute('{ b }'), SessionClosedError);
    await settle();
    expect([answer.value, events.opens.length, session.operations]).toEqual([{ a: 1 }, 0, 0]);
  });

  test('may be called by a listener of its own states', async () => {
    const { session } = await readyLanes();
    session.on('state', () => void session.close({ graceMs: 0 }));
    await session.close();
    expect(session.state.status).toBe('closed');
  });
});

describe('ping() with lanes', () => {
  test('asks over the first lane whose connection can be asked', async () => {
    const { session, calls, events, accept, settle } = makeLanes();
    await accept(calls, { ping: false });
    session.subscribe('subscription { s }');
    const event = await accept(events);
    const pong = watch(session.ping({ n: 1 }));
    event.pong({ n: 1 });
    await settle();
    expect(pong.value).toEqual({ payload: { n: 1 }, elapsedMs: 0 });
  });

  test('is refused where no lane can be asked', async () => {
    const { session } = await readyLanes({ connection: { ping: false } });
    await rejection(session.ping(), ConnectError);
  });
});

describe('interceptors with lanes', () => {
  test('are made once for each lane, when it is first needed, and see the operations of that lane', async () => {
    let made = 0;
    const seen: string[] = [];
    const counting: Interceptor = (next) => {
      made += 1;
      const mine = made;
      return (request, sink) => {
        seen.push(`${mine} ${request.query}`);
        return next(request, sink);
      };
    };
    const { session, calls, events, accept } = makeLanes({ interceptors: { call: [counting] } });
    await accept(calls);
    expect(made).toBe(1);
    void session.execute('{ a }');
    session.subscribe('subscription { s }');
    await accept(events);
    session.subscribe('subscription { t }');
    expect(made).toBe(2);
    expect(seen).toEqual(['1 { a }', '2 subscription { s }', '2 subscription { t }']);
  });
});

describe('a lane that fails while nobody looks', () => {
  test('is told of in one warning, by the name of the route', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { session, clock, calls, events, accept, refuse } = makeLanes({ quiet: true });
    await accept(calls);
    session.subscribe('subscription { s }');
    for (let attempt = 1; attempt <= 4; attempt++) {
      await refuse(events, refusedByNetwork);
      await clock.advance(10_000);
    }
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining('the session over calls and events has failed 3 times')],
    ]);
  });

  test('for good is told of by its operations, where there are any', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { session, calls, events, accept, refuse } = makeLanes({ quiet: true });
    await accept(calls);
    const told = watch(session.subscribe('subscription { s }').next());
    await refuse(events, httpStatus(404));
    expect([told.status, warn.mock.calls]).toEqual(['rejected', []]);
  });
});

test('a route of no lanes, or of what is no lane, is refused at once', () => {
  for (const lanes of [[], [{ transport: new FakeTransport() }], [{ takes: () => true }], 'lanes']) {
    expect(() => makeLanes({ transport: { name: 'route', lanes } } as object)).toThrow('must be a transport');
  }
});
