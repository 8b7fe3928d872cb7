// Our session connects to the server of graphql-ws, is refused, is closed with every code there is, and pings and is pinged.

import { describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { connect } from '../../../src/session/session.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { nextEvent, open, openReady, rejection } from '../../session/behaviour/support/sessions.js';
import { reached, until } from '../../session/behaviour/support/waiting.js';
import { startPeerServer } from './support/peer-server.js';

describe('the handshake with the server of graphql-ws', () => {
  test.each([
    ['nothing', undefined],
    ['true', true],
    ['an object', { welcome: 1 }],
    ['an object under the key that our own server uses', { holdfast: { v: 2, idempotency: 'yes' } }],
  ])('is done when its hook returns %s', async (_what, word) => {
    const heard: unknown[] = [];
    const peer = await startPeerServer({
      onConnect: ({ connectionParams }) => {
        heard.push(connectionParams);
        return word;
      },
    });
    const session = await openReady(peer, { credentials: { connectionParams: { token: 'x' } } });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(heard).toEqual([{ token: 'x' }]);
  });

  test('that it refuses with 4403 ends the first contact', async () => {
    const peer = await startPeerServer({ onConnect: () => false });
    const error = await rejection(connect({ transport: webSocket(peer.url) }), ConnectError);
    expect(error).toMatchObject({ code: 'closed', phase: 'handshake', closeCode: 4403, attempts: 1 });
    expect(error.failure).toMatchObject({ closeReason: 'Forbidden' });
    expect(peer.sockets).toHaveLength(1);
  });

  test('that it refuses with 4403 is tried once more with new credentials', async () => {
    const peer = await startPeerServer({ onConnect: ({ connectionParams }) => connectionParams?.token === 'refused' });
    const session = await openReady(peer, {
      credentials: ({ reason }) => ({ connectionParams: { token: reason } }),
    });
    expect(session.state).toMatchObject({ status: 'ready', generation: 2 });
  });

  test('that it refuses later, when the session has been ready, is tried until it accepts', async () => {
    let accepting = true;
    const peer = await startPeerServer({ onConnect: () => accepting });
    const session = await openReady(peer);
    accepting = false;
    peer.terminate();
    expect(await reached(session, 'waiting', ({ cause }) => cause.closeCode === 4403)).toMatchObject({
      cause: { code: 'closed', closeReason: 'Forbidden' },
    });
    const waiting = session.execute('{ hello }');
    accepting = true;
    expect(await waiting).toEqual({ hello: 'Hello world' });
  });

  test('whose hook throws closes with 4500, and is worth another try', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    let calls = 0;
    const peer = await startPeerServer({
      onConnect: () => {
        calls += 1;
        if (calls === 1) throw new Error('The database is away');
      },
    });
    const session = open(peer);
    const { cause } = await reached(session, 'waiting');
    expect(cause).toMatchObject({ closeCode: 4500, closeReason: 'The database is away', phase: 'handshake' });
    await session.ready();
  });

  test('whose init gets lost ends in its 4408, and is worth another try', async () => {
    let lost = 0;
    class LosesTheFirst extends WebSocket {
      override send(data: string): void {
        if (lost++ > 0) super.send(data);
      }
    }
    const peer = await startPeerServer({ connectionInitWaitTimeout: 100 });
    const session = open(peer, { transport: webSocket(peer.url, { WebSocket: LosesTheFirst }) });
    expect((await reached(session, 'waiting')).cause).toMatchObject({
      closeCode: 4408,
      closeReason: 'Connection initialisation timeout',
    });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
  });

  test('that is never done ends on our side, which tells the server 4504', async () => {
    let calls = 0;
    const peer = await startPeerServer({
      onConnect: () => (++calls === 1 ? new Promise<boolean>(() => {}) : true),
    });
    const session = open(peer, { limits: { ackTimeoutMs: 20 } });
    expect((await reached(session, 'waiting')).cause).toMatchObject({ code: 'timeout', phase: 'handshake' });
    await until(() => peer.ends.length > 0);
    expect(peer.ends[0]).toEqual({ code: 4504, reason: 'Acknowledgement timeout' });
  });

  test('speaks its subprotocol, whatever we would rather have', async () => {
    const peer = await startPeerServer();
    const transport = webSocket(peer.url, { protocols: ['graphql-ws', 'graphql-transport-ws'] });
    const session = await openReady(peer, { transport });
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    expect(peer.socket.protocol).toBe('graphql-transport-ws');
  });

  test('cannot be done in the legacy subprotocol, and the session gives up at once', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const peer = await startPeerServer();
    const session = open(peer, { transport: webSocket(peer.url, { protocols: ['graphql-ws'] }) });
    expect(await rejection(session.ready(), ConnectError)).toMatchObject({ code: 'subprotocol', attempts: 1 });
    expect(session.state.status).toBe('failed');
  });
});

describe('a connection that the server of graphql-ws closes', () => {
  test.each([
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4000, 4004, 4400, 4401, 4403,
    4406, 4408, 4409, 4429, 4499, 4500, 4504,
  ])('with %i is replaced: the query on it is answered, the subscription goes on', async (code) => {
    const peer = await startPeerServer();
    const session = await openReady(peer);
    const subscription = session.subscribe('subscription { forever(name: "f") }');
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    const query = session.result('{ slow(gate: "g") }');
    await until(() => peer.probe.began.includes('slow'));
    const interruption = reached(session, 'waiting');
    if (code === 1006) peer.socket.terminate();
    else if (code === 1005) peer.socket.close();
    else peer.socket.close(code, 'as the test wants');
    const { cause } = await interruption;
    expect(cause).toMatchObject({ code: 'closed', phase: 'connection', closeCode: code });
    if (code !== 1005 && code !== 1006) expect(cause).toMatchObject({ closeReason: 'as the test wants' });
    peer.probe.open('g');
    expect(await query).toMatchObject({ data: { slow: 'after g' }, meta: { attempts: 2, generation: 2 } });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    expect(await nextEvent(subscription)).toMatchObject({ data: { forever: 1 } });
    expect(peer.sockets).toHaveLength(2);
  });
});

describe('pings between our session and the server of graphql-ws', () => {
  test('of the program bring back the payload, and what the server was asked', async () => {
    const asked: unknown[] = [];
    const peer = await startPeerServer({ onPing: (_context, payload) => void asked.push(payload) });
    const session = await openReady(peer);
    expect(await session.ping({ n: 1, nested: { list: [null] } })).toMatchObject({
      payload: { n: 1, nested: { list: [null] } },
    });
    expect((await session.ping()).payload).toBeUndefined();
    const many = await Promise.all(Array.from({ length: 50 }, (_, n) => session.ping({ n })));
    expect(many.map(({ payload }) => payload?.n)).toEqual(many.map((_, n) => n));
    expect(asked).toHaveLength(52);
  });

  test('of the session, which come by themselves when it is quiet, are answered', async () => {
    const asked: unknown[] = [];
    const peer = await startPeerServer({ onPing: (_context, payload) => void asked.push(payload) });
    const session = await openReady(peer, { liveness: { silenceMs: 1, answerMs: 10_000 } });
    await until(() => asked.length > 0);
    await session.ping();
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });

  test('of the server, as messages, are answered with their payload', async () => {
    const pongs: unknown[] = [];
    const peer = await startPeerServer({ onPong: (_context, payload) => void pongs.push(payload) });
    const session = await openReady(peer);
    for (const payload of [undefined, null, {}, { n: 1 }]) peer.socket.send(JSON.stringify({ type: 'ping', payload }));
    await until(() => pongs.length === 4);
    expect(pongs).toEqual([undefined, undefined, {}, { n: 1 }]);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });

  test('of the server, as WebSocket frames, are answered: it does not take the session for dead', async () => {
    const peer = await startPeerServer();
    const session = await openReady(peer);
    for (const data of ['', 'still there?']) {
      const pong = new Promise((resolve) => peer.socket.once('pong', (answer) => resolve(answer.toString())));
      peer.socket.ping(data);
      expect(await pong).toBe(data);
    }
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });
});
