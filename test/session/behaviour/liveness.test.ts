// A dead peer is noticed, a living one is left alone: silence, pings, keep-alives, and who answers whom. Time is virtual.

import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import type { SessionOptions } from '../../../src/session/options.js';
import { neverPongs } from '../../../src/testing/index.js';
import type { Script } from '../../../src/testing/scripted-server/script.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import {
  type ServerPing,
  type WebSocketConstructor,
  type WebSocketOptions,
  webSocket,
} from '../../../src/transport/websocket/index.js';
import { Overheard } from './support/overheard.js';
import { dialects, startScripted, startSession } from './support/starting.js';
import { reached, readyAgain, rejection, until } from './support/waiting.js';

const silenceMs = 1_000;
const answerMs = 500;

async function start(
  { script, ...webSocketOptions }: WebSocketOptions & { readonly script?: Script },
  options: Partial<SessionOptions> = {},
) {
  let pings = 0;
  const counts: Script = {
    ping: (_event, proceed) => {
      pings += 1;
      return proceed();
    },
    pingFrame: (_event, proceed) => {
      pings += 1;
      return proceed();
    },
  };
  const clock = new VirtualClock(1_000_000);
  const server = await startScripted({ script: [counts, script ?? {}] });
  const transport = new Overheard(webSocket(server.url, webSocketOptions));
  const session = startSession({ transport, clock, liveness: { silenceMs, answerMs }, ...options });
  await session.ready();
  const [first] = server.connections;
  if (first === undefined) throw new Error('There is no connection.');
  return { clock, server, transport, session, first, pings: () => pings };
}

/** A platform's WebSocket: it can neither ping nor terminate. */
const platform = WebSocket as unknown as WebSocketConstructor;

describe.each(dialects)('over %s', (dialect) => {
  test('messages within the time of silence keep the connection, and cost no ping', async () => {
    const { clock, session, transport, first, pings } = await start({ protocols: [dialect] });
    for (let i = 0; i < 5; i++) {
      await clock.advance(silenceMs - 100);
      await transport.heardAfter(() => (dialect === 'graphql-ws' ? first.keepAlive() : first.pong()));
    }
    expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'ping' });
    expect(pings()).toBe(0);
  });

  test('events alone keep the connection too, without any keep-alive of the server', async () => {
    const { clock, server, session, transport, pings } = await start({ protocols: [dialect] });
    const events = session.subscribe('subscription { n }');
    await server.received('start');
    for (let i = 0; i < 5; i++) {
      await clock.advance(silenceMs - 100);
      await transport.heardAfter(() => server.publish({ data: { n: i } }));
      expect(await events.next()).toMatchObject({ value: { type: 'data', data: { n: i } } });
    }
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    expect(pings()).toBe(0);
  });

  test('a silent peer is asked, and one that answers each ping keeps its connection through any silence', async () => {
    const { clock, server, session, transport, pings } = await start({ protocols: [dialect] });
    for (let i = 0; i < 5; i++) await transport.pongAfter(() => clock.advance(silenceMs));
    expect(pings()).toBe(5);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    expect(server.connections).toHaveLength(1);
  });

  test('a peer that answers no ping is ended, and the session reconnects although nobody calls anything', async () => {
    const { clock, server, session, first, pings } = await start({ protocols: [dialect], script: neverPongs() });
    await clock.advance(silenceMs);
    // Before the connection is terminated: what is on its way then may be lost with it.
    await until(() => pings() === 1);
    await clock.advance(answerMs - 1);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    await clock.advance(1);
    const { cause } = await reached(session, 'waiting');
    expect(cause).toMatchObject({ code: 'silent', message: expect.stringContaining('no sign of life for 1500 ms') });
    expect(pings()).toBe(1);
    await clock.advance(1);
    await readyAgain(session, 2);
    expect(server.connections).toHaveLength(2);
    // Terminated without waiting for the dead peer: no close frame reached it.
    expect(await first.ended).toMatchObject({ code: 1006 });
  });

  test('a subscription sees the silence as a gap, or as an error that names it where it may not start again', async () => {
    const { clock, server, session } = await start({ protocols: [dialect], script: neverPongs({ times: 1 }) });
    const lasting = session.subscribe('subscription { n }');
    const once = session.subscribe('subscription { n }', {}, { retry: false });
    await server.received('start', { count: 2 });
    const lastHeard = clock.now();
    await clock.advance(silenceMs + answerMs);
    const error = await rejection(once.next());
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ code: 'silent', delivery: 'unknown', attempts: 1 });
    await clock.advance(1);
    await readyAgain(session, 2);
    expect(await lasting.next()).toMatchObject({
      value: { type: 'gap', gap: { reason: 'connection-lost', lostAt: lastHeard, liveAt: clock.now() } },
    });
  });
});

describe('Pings of the server', () => {
  test('are answered at once with their payload', async () => {
    const { server, first } = await start({ protocols: ['graphql-transport-ws'] });
    first.ping({ n: 1 });
    first.ping();
    const [one, two] = await server.received('pong', { count: 2 });
    expect(one?.meaning).toEqual({ type: 'pong', payload: { n: 1 } });
    expect(two?.meaning).toEqual({ type: 'pong', payload: undefined });
  });

  test('are left to the program where it wants to answer by itself, with a payload of its own', async () => {
    const asked: ServerPing[] = [];
    const onPing = (ping: ServerPing): void => {
      asked.push(ping);
    };
    const { server, session, transport, first } = await start({ protocols: ['graphql-transport-ws'], onPing });
    await transport.heardAfter(() => first.ping({ n: 1 }));
    // Whatever the session sent because of the ping would be there before this call.
    await session.execute('{ ok }');
    expect(first.received.map(({ type }) => type)).not.toContain('pong');
    expect(asked.map(({ payload }) => payload)).toEqual([{ n: 1 }]);
    asked[0]?.answer({ mine: true });
    const [pong] = await server.received('pong');
    expect(pong?.meaning).toEqual({ type: 'pong', payload: { mine: true } });
  });
});

describe('Pings of the program', () => {
  test('bring back the payload of the pong', async () => {
    const { session, server } = await start({ protocols: ['graphql-transport-ws'] });
    expect(await session.ping({ n: 1 })).toEqual({ payload: { n: 1 }, elapsedMs: 0 });
    const [ping] = await server.received('ping');
    expect(ping?.meaning).toEqual({ type: 'ping', payload: { n: 1 } });
  });

  test('are frames of the WebSocket where the subprotocol has none, and are answered without a payload', async () => {
    const { session, pings } = await start({ protocols: ['graphql-ws'] });
    expect(await session.ping()).toEqual({ payload: undefined, elapsedMs: 0 });
    expect(pings()).toBe(1);
  });

  test('fail at their deadline, with the connection lost, and where there is none', async () => {
    const script = neverPongs();
    const { clock, session, server, first } = await start({ script }, { liveness: false });
    const late = rejection(session.ping({}, { deadlineMs: 200 }));
    await clock.advance(200);
    expect(await late).toBeInstanceOf(DeadlineError);
    const lost = rejection(session.ping());
    await server.received('ping', { count: 2 });
    first.drop();
    expect(await lost).toBeInstanceOf(ConnectError);
    expect(await rejection(session.ping())).toMatchObject({ message: expect.stringContaining('no connection') });
  });
});

describe('Where the platform and the subprotocol have no ping', () => {
  test('messages keep the connection while the keep-alives stop; when everything stops it is dead', async () => {
    const { clock, server, session, transport, first } = await start({
      protocols: ['graphql-ws'],
      WebSocket: platform,
    });
    expect(session.state).toMatchObject({ liveness: 'none' });
    for (let i = 0; i < 2; i++) {
      await clock.advance(600);
      await transport.keepAliveAfter(() => first.keepAlive());
    }
    session.subscribe('subscription { n }');
    await server.received('start');
    for (let i = 0; i < 6; i++) {
      await clock.advance(900);
      await transport.heardAfter(() => server.publish({ data: { n: i } }));
    }
    // Three intervals of 600 ms may be missed.
    await clock.advance(1_799);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    await clock.advance(1);
    expect(await reached(session, 'waiting')).toMatchObject({ cause: { code: 'silent' } });
  });

  test('a server that never sent a keep-alive cannot be judged, and is left alone', async () => {
    const { clock, session } = await start({ protocols: ['graphql-ws'], WebSocket: platform });
    await clock.advance(60_000);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'none' });
  });

  test('a cheap query asks for the sign of life, by option', async () => {
    const script: Script = {
      operation: (operation, proceed) => (silent && operation.query.includes('__typename') ? undefined : proceed()),
    };
    let silent = false;
    const { clock, server, session, transport } = await start(
      { protocols: ['graphql-ws'], WebSocket: platform, script },
      { liveness: { silenceMs, answerMs, probe: '{ __typename }' } },
    );
    expect(session.state).toMatchObject({ liveness: 'query' });
    // An answer is two messages.
    for (let i = 0; i < 3; i++) await transport.heardAfter(() => clock.advance(silenceMs), 2);
    expect(server.executions.map(({ query }) => query)).toEqual(Array(3).fill('{ __typename }'));
    silent = true;
    await clock.advance(silenceMs + answerMs);
    expect(await reached(session, 'waiting')).toMatchObject({ cause: { code: 'silent' } });
  });
});

test('liveness can be switched off: then silence means nothing', async () => {
  const { clock, session, pings } = await start({ script: neverPongs() }, { liveness: false });
  await clock.advance(600_000);
  await session.execute('{ ok }');
  expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'none' });
  expect(pings()).toBe(0);
});
