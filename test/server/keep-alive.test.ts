import { describe, expect, test } from 'vitest';
import { legacyWsServer, transportWsServer } from '../../src/protocol/dialects/index.js';
import { type DisconnectContext, PeerSilentError } from '../../src/server/index.js';
import { RawClient } from './support/client.js';
import { accepted } from './support/fake-connection.js';
import { ManualTimers } from './support/manual-timers.js';
import { RawTcp } from './support/raw-tcp.js';
import { startServer, until } from './support/serving.js';

describe('signs of life of the server', () => {
  test('graphql-transport-ws: a ping after an interval without anything to say', () => {
    const { timers, connection, types } = accepted(transportWsServer);
    timers.advance(9_999);
    expect(types()).toEqual(['connection_ack']);
    timers.advance(1);
    expect(types()).toEqual(['connection_ack', 'ping']);
    connection.message('{"type":"pong"}');
    timers.advance(10_000);
    expect(types()).toEqual(['connection_ack', 'ping', 'ping']);
  });

  test('graphql-transport-ws: no ping while data flows', () => {
    const { timers, connection, types } = accepted(transportWsServer);
    for (let i = 0; i < 20; i++) {
      timers.advance(5_000);
      connection.heard();
      connection.send('{"type":"next","id":"1","payload":{}}');
    }
    expect(types()).not.toContain('ping');
  });

  test('a store of idempotency keys that fills up is told once, also while data flows: clients then make no more', () => {
    const store = { windowMs: 1_000, name: 's', hasRoom: true, begin: () => ({ type: 'full' }) as const };
    const { timers, connection, socket } = accepted(transportWsServer, 10_000, undefined, { idempotency: store });
    expect(socket.frames[0]?.payload).toMatchObject({ holdfast: { idempotency: { windowMs: 1_000, store: 's' } } });
    const flow = (): void => {
      timers.advance(5_000);
      connection.heard();
      connection.send('{"type":"next","id":"1","payload":{}}');
    };
    for (let i = 0; i < 5; i++) flow();
    store.hasRoom = false;
    for (let i = 0; i < 10; i++) flow();
    const pings = socket.frames.filter(({ type }) => type === 'ping');
    expect(pings.map(({ payload }) => payload)).toEqual([{ holdfast: { idempotency: null } }]);
  });

  test('legacy: ka right after the ack and after every quiet interval', () => {
    const { timers, connection, types } = accepted(legacyWsServer);
    expect(types()).toEqual(['connection_ack', 'ka']);
    timers.advance(10_000);
    connection.heard();
    timers.advance(10_000);
    expect(types()).toEqual(['connection_ack', 'ka', 'ka', 'ka']);
  });

  test('legacy: while data flows ka comes only every second interval, for clients that count nothing else', () => {
    const { timers, connection, types } = accepted(legacyWsServer);
    for (let i = 0; i < 8; i++) {
      timers.advance(5_000);
      connection.heard();
      connection.send('{"type":"data","id":"1","payload":{}}');
    }
    expect(types().filter((type) => type === 'ka')).toHaveLength(3);
  });

  test('0 turns it off', () => {
    const { timers, types, socket } = accepted(legacyWsServer, 0);
    timers.advance(1_000_000);
    expect(types()).toEqual(['connection_ack']);
    expect([socket.pings, socket.terminated]).toEqual([0, 0]);
  });
});

describe('signs of life of the peer', () => {
  test.each([
    ['graphql-transport-ws', transportWsServer],
    ['graphql-ws', legacyWsServer],
  ] as const)('%s: silence for an interval is asked about, silence for one more is the end', (_, dialect) => {
    const { timers, socket, connection, endings } = accepted(dialect);
    timers.advance(10_000);
    expect([socket.pings, socket.terminated]).toEqual([1, 0]);
    timers.advance(9_999);
    expect([socket.pings, socket.terminated]).toEqual([1, 0]);
    timers.advance(1);
    expect([socket.pings, socket.terminated]).toEqual([1, 1]);
    expect(socket.closes).toEqual([]);
    connection.closed(1006, '', undefined);
    expect(endings).toHaveLength(1);
    expect(endings[0]).toMatchObject({ code: 1006, clean: false });
    expect(endings[0]?.error).toBeInstanceOf(PeerSilentError);
    expect(timers.armed).toBe(0);
  });

  test('also while the server is talking: data that it sends is no sign of its peer', () => {
    const { timers, socket, connection } = accepted(transportWsServer);
    for (let i = 0; i < 4; i++) {
      timers.advance(5_000);
      connection.send('{"type":"next","id":"1","payload":{}}');
    }
    expect(socket.terminated).toBe(1);
  });

  test('any message, ping or pong frame counts', () => {
    const { timers, socket, connection } = accepted(transportWsServer);
    for (let i = 0; i < 50; i++) {
      timers.advance(7_000);
      if (i % 2 === 0) connection.heard();
      else connection.message('{"type":"pong"}');
    }
    expect([socket.pings, socket.terminated]).toEqual([0, 0]);
  });

  test('a peer that is not read because it does not read is not called dead', () => {
    const { timers, socket, connection } = accepted(transportWsServer, 10_000, undefined, { stallTimeoutMs: 200_000 });
    socket.backlog = 2 ** 21;
    connection.send('{"type":"next","id":"1","payload":{}}');
    expect(socket.paused).toBe(true);
    timers.advance(100_000);
    expect(socket.terminated).toBe(0);
    socket.backlog = 0;
    connection.flushed();
    timers.advance(30_000);
    expect(socket.terminated).toBe(1);
  });
});

describe('on real sockets', () => {
  test('a peer that answers nothing is terminated, one whose library answers pings stays', async () => {
    const timers = new ManualTimers();
    const endings: DisconnectContext[] = [];
    await using t = await startServer({ keepAliveMs: 1_000, onDisconnect: (e) => void endings.push(e) }, { timers });
    const alive = await RawClient.accepted(t.ws, 'graphql-ws');
    const dead = await RawTcp.upgrade(t.ws, 'graphql-transport-ws');
    dead.text({ type: 'connection_init' });
    dead.text({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } });
    await until(() => t.probe.began.includes('hello'));
    const pinged = new Promise((resolve) => alive.ws.once('ping', resolve));
    timers.advance(1_000);
    await pinged;
    await alive.settled();
    timers.advance(1_000);
    await until(() => endings.length === 1);
    expect(endings[0]?.error).toBeInstanceOf(PeerSilentError);
    expect(t.server.stats().connections).toBe(1);
  });
});
