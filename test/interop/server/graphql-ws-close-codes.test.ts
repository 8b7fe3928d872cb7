// What the client of graphql-ws does after each code that our server closes with: after some it connects again by itself, and
// its subscription goes on; the others it takes for the end. What it missed meanwhile it neither asks for nor tells anybody of.

import type { ClientOptions } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ConnectionRefused, type ServerOptions } from '../../../src/server/index.js';
import { RawClient } from '../../server/support/client.js';
import { ManualTimers } from '../../server/support/manual-timers.js';
import type { TestServer } from '../../server/support/serving.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { answersTo, connected, type PeerClient, run, startPeerClient } from '../graphql-ws/support/peer-client.js';
import { startMovingServer } from './support/moving-server.js';

const forever = 'subscription { forever(name: "f") }';

/** The codes that its sockets were closed with, in order. */
function closesOf({ client }: PeerClient): number[] {
  const codes: number[] = [];
  client.on('closed', (event) => codes.push((event as CloseEvent).code));
  return codes;
}

describe('the client of graphql-ws connects again by itself', () => {
  test('after 1012 of a server that drains, and its subscription goes on with the next one', async () => {
    const moving = await startMovingServer();
    const peer = startPeerClient(moving.ws);
    const closes = closesOf(peer);
    const running = run(peer, forever);
    await until(() => running.results.length === 1);
    await moving.leave();
    await until(() => running.results.length === 2);
    expect(closes).toEqual([1012]);
    expect(moving.old.probe.finalised).toEqual(['f']);
    expect(moving.next.server.stats()).toMatchObject({ connections: 1, operations: 1, sources: 1 });
  });

  test('after 1012, and a query that ran was answered before', async () => {
    const moving = await startMovingServer();
    const peer = startPeerClient(moving.ws);
    const closes = closesOf(peer);
    const answer = answersTo(peer, '{ slow(gate: "g") }');
    await until(() => moving.old.probe.began.length === 1);
    const left = moving.leave();
    moving.old.probe.open('g');
    expect(await answer).toEqual([{ data: { slow: 'after g' } }]);
    await left;
    expect(await answersTo(peer, '{ hello }')).toEqual([{ data: { hello: 'Hello world' } }]);
    expect(closes).toEqual([1012]);
    expect(moving.next.probe.began).toEqual(['hello']);
  });

  test('lazily after 1012 too, where it has operations', async () => {
    const moving = await startMovingServer();
    const peer = startPeerClient(moving.ws, { lazy: true });
    const running = run(peer, forever);
    await until(() => running.results.length === 1);
    await moving.leave();
    await until(() => running.results.length === 2);
    running.stop();
    expect(await running.ended).toBe('complete');
    await until(() => moving.next.server.stats().connections === 0);
  });

  test('while its server drains it is refused with 503, which it takes for the end unless it is told otherwise', async () => {
    const t = await startOurServer();
    await t.server.drain({ spreadMs: 0 });
    const refused = { error: expect.objectContaining({ message: expect.stringContaining('503') }) };
    expect(await run(startPeerClient(t.ws, { lazy: true }), '{ hello }').ended).toEqual(refused);
    const patient = startPeerClient(t.ws, { lazy: true, shouldRetry: () => true, retryAttempts: 3 });
    expect(await run(patient, '{ hello }').ended).toEqual(refused);
    expect(patient.sockets).toHaveLength(4);
  });

  test('after 1001 of a server that is closed', async () => {
    const moving = await startMovingServer();
    const peer = startPeerClient(moving.ws);
    const closes = closesOf(peer);
    const running = run(peer, forever);
    await until(() => running.results.length === 1);
    moving.proxy.retarget(moving.next.serving.port);
    await moving.old.serving.close();
    await until(() => running.results.length === 2);
    expect(closes).toEqual([1001]);
  });

  test('after 1013, where its principal has too many connections, until there is room', async () => {
    const t = await startOurServer({ limits: { connectionsPerPrincipal: 1 } });
    const first = await RawClient.accepted(t.ws);
    const peer = startPeerClient(t.ws, { lazy: true, retryAttempts: Number.POSITIVE_INFINITY });
    const closes = closesOf(peer);
    const answer = answersTo(peer, '{ hello }');
    await until(() => closes.length >= 2);
    await first.close();
    expect(await answer).toEqual([{ data: { hello: 'Hello world' } }]);
    expect(new Set(closes.slice(0, -1))).toEqual(new Set([1013]));
  });

  test('after 4403 of credentials that have ended, with fresh parameters, and its subscription goes on', async () => {
    const timers = new ManualTimers();
    const tokens: unknown[] = [];
    const t = await startOurServer(
      {
        onConnect: ({ connectionParams, expireAt }) => {
          tokens.push(connectionParams?.token);
          expireAt(Date.now() + 1_000);
        },
      },
      { timers },
    );
    let token = 0;
    const peer = startPeerClient(t.ws, { connectionParams: () => ({ token: ++token }) });
    const closes = closesOf(peer);
    const running = run(peer, forever);
    for (const life of [1, 2, 3]) {
      await until(() => running.results.length === life);
      timers.advance(1_000);
    }
    await until(() => running.results.length === 4);
    expect(closes).toEqual([4403, 4403, 4403]);
    expect(tokens).toEqual([1, 2, 3, 4]);
    await until(() => t.probe.finalised.length === 3);
    await until(() => t.server.stats().connections === 1 && t.server.stats().sources === 1);
    expect(t.server.stats().operations).toBe(1);
  });

  test('after 4408, where its parameters came too late', async () => {
    const timers = new ManualTimers();
    const t = await startOurServer({ initTimeoutMs: 1_000 }, { timers });
    let asked = 0;
    const connectionParams = (): Promise<undefined> => {
      asked += 1;
      return asked === 1 ? new Promise(() => {}) : Promise.resolve(undefined);
    };
    const peer = startPeerClient(t.ws, { lazy: true, connectionParams });
    const closes = closesOf(peer);
    const answer = answersTo(peer, '{ hello }');
    await until(() => asked === 1 && t.server.stats().connections === 1);
    timers.advance(1_000);
    expect(await answer).toEqual([{ data: { hello: 'Hello world' } }]);
    expect(closes[0]).toBe(4408);
  });
});

interface Fatal {
  readonly options?: Partial<ServerOptions>;
  readonly client?: Partial<ClientOptions>;
  /** Once it was accepted. */
  readonly provoke?: (socket: WebSocket, peer: PeerClient) => void;
}

class WithoutSubprotocol extends WebSocket {
  constructor(address: string) {
    super(address);
  }
}

const send = (text: string) => (socket: WebSocket) => socket.send(text);
const fatal: readonly (readonly [number, string, Fatal])[] = [
  [1009, 'a message that is too large', { options: { limits: { messageBytes: 500 } }, provoke: send('x'.repeat(501)) }],
  [4400, 'a message that is none', { provoke: send('{"type":"start"}') }],
  [4401, 'a refusal with that code', { options: { onConnect: () => new ConnectionRefused('Who?', { code: 4401 }) } }],
  [4406, 'no subprotocol', { client: { webSocketImpl: WithoutSubprotocol } }],
  [
    4409,
    'an id that is in use',
    { client: { generateID: () => 'same' }, provoke: (_socket, peer) => run(peer, forever) },
  ],
  [4429, 'a second init', { provoke: send('{"type":"connection_init"}') }],
  [
    4500,
    'a hook that failed',
    {
      options: {
        onConnect: () => {
          throw new Error('secret');
        },
      },
    },
  ],
];

describe('the client of graphql-ws gives up', () => {
  test.each(fatal)('after %i, for %s: its operations fail with it, and it stays away', async (code, _what, fault) => {
    const { options, client, provoke } = fault;
    const t: TestServer = await startOurServer(options);
    const peer = startPeerClient(t.ws, { lazy: true, shouldRetry: () => true, ...client });
    const closes = closesOf(peer);
    const accepted = provoke === undefined ? undefined : connected(peer);
    const running = run(peer, forever);
    if (accepted !== undefined) {
      const { socket } = await accepted;
      await until(() => running.results.length === 1);
      provoke?.(socket, peer);
    }
    expect(await running.ended).toMatchObject({ error: { code } });
    await until(() => t.server.stats().connections === 0 && t.server.stats().sources === 0);
    expect(closes).toEqual([code]);
  });
});

test('pings of the client of graphql-ws are answered beside the events of a subscription', async () => {
  const t = await startOurServer();
  const peer = startPeerClient(t.ws, { keepAlive: 1 });
  let pongs = 0;
  peer.client.on('pong', (received) => {
    if (received) pongs += 1;
  });
  const running = run(peer, 'subscription { count(to: 3000) }');
  expect(await running.ended).toBe('complete');
  expect(running.results).toHaveLength(3_000);
  await until(() => pongs >= 3);
  expect(peer.sockets).toHaveLength(1);
});
