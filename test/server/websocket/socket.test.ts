import { describe, expect, test } from 'vitest';
import { PeerSilentError } from '../../../src/server/index.js';
import { RawClient } from '../support/client.js';
import type { FakeSocket } from '../support/fake-socket.js';
import { startServer, until } from '../support/serving.js';
import { dialects, endless, fakeServer, type Peer, PlainSocket, settled, starts } from './support/peer.js';

const plain = (server: ReturnType<typeof fakeServer>, dialect: (typeof dialects)[number]) => {
  const socket = new PlainSocket();
  return { socket, peer: server.connect(dialect, socket as unknown as FakeSocket) };
};

describe.each(dialects)('%s: on a socket that can do no more than send, close and terminate', (dialect) => {
  test('operations run, and the connection ends', async () => {
    const server = fakeServer();
    const { socket, peer } = plain(server, dialect);
    peer.init().start();
    expect(socket.frames.map(({ type }) => type).filter((type) => type !== 'ka')).toEqual([
      'connection_ack',
      dialect === 'graphql-ws' ? 'data' : 'next',
      'complete',
    ]);
    peer.events.binary();
    peer.events.flushed();
    peer.events.closed(1003, '', undefined);
    await settled();
    expect(server.core.counters).toMatchObject({ connections: 0, operations: 0 });
  });

  test('a dead peer is noticed where the protocol has a pong', () => {
    const server = fakeServer({ keepAliveMs: 1_000 });
    const { socket, peer } = plain(server, dialect);
    peer.init();
    socket.frames.splice(0);
    server.core.timers.advance(1_000);
    // One ping, which is our sign of life and asks for one, too.
    expect(socket.frames.map(({ type }) => type)).toEqual([dialect === 'graphql-ws' ? 'ka' : 'ping']);
    server.core.timers.advance(1_000);
    expect(socket.terminated).toBe(dialect === 'graphql-ws' ? 0 : 1);
    if (dialect === 'graphql-ws') return;
    peer.events.closed(1006, '', undefined);
    expect(server.endings[0]?.error).toBeInstanceOf(PeerSilentError);
  });

  test('a dead peer is noticed, too, while the server is talking', () => {
    if (dialect === 'graphql-ws') return;
    const server = fakeServer({ keepAliveMs: 1_000 });
    const { socket, peer } = plain(server, dialect);
    peer.init().start();
    const { events } = peer;
    for (let i = 0; i < 4; i++) {
      server.core.timers.advance(500);
      (events as unknown as { send(text: string): void }).send('{"type":"next","id":"1","payload":{}}');
    }
    expect(socket.frames.filter(({ type }) => type === 'ping')).toHaveLength(1);
    expect(socket.terminated).toBe(1);
  });

  test('a peer that answers stays', () => {
    const server = fakeServer({ keepAliveMs: 1_000 });
    const { socket, peer } = plain(server, dialect);
    peer.init();
    for (let i = 0; i < 10; i++) {
      server.core.timers.advance(1_000);
      peer.send({ type: 'pong' });
    }
    expect(socket.terminated).toBe(0);
  });
});

describe.each(dialects)('%s: the close of a socket', (dialect) => {
  test('is waited for five seconds; then it is terminated', () => {
    const server = fakeServer();
    const peer = server.connect(dialect).init();
    peer.events.binary();
    server.core.timers.advance(4_999);
    expect(peer.socket.terminated).toBe(0);
    server.core.timers.advance(1);
    expect(peer.socket.terminated).toBe(1);
    peer.events.closed(1006, '', undefined);
    expect(server.endings).toMatchObject([{ code: dialect === 'graphql-ws' ? 1003 : 4400, clean: false }]);
    expect(server.core.timers.armed).toBe(0);
  });

  test('says nothing any more, whatever still happens on it', async () => {
    const server = fakeServer();
    const peer = server.connect(dialect).init();
    peer.events.binary();
    peer.read();
    peer.send({ type: 'connection_init' });
    peer.send({ type: 'ping' });
    peer.start();
    peer.stop('1');
    peer.events.message('[');
    peer.events.heard();
    peer.events.flushed();
    peer.events.failed(new Error('late'), 1002);
    peer.events.closed(1006, '', undefined);
    await settled();
    expect(peer.read()).toEqual([]);
    expect(peer.closes).toHaveLength(1);
    expect(server.core.timers.armed).toBe(0);
    expect(server.endings).toHaveLength(1);
    expect(server.core.counters.failedSockets).toBe(0);
  });
});

describe.each(dialects)('%s: a peer that does not read', (dialect) => {
  const stalled = (server: ReturnType<typeof fakeServer>): Peer => {
    const peer = server.connect(dialect).init();
    peer.start();
    peer.socket.backlog = 2 ** 21;
    peer.send({ type: dialect === 'graphql-ws' ? 'connection_init' : 'ping' });
    expect(peer.socket.paused).toBe(true);
    return peer;
  };

  test('is closed with 1013 and the name of the option at the deadline, and terminated when it does not read that either', async () => {
    const server = fakeServer({ stallTimeoutMs: 3_000 }, endless);
    const peer = stalled(server);
    server.core.timers.advance(2_999);
    expect(peer.closes).toEqual([]);
    server.core.timers.advance(1);
    expect(peer.closes).toEqual([{ code: 1013, reason: expect.stringContaining('"stallTimeoutMs"') }]);
    expect(peer.socket.paused).toBe(false);
    server.core.timers.advance(5_000);
    expect(peer.socket.terminated).toBe(1);
    peer.events.closed(1006, '', undefined);
    await settled();
    expect(server.endings).toMatchObject([{ code: 1013, clean: false, operations: 1 }]);
    expect(server.limited()).toEqual({ stallTimeoutMs: 1 });
    expect(server.core.timers.armed).toBe(0);
  });

  test('until just before it and then does is read on', () => {
    const server = fakeServer({ stallTimeoutMs: 3_000 }, endless);
    const peer = stalled(server);
    server.core.timers.advance(2_999);
    peer.socket.backlog = 0;
    peer.events.flushed();
    expect(peer.socket.paused).toBe(false);
    server.core.timers.advance(10_000);
    expect(peer.closes).toEqual([]);
  });

  test('and sends too much is read again when both are over', () => {
    const server = fakeServer({ limits: { messagesPerSecond: 10, messageBurst: 2 } }, endless);
    const peer = server.connect(dialect).init();
    peer.socket.backlog = 2 ** 21;
    for (let i = 0; i < 4; i++) peer.send({ type: dialect === 'graphql-ws' ? 'connection_init' : 'ping' });
    expect(peer.socket.paused).toBe(true);
    peer.socket.backlog = 0;
    peer.events.flushed();
    expect(peer.socket.paused).toBe(true);
    server.core.timers.advance(1_000);
    expect(peer.socket.paused).toBe(false);
  });
});

describe('on real sockets', () => {
  test.each(dialects)(
    '%s: a peer that stops reading is let go at the deadline, and others are not delayed',
    async (dialect) => {
      const endings: number[] = [];
      await using t = await startServer({ stallTimeoutMs: 200, onDisconnect: ({ code }) => void endings.push(code) });
      const slow = await RawClient.accepted(t.ws, dialect);
      const other = await RawClient.accepted(t.ws, dialect);
      slow.ws.pause();
      slow.send({ type: starts[dialect], id: '1', payload: { query: 'subscription { blob(bytes: 100000) }' } });
      await until(() => t.probe.began.filter((name) => name === 'blob pulled').length > 10);
      other.send({ type: starts[dialect], id: '1', payload: { query: '{ hello }' } });
      await other.next();
      await other.next('complete');
      await until(() => t.probe.finalised.includes('blob'));
      slow.cut();
      await until(() => endings.length === 1);
      expect(endings).toEqual([1013]);
      expect(t.server.stats()).toMatchObject({ connections: 1, operations: 0, sources: 0 });
    },
  );
});
