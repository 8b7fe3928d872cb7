// The client of graphql-ws and our server, from the handshake to the end: parameters, refusals, close codes, pings, lazy and
// eager sockets, drops and restarts, after which that client connects by itself.

import { describe, expect, test } from 'vitest';
import { ConnectionRefused, type DisconnectContext, serve } from '../../../src/server/index.js';
import { faultProxy } from '../../../src/testing/index.js';
import { ManualTimers } from '../../server/support/manual-timers.js';
import { until } from '../../server/support/serving.js';
import { startOurServer } from './support/our-server.js';
import { answersTo, connected, run, settled, startPeerClient } from './support/peer-client.js';

/** The client's last word about an operation that its connection took with it. */
const closedWith = (code: number, reason?: string) => ({
  error: expect.objectContaining(reason === undefined ? { code } : { code, reason }),
});

describe('the handshake with the client of graphql-ws', () => {
  test.each([
    ['an object', { token: 'x' }, { token: 'x' }],
    ['a function', () => ({ token: 'y' }), { token: 'y' }],
    ['a promise', async () => ({ token: 'z' }), { token: 'z' }],
    ['nothing', undefined, undefined],
  ])('%s as parameters reaches the hook, and what it returns is the acknowledgement', async (_what, params, seen) => {
    const heard: unknown[] = [];
    const t = await startOurServer({
      onConnect: ({ connectionParams }) => {
        heard.push(connectionParams);
        return { welcome: 1 };
      },
    });
    const peer = startPeerClient(t.ws, { connectionParams: params });
    expect((await connected(peer)).payload).toMatchObject({ welcome: 1 });
    expect(heard).toEqual([seen]);
  });

  test('a hook that takes its time keeps the operations waiting, which then run', async () => {
    let accept = (): void => {};
    const t = await startOurServer({
      onConnect: () =>
        new Promise<void>((resolve) => {
          accept = resolve;
        }),
    });
    const peer = startPeerClient(t.ws);
    const all = Array.from({ length: 3 }, () => answersTo(peer, '{ hello }'));
    await until(() => t.server.stats().connections === 1);
    await until(() => peer.sockets[0]?.readyState === 1);
    expect(t.probe.began).toEqual([]);
    // The init may still be on its way.
    await settled(peer, peer.sockets[0]!);
    accept();
    expect(await Promise.all(all)).toEqual(all.map(() => [{ data: { hello: 'Hello world' } }]));
    expect(peer.sockets).toHaveLength(1);
  });

  test.each([
    ['its default', new ConnectionRefused(), 4403, 'Forbidden'],
    ['a reason', new ConnectionRefused('Who are you?'), 4403, 'Who are you?'],
    ['a code', new ConnectionRefused('Log in again', { code: 4401 }), 4401, 'Log in again'],
  ])('a refusal with %s is the end that its operations are told', async (_what, refusal, code, reason) => {
    const t = await startOurServer({
      onConnect: () => {
        throw refusal;
      },
    });
    const peer = startPeerClient(t.ws, { retryAttempts: 0, lazy: true });
    expect(await run(peer, 'mutation { add(amount: 1) }').ended).toEqual(closedWith(code, reason));
    expect(t.probe.began).toEqual([]);
    expect(t.failures).toEqual([]);
  });

  test('4403 is worth another try to it, with new parameters', async () => {
    const t = await startOurServer({
      onConnect: ({ connectionParams }) => {
        if (connectionParams?.token !== 2) throw new ConnectionRefused();
      },
    });
    let token = 0;
    const peer = startPeerClient(t.ws, { lazy: true, connectionParams: () => ({ token: ++token }) });
    expect(await answersTo(peer, '{ hello }')).toEqual([{ data: { hello: 'Hello world' } }]);
    expect(peer.sockets).toHaveLength(2);
  });

  test('a hook that fails closes with 4500, and what it threw stays here', async () => {
    const t = await startOurServer({
      onConnect: () => {
        throw new Error('the password of the database is secret');
      },
    });
    const peer = startPeerClient(t.ws, { lazy: true });
    expect(await run(peer, '{ hello }').ended).toEqual(closedWith(4500, 'Internal server error'));
    expect(t.failures).toHaveLength(1);
    expect(peer.sockets).toHaveLength(1);
  });

  test('parameters that never come end in 4408', async () => {
    const timers = new ManualTimers();
    const t = await startOurServer({ initTimeoutMs: 3_000 }, { timers });
    const peer = startPeerClient(t.ws, { lazy: true, retryAttempts: 0, connectionParams: () => new Promise(() => {}) });
    const running = run(peer, '{ hello }');
    await until(() => peer.sockets[0]?.readyState === 1);
    timers.advance(3_000);
    expect(await running.ended).toEqual(closedWith(4408, 'Connection initialisation timeout'));
  });

  test('the client that gives up waiting for the acknowledgement is let go', async () => {
    const endings: DisconnectContext[] = [];
    const aborted: AbortSignal[] = [];
    const t = await startOurServer({
      onConnect: ({ signal }) => {
        aborted.push(signal);
        return new Promise(() => {});
      },
      onDisconnect: (ending) => void endings.push(ending),
    });
    const peer = startPeerClient(t.ws, { lazy: true, retryAttempts: 0, connectionAckWaitTimeout: 1 });
    expect(await run(peer, '{ hello }').ended).toEqual(closedWith(4504));
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 4504, clean: true, error: undefined });
    await until(() => aborted[0]?.aborted === true);
    expect(t.failures).toEqual([]);
  });

  test('a path that is not ours is refused before there is a WebSocket', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws.replace('/graphql', '/other'), { lazy: true });
    expect(await run(peer, '{ hello }').ended).toEqual({
      error: expect.objectContaining({ message: expect.stringContaining('404') }),
    });
  });
});

describe('what breaks the protocol closes the connection with', () => {
  test.each([
    [4400, 'no JSON', '{'],
    [4400, 'an unknown type', '{"type":"start","id":"1","payload":{"query":"{ hello }"}}'],
    [4429, 'a second init', '{"type":"connection_init"}'],
  ])('%i: %s; every operation on it is told, and the client tries no more', async (code, _what, text) => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws, { lazy: true });
    const accepted = connected(peer);
    const both = [run(peer, 'subscription { forever(name: "f") }'), run(peer, '{ slow(gate: "never") }')];
    const { socket } = await accepted;
    await until(() => t.server.stats().operations === 2);
    socket.send(text);
    for (const { ended } of both) expect(await ended).toEqual(closedWith(code));
    await until(() => t.probe.finalised.includes('f'));
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(peer.sockets).toHaveLength(1);
  });

  test('4401: an operation that does not wait for the acknowledgement', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws, { lazy: true });
    peer.client.on('opened', (socket) =>
      (socket as WebSocket).send('{"type":"subscribe","id":"hasty","payload":{"query":"mutation { add(amount: 1) }"}}'),
    );
    expect(await run(peer, '{ hello }').ended).toEqual(closedWith(4401, 'Unauthorized'));
    expect(t.probe.began).toEqual([]);
  });
});

describe('pings', () => {
  test('of the client are answered, with their payload and as often as they come', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws, { keepAlive: 2 });
    let pongs = 0;
    peer.client.on('pong', (received, payload) => {
      if (received && payload === undefined) pongs += 1;
    });
    const { socket } = await connected(peer);
    await until(() => pongs >= 3);
    await settled(peer, socket);
    expect(await answersTo(peer, '{ hello }')).toHaveLength(1);
    expect(peer.sockets).toHaveLength(1);
  });

  test('of the server are answered by the client, which keeps an idle socket alive for ever', async () => {
    const timers = new ManualTimers();
    const t = await startOurServer({ keepAliveMs: 1_000 }, { timers });
    const peer = startPeerClient(t.ws);
    let answered = 0;
    peer.client.on('pong', (received) => {
      if (!received) answered += 1;
    });
    const { socket } = await connected(peer);
    for (let interval = 1; interval <= 5; interval++) {
      timers.advance(1_000);
      await until(() => answered === interval);
      await settled(peer, socket);
    }
    expect(peer.messages.filter(({ type }) => type === 'ping')).toEqual(Array(5).fill({ type: 'ping' }));
    expect(await answersTo(peer, '{ hello }')).toHaveLength(1);
    expect(peer.sockets).toHaveLength(1);
  });
});

describe('a lazy client of graphql-ws', () => {
  test('opens its socket with the first operation, and closes it with 1000 after the last', async () => {
    const endings: DisconnectContext[] = [];
    const t = await startOurServer({ onDisconnect: (ending) => void endings.push(ending) });
    const peer = startPeerClient(t.ws, { lazy: true });
    expect(peer.sockets).toHaveLength(0);
    const slow = answersTo(peer, '{ slow(gate: "g") }');
    expect(await answersTo(peer, '{ hello }')).toHaveLength(1);
    expect(endings).toEqual([]);
    t.probe.open('g');
    expect(await slow).toHaveLength(1);
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 1000, reason: 'Normal Closure', clean: true, operations: 0 });
    // In the very moment in which the socket closes there is another.
    for (let i = 0; i < 20; i++)
      expect(await answersTo(peer, '{ hello }')).toEqual([{ data: { hello: 'Hello world' } }]);
    await until(() => t.server.stats().connections === 0);
    expect(endings.every(({ code, clean }) => code === 1000 && clean)).toBe(true);
  });

  test('may keep it for a while', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws, { lazy: true, lazyCloseTimeout: 60_000 });
    for (let i = 0; i < 3; i++) expect(await answersTo(peer, '{ hello }')).toHaveLength(1);
    expect(peer.sockets).toHaveLength(1);
  });
});

test('an eager client of graphql-ws connects before it is asked anything', async () => {
  const t = await startOurServer();
  const peer = startPeerClient(t.ws, { lazy: false });
  await connected(peer);
  expect(t.server.stats()).toMatchObject({ connections: 1, operations: 0 });
});

describe('when its connection breaks, the client of graphql-ws', () => {
  test.each(['cut', 'reset'] as const)('connects again after a %s, and its subscription goes on', async (how) => {
    const t = await startOurServer();
    await using proxy = await faultProxy({ target: { port: t.serving.port } });
    const peer = startPeerClient(proxy.url('ws', '/graphql'), { shouldRetry: () => true });
    const running = run(peer, 'subscription { gated(gate: "g") }');
    await until(() => running.results.length === 1);
    proxy[how]();
    await until(() => running.results.length === 2);
    await until(() => t.server.stats().connections === 1);
    // The source of the lost connection is asked to end; the one that runs now gives the next event.
    t.probe.open('g');
    expect(await running.ended).toBe('complete');
    expect(running.results).toEqual([1, 1, 2].map((gated) => ({ data: { gated } })));
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(peer.sockets).toHaveLength(2);
  });

  test('finds the server that was restarted on its port; it was told 1001', async () => {
    const t = await startOurServer();
    const peer = startPeerClient(t.ws, { shouldRetry: () => true, retryAttempts: Number.POSITIVE_INFINITY });
    const codes: unknown[] = [];
    peer.client.on('closed', (event) => codes.push((event as CloseEvent).code));
    const running = run(peer, 'subscription { forever(name: "f") }');
    await until(() => running.results.length === 1);
    await t.serving.close();
    const waiting = answersTo(peer, '{ hello }');
    await using again = await serve(t.server, { port: t.serving.port, quiet: true });
    await until(() => running.results.length === 2);
    expect(await waiting).toEqual([{ data: { hello: 'Hello world' } }]);
    running.stop();
    expect(await running.ended).toBe('complete');
    await until(() => t.probe.finalised.length === 2);
    expect(codes[0]).toBe(1001);
    expect(again.port).toBe(t.serving.port);
  });

  test('or when it ends it itself, starts its subscription again, and the server is told 4499', async () => {
    const endings: DisconnectContext[] = [];
    const t = await startOurServer({ onDisconnect: (ending) => void endings.push(ending) });
    const peer = startPeerClient(t.ws);
    const running = run(peer, 'subscription { forever(name: "f") }');
    await until(() => running.results.length === 1);
    peer.client.terminate();
    await until(() => running.results.length === 2);
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 4499, reason: 'Terminated', clean: true, operations: 1 });
    await until(() => t.probe.finalised.length > 0);
    expect(t.probe.finalised).toEqual(['f']);
  });

  test('or leaves for good, completes its subscription, and the server releases it', async () => {
    const endings: DisconnectContext[] = [];
    const t = await startOurServer({ onDisconnect: (ending) => void endings.push(ending) });
    const peer = startPeerClient(t.ws);
    const running = run(peer, 'subscription { forever(name: "f") }');
    await until(() => running.results.length === 1);
    await peer.client.dispose();
    expect(await running.ended).toBe('complete');
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 1000, clean: true, operations: 1 });
    const held = (): number => {
      const { connections, operations, sources } = t.server.stats();
      return connections + operations + sources;
    };
    await until(() => held() === 0);
  });
});
