import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Execution } from '../../../src/protocol/executor.js';
import { RawClient } from '../support/client.js';
import { ManualTimers } from '../support/manual-timers.js';
import { startServer, until } from '../support/serving.js';
import { dialects, endless, type FakeServer, fakeServer, type Peer, settled } from './support/peer.js';

const restarting = { code: 1012, reason: 'The server is shutting down' };
const notice = (withinMs: number) => ({
  holdfast: { goingAway: { reason: 'The server is shutting down', withinMs } },
});
const answer: Execution = { kind: 'result', result: { data: {} } };

/** Answers of queries that a test gives. */
function gate() {
  const open: (() => void)[] = [];
  const execute = (): Promise<Execution> => new Promise((resolve) => open.push(() => resolve(answer)));
  return { execute, answerAll: () => open.splice(0).map((give) => give()) };
}

/** Everybody's turn is now. */
function leaveNow(server: FakeServer): void {
  void server.core.life.drain({ spreadMs: 0 });
  server.core.timers.advance(0);
}

const leave = (peer: Peer): void => peer.events.closed(1012, '', undefined);

describe.each(dialects)('%s: when the server leaves', (dialect) => {
  test('every connection has its turn, evenly spread, and a peer is told a little before', async () => {
    const server = fakeServer({ keepAliveMs: 1_000_000 });
    const peers = [1, 2, 3, 4].map(() => server.connect(dialect).init());
    for (const peer of peers) peer.read();
    const drained = server.core.life.drain({ deadlineMs: 30_000, spreadMs: 9_000 });
    const { timers } = server.core;
    const type = dialect === 'graphql-ws' ? 'ka' : 'ping';
    const told = () => peers.map((peer) => peer.socket.frames.length);
    const closed = () => peers.map((peer) => peer.closes.length);
    expect([told(), closed()]).toEqual([
      [1, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(peers[0]?.read()).toEqual([{ type, payload: notice(30_000) }]);
    timers.advance(999);
    expect(closed()).toEqual([0, 0, 0, 0]);
    timers.advance(1);
    expect(closed()).toEqual([1, 0, 0, 0]);
    timers.advance(1_000);
    expect(peers[1]?.read()).toEqual([{ type, payload: notice(28_000) }]);
    expect(closed()).toEqual([1, 0, 0, 0]);
    timers.advance(1_000);
    expect(closed()).toEqual([1, 1, 0, 0]);
    timers.advance(2_000);
    expect(closed()).toEqual([1, 1, 1, 0]);
    timers.advance(2_000);
    expect(closed()).toEqual([1, 1, 1, 1]);
    for (const peer of peers) expect(peer.closes).toEqual([restarting]);
    for (const peer of peers) leave(peer);
    await drained;
    expect(timers.armed).toBe(0);
    expect(server.endings).toHaveLength(4);
    expect(server.endings[0]).toMatchObject({ code: 1012, clean: true });
  });

  test('a query that runs is answered before its connection is closed, and new ones are taken until then', async () => {
    const { execute, answerAll } = gate();
    const server = fakeServer({}, execute);
    const peer = server.connect(dialect).init();
    peer.start('first');
    leaveNow(server);
    expect(peer.closes).toEqual([]);
    peer.start('second');
    peer.read();
    answerAll();
    await settled();
    expect(peer.read().map(({ type, id }) => [type, id])).toEqual([
      [dialect === 'graphql-ws' ? 'data' : 'next', 'first'],
      ['complete', 'first'],
      [dialect === 'graphql-ws' ? 'data' : 'next', 'second'],
      ['complete', 'second'],
    ]);
    expect(peer.closes).toEqual([restarting]);
  });

  test('a query that its client stops holds nothing up any more', () => {
    const server = fakeServer({}, gate().execute);
    const peer = server.connect(dialect).init();
    const id = peer.start();
    leaveNow(server);
    peer.read();
    peer.stop(id);
    expect(peer.types()).toEqual(dialect === 'graphql-ws' ? ['complete'] : []);
    expect(peer.closes).toEqual([restarting]);
  });

  test('subscriptions hold nothing up, also where one begins while a query runs', async () => {
    let next: 'subscription' | 'query' = 'subscription';
    const { execute, answerAll } = gate();
    const server = fakeServer({}, (signal) => (next === 'subscription' ? endless(signal) : execute()));
    const idle = server.connect(dialect).init();
    idle.start();
    const busy = server.connect(dialect).init();
    busy.start();
    next = 'query';
    busy.start();
    leaveNow(server);
    expect([idle.closes, busy.closes]).toEqual([[restarting], []]);
    next = 'subscription';
    busy.start();
    expect(busy.closes).toEqual([]);
    answerAll();
    await settled();
    expect(busy.closes).toEqual([restarting]);
    expect(server.core.counters.operations).toBe(0);
  });

  test('subscriptions that have ended count for nothing any more: a query still holds its connection', () => {
    let next: 'subscription' | 'query' = 'subscription';
    const server = fakeServer({}, (signal) => (next === 'subscription' ? endless(signal) : gate().execute()));
    const peer = server.connect(dialect).init();
    peer.stop(peer.start());
    next = 'query';
    peer.start();
    leaveNow(server);
    expect(peer.closes).toEqual([]);
  });

  test('what still runs at the deadline is closed, and what does not answer then is ended', async () => {
    const server = fakeServer({}, gate().execute);
    const peer = server.connect(dialect).init();
    peer.start();
    let done = false;
    const drained = server.core.life.drain({ deadlineMs: 10_000, spreadMs: 0 }).then(() => {
      done = true;
    });
    server.core.timers.advance(9_999);
    expect(peer.closes).toEqual([]);
    server.core.timers.advance(1);
    expect(peer.closes).toEqual([restarting]);
    expect(peer.socket.terminated).toBe(0);
    server.core.timers.advance(1_000);
    expect(peer.socket.terminated).toBe(1);
    await settled();
    expect(done).toBe(false);
    peer.events.closed(1006, '', undefined);
    await drained;
    expect(server.endings).toMatchObject([{ code: 1012, operations: 1 }]);
  });

  test('a connection that was not accepted yet is closed at its turn', () => {
    let ask = 0;
    const server = fakeServer({
      onConnect: () => {
        ask += 1;
        return new Promise(() => {});
      },
    });
    const silent = server.connect(dialect);
    const judged = server.connect(dialect).init();
    if (dialect === 'graphql-ws') judged.start();
    leaveNow(server);
    expect([silent.closes, judged.closes]).toEqual([[restarting], [restarting]]);
    expect([...silent.read(), ...judged.read()]).toEqual([]);
    expect(ask).toBe(1);
    expect(server.core.counters.operations).toBe(0);
  });

  test('a socket that is opened later is closed at once', () => {
    const server = fakeServer();
    void server.core.life.drain({});
    expect(server.connect(dialect).closes).toEqual([restarting]);
  });

  test('one of which nothing is left ends the drain at once', async () => {
    const server = fakeServer();
    const peer = server.connect(dialect).init();
    leave(peer);
    await settled();
    await server.core.life.drain({});
    expect(server.core.timers.armed).toBe(0);
  });
});

test('a legacy peer without keep-alive is told nothing: one such message would make its client count on more', () => {
  const server = fakeServer({ keepAliveMs: 0 });
  const legacy = server.connect('graphql-ws').init();
  legacy.read();
  void server.core.life.drain({ spreadMs: 5_000 });
  expect(legacy.read()).toEqual([]);
});

test('three hundred connections leave in a time that their number does not make longer', async () => {
  const server = fakeServer();
  const peers = Array.from({ length: 300 }, () => server.connect().init());
  const drained = server.core.life.drain({ spreadMs: 1_000 });
  const closed = () => peers.filter((peer) => peer.closes.length > 0).length;
  const seen: number[] = [];
  for (let i = 0; i < 10; i++) {
    server.core.timers.advance(100);
    seen.push(closed());
  }
  expect(seen.slice(0, 4)).toEqual([0, 0, 0, 0]);
  expect(seen[7]).toBeGreaterThan(100);
  expect(seen[7]).toBeLessThan(220);
  expect(seen[9]).toBe(300);
  for (const peer of peers) leave(peer);
  await drained;
});

describe('on real sockets', () => {
  test.each(dialects)(
    '%s: upgrades are refused with 503, the query that runs is answered, then everybody is closed with 1012',
    async (dialect) => {
      const timers = new ManualTimers();
      await using t = await startServer({ keepAliveMs: 1_000_000 }, { timers });
      const type = dialect === 'graphql-ws' ? 'start' : 'subscribe';
      const busy = await RawClient.accepted(t.ws, dialect);
      const idle = await RawClient.accepted(t.ws, dialect);
      idle.send({ type, id: '1', payload: { query: 'subscription { forever(name: "f") }' } });
      await idle.next();
      busy.send({ type, id: '1', payload: { query: '{ slow(gate: "g") }' } });
      await until(() => t.probe.began.includes('slow'));
      const drained = t.server.drain({ spreadMs: 2_000, deadlineMs: 20_000 });
      const refused = new WebSocket(t.ws, dialect);
      const status = await new Promise((resolve) => {
        refused.on('error', () => {});
        refused.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      });
      expect(status).toBe(503);
      timers.advance(2_000);
      expect((await idle.ended).code).toBe(1012);
      await until(() => t.probe.finalised.includes('f'));
      t.probe.open('g');
      expect(await busy.next()).toMatchObject({ payload: { holdfast: { goingAway: { withinMs: 20_000 } } } });
      expect((await busy.next()).payload).toEqual({ data: { slow: 'after g' } });
      await busy.next('complete');
      expect((await busy.ended).code).toBe(1012);
      await drained;
      expect(t.server.stats()).toMatchObject({ connections: 0, operations: 0, sources: 0 });
    },
  );

  test('the stop of a server closes its connections with 1001, also while it drains', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({ keepAliveMs: 0 }, { timers });
    const client = await RawClient.accepted(t.ws);
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ slow(gate: "never") }' } });
    await until(() => t.probe.began.includes('slow'));
    const drained = t.server.drain({});
    const closed = t.serving.close({ graceMs: 100 });
    expect((await client.ended).code).toBe(1001);
    timers.advance(100_000);
    await Promise.all([drained, closed]);
  });
});
