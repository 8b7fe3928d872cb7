import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/protocol/json.js';
import type { ConnectContext, PrincipalContext } from '../../../src/server/hook-types.js';
import { ConnectionRefused, HookTimeoutError } from '../../../src/server/index.js';
import { Expiry } from '../../../src/server/websocket/expiry.js';
import { RawClient } from '../support/client.js';
import { ManualTimers } from '../support/manual-timers.js';
import { startServer, until } from '../support/serving.js';
import { dialects, fakeServer, settled } from './support/peer.js';

const day = 24 * 60 * 60 * 1_000;
const renewal = (auth: unknown) => ({ type: 'ping', payload: { holdfast: { auth } } });
const renewed = { type: 'pong', payload: { holdfast: { auth: true } } };

describe('the end of something', () => {
  test('comes after as many days as it takes, where no timer reaches as far', () => {
    const timers = new ManualTimers();
    let ended = 0;
    const expiry = new Expiry(timers, () => {
      ended += 1;
    });
    expiry.setIn(100 * day);
    timers.advance(100 * day - 1);
    expect(ended).toBe(0);
    timers.advance(1);
    expect(ended).toBe(1);
    expect(timers.armed).toBe(0);
  });

  test('never asks for a wait that timers cannot measure, which they would take for none', () => {
    const waits: number[] = [];
    const set = (delayMs: number) => {
      waits.push(delayMs);
      return () => {};
    };
    const expiry = new Expiry({ now: () => 0, set }, () => {});
    expiry.setIn(100 * day);
    expiry.setIn(-5);
    expect(waits).toEqual([2 ** 31 - 1, 0]);
  });

  test('may be put off, and never come', () => {
    const timers = new ManualTimers();
    let ended = 0;
    const expiry = new Expiry(timers, () => {
      ended += 1;
    });
    expiry.setIn(10);
    expiry.setIn(20);
    timers.advance(19);
    expect(ended).toBe(0);
    expiry.setIn(Number.POSITIVE_INFINITY);
    timers.advance(1_000);
    expect(ended).toBe(0);
    expect(timers.armed).toBe(0);
  });
});

describe.each(dialects)('%s: credentials that expire', (dialect) => {
  const until = (timeMs: () => number) => ({
    onConnect: ({ expireAt }: ConnectContext): void => expireAt(timeMs()),
  });

  test('end the connection at their time with 4403, and every operation of it', () => {
    const server = fakeServer(
      until(() => Date.now() + 60_000),
      () => new Promise(() => {}),
    );
    const peer = server.connect(dialect).init();
    peer.start();
    expect(peer.types()).toContain('connection_ack');
    server.core.timers.advance(59_000);
    expect(peer.closes).toEqual([]);
    server.core.timers.advance(1_000);
    expect(peer.closes).toEqual([{ code: 4403, reason: 'Credentials expired' }]);
    expect(peer.read()).toEqual([]);
    expect(server.core.counters.operations).toBe(0);
    peer.events.closed(4403, 'Credentials expired', undefined);
    expect(server.endings).toMatchObject([{ code: 4403, reason: 'Credentials expired', operations: 1 }]);
    expect(server.core.timers.armed).toBe(0);
  });

  test('may be good for longer than a timer reaches', () => {
    const server = fakeServer(until(() => Date.now() + 60 * day));
    const peer = server.connect(dialect).init();
    server.core.timers.advance(59 * day);
    expect(peer.closes).toEqual([]);
    server.core.timers.advance(day);
    expect(peer.closes).toMatchObject([{ code: 4403 }]);
  });

  test('for ever is no wait at all', () => {
    const server = fakeServer(until(() => Number.POSITIVE_INFINITY));
    const peer = server.connect(dialect).init();
    expect(peer.types()).toContain('connection_ack');
    expect(server.core.timers.armed).toBe(0);
  });

  test('that are over already are not accepted', () => {
    const server = fakeServer(until(() => Date.now() - 1));
    const peer = server.connect(dialect).init();
    if (dialect === 'graphql-ws') {
      expect(peer.read()).toEqual([{ type: 'connection_error', payload: { message: 'Credentials expired' } }]);
      expect(peer.closes).toMatchObject([{ code: 1011 }]);
    } else {
      expect(peer.read()).toEqual([]);
      expect(peer.closes).toEqual([{ code: 4403, reason: 'Credentials expired' }]);
    }
    expect(server.failures).toEqual([]);
  });

  test.each([Number.NaN, undefined, '2030-01-01'])('%j is no time: the hook fails', (timeMs) => {
    const server = fakeServer(until(() => timeMs as number));
    const peer = server.connect(dialect).init();
    expect(peer.closes).toMatchObject([{ code: dialect === 'graphql-ws' ? 1011 : 4500 }]);
    expect(server.failures.map(({ source }) => source)).toEqual(['onConnect']);
    expect(String(server.failures[0]?.error)).toContain('milliseconds since 1970');
  });

  test('may be given their end later, and not after the socket has gone', () => {
    let late: ConnectContext['expireAt'] = () => {};
    const server = fakeServer({
      onConnect: ({ expireAt }) => {
        late = expireAt;
      },
    });
    const peer = server.connect(dialect).init();
    late(Date.now() + 1_000);
    server.core.timers.advance(1_000);
    expect(peer.closes).toMatchObject([{ code: 4403 }]);
    peer.events.closed(4403, '', undefined);
    late(Date.now() + 1_000);
    expect(server.core.timers.armed).toBe(0);
  });

  test('a client that leaves before leaves no timer behind', () => {
    const server = fakeServer(until(() => Date.now() + day));
    const peer = server.connect(dialect).init();
    expect(server.core.timers.armed).toBe(1);
    peer.events.closed(1006, '', undefined);
    expect(server.core.timers.armed).toBe(0);
  });
});

describe('new credentials on a live socket', () => {
  /** A hook that keeps what it was asked, and decides when a test says so. */
  function gatekeeper() {
    const asked: ConnectContext[] = [];
    const decide: (() => void)[] = [];
    const onConnect = (context: ConnectContext): undefined | Promise<void> => {
      asked.push(context);
      const token = context.connectionParams?.token;
      if (typeof context.connectionParams?.forMs === 'number') {
        context.expireAt(Date.now() + context.connectionParams.forMs);
      }
      if (context.reason === 'connect') return undefined;
      return new Promise((resolve, reject) => {
        decide.push(() => {
          if (token === 'bad') reject(new ConnectionRefused('Bad token'));
          else if (token === 'broken') reject(new Error('database down'));
          else resolve();
        });
      });
    };
    return { asked, onConnect, decide: () => decide.shift()?.() };
  }

  test('are judged by the hook again, answered by a pong, and count for operations that begin later', async () => {
    const { asked, onConnect, decide } = gatekeeper();
    const seen: (JsonObject | undefined)[] = [];
    await using t = await startServer({
      onConnect,
      context: (own) => {
        seen.push(own.connectionParams);
        return own;
      },
    });
    const client = await RawClient.accepted(t.ws, 'graphql-transport-ws', { token: 'old' });
    client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { gated(gate: "g") }' } });
    await client.next('next');
    client.send(renewal({ token: 'new' }));
    await until(() => asked.length === 2);
    client.send({ type: 'subscribe', id: '2', payload: { query: '{ hello }' } });
    await client.next('next');
    await client.next('complete');
    expect(seen).toEqual([{ token: 'old' }, { token: 'old' }]);
    decide();
    expect(await client.next()).toEqual(renewed);
    client.send({ type: 'subscribe', id: '3', payload: { query: '{ hello }' } });
    await client.next('next');
    await client.next('complete');
    expect(seen[2]).toEqual({ token: 'new' });
    expect(asked.map(({ reason }) => reason)).toEqual(['connect', 'reauthenticate']);
    expect(asked[1]?.connection).toBe(asked[0]?.connection);
    expect(asked[1]?.headers).toEqual(asked[0]?.headers);
    expect(asked[1]?.remoteAddress).toBe('127.0.0.1');
    // What was running goes on.
    t.probe.open('g');
    await client.next('next');
    await client.next('complete');
  });

  test.each([
    ['at once', ({ connectionParams }: PrincipalContext) => String(connectionParams?.user)],
    ['later', async ({ connectionParams }: PrincipalContext) => String(connectionParams?.user)],
  ])('have to be those of the same principal, named %s: one socket has one identity', async (_, principal) => {
    const server = fakeServer({ onConnect: () => {}, principal });
    const peer = server.connect().init({ user: 'ada', token: 'old' });
    await settled();
    peer.read();
    peer.send(renewal({ user: 'ada', token: 'new' }));
    await settled();
    expect(peer.read()).toEqual([renewed]);
    peer.send(renewal({ user: 'bob' }));
    await settled();
    expect(peer.closes).toEqual([
      { code: 4403, reason: 'These credentials belong to somebody else: open a connection for them' },
    ]);
  });

  test('put off the end of those before', async () => {
    const { onConnect, decide } = gatekeeper();
    const server = fakeServer({ onConnect });
    const peer = server.connect().init({ token: 'old', forMs: 10_000 });
    peer.read();
    server.core.timers.advance(5_000);
    peer.send(renewal({ token: 'new', forMs: 60_000 }));
    decide();
    await settled();
    expect(peer.read()).toEqual([renewed]);
    server.core.timers.advance(30_000);
    expect(peer.closes).toEqual([]);
    server.core.timers.advance(30_000);
    expect(peer.closes).toEqual([{ code: 4403, reason: 'Credentials expired' }]);
  });

  test('that say no end have none, whatever those before said', async () => {
    const { onConnect, decide } = gatekeeper();
    const server = fakeServer({ onConnect });
    const peer = server.connect().init({ forMs: 10_000 });
    peer.send(renewal({ token: 'new' }));
    decide();
    await settled();
    server.core.timers.advance(day);
    expect(peer.closes).toEqual([]);
  });

  test('do not help before they were accepted: the old ones end at their time', async () => {
    const { asked, onConnect, decide } = gatekeeper();
    const server = fakeServer({ onConnect });
    const peer = server.connect().init({ forMs: 10_000 });
    peer.send(renewal({ token: 'new' }));
    server.core.timers.advance(10_000);
    expect(peer.closes).toEqual([{ code: 4403, reason: 'Credentials expired' }]);
    expect(asked[1]?.signal.aborted).toBe(true);
    peer.read();
    decide();
    await settled();
    expect(peer.read()).toEqual([]);
  });

  test.each([
    ['bad', 4403, 'Bad token', 0],
    ['broken', 4500, 'Internal server error', 1],
  ])('that are %s end the connection with %i', async (token, code, reason, failures) => {
    const { onConnect, decide } = gatekeeper();
    const server = fakeServer({ onConnect });
    const peer = server.connect().init();
    peer.send(renewal({ token }));
    decide();
    await settled();
    expect(peer.closes).toEqual([{ code, reason }]);
    expect(server.failures).toHaveLength(failures);
  });

  test('that are over already end the connection with 4403', async () => {
    const { onConnect, decide } = gatekeeper();
    const server = fakeServer({ onConnect });
    const peer = server.connect().init();
    peer.send(renewal({ forMs: -1 }));
    decide();
    await settled();
    expect(peer.closes).toEqual([{ code: 4403, reason: 'Credentials expired' }]);
  });

  test('a hook that never settles ends the connection with 4500 after its time', async () => {
    const { onConnect } = gatekeeper();
    const server = fakeServer({ onConnect, hookTimeoutMs: 1_000 });
    const peer = server.connect().init();
    peer.send(renewal({}));
    server.core.timers.advance(1_000);
    await settled();
    expect(peer.closes).toMatchObject([{ code: 4500 }]);
    expect(server.failures[0]?.error).toBeInstanceOf(HookTimeoutError);
  });

  test('are judged one at a time; of those that came meanwhile only the last count', async () => {
    const { asked, onConnect, decide } = gatekeeper();
    const server = fakeServer({ onConnect });
    const peer = server.connect().init();
    peer.read();
    for (const token of ['bad', 'second', 'third']) peer.send(renewal({ token }));
    expect(asked).toHaveLength(2);
    // The word on what has been replaced counts for nothing.
    decide();
    await settled();
    expect(asked.map(({ connectionParams }) => connectionParams?.token)).toEqual([undefined, 'bad', 'third']);
    expect(peer.read()).toEqual([]);
    decide();
    await settled();
    expect(peer.read()).toEqual([renewed]);
    expect(peer.closes).toEqual([]);
    peer.send(renewal({ token: 'fourth' }));
    expect(asked).toHaveLength(4);
  });

  test('a client that leaves while they are judged aborts the signal of the hook, and nothing is reported', async () => {
    const { asked, onConnect, decide } = gatekeeper();
    const server = fakeServer({ onConnect });
    const peer = server.connect().init();
    peer.send(renewal({ token: 'broken' }));
    peer.events.closed(1006, '', undefined);
    expect(asked[1]?.signal.aborted).toBe(true);
    decide();
    await settled();
    expect(server.failures).toEqual([]);
    expect(server.core.timers.armed).toBe(0);
  });

  test.each([
    ['where no hook looks at them', {}, true],
    ['before the connection was accepted', { onConnect: () => {} }, false],
  ])('%s are an ordinary ping, which is answered with its payload', (_, options, init) => {
    const server = fakeServer(options);
    const peer = server.connect();
    if (init) peer.init();
    peer.read();
    peer.send(renewal({ token: 'new' }));
    expect(peer.read()).toEqual([{ type: 'pong', payload: { holdfast: { auth: { token: 'new' } } } }]);
  });

  test.each([null, 'token', ['token'], 5])('%j are none: an ordinary ping', (auth) => {
    const server = fakeServer({ onConnect: () => {} });
    const peer = server.connect().init();
    peer.read();
    peer.send(renewal(auth));
    expect(peer.read()).toEqual([{ type: 'pong', payload: { holdfast: { auth } } }]);
  });
});
