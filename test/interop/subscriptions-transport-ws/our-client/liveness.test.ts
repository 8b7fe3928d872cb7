// How our client knows that the server of subscriptions-transport-ws is alive: by pings where there are some, by that server's
// keep-alives where there are none. The session's time is virtual, and so are the server's intervals.

import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { VirtualClock } from '../../../../src/testing/index.js';
import {
  type WebSocketConstructor,
  type WebSocketOptions,
  webSocket,
} from '../../../../src/transport/websocket/index.js';
import { Overheard } from '../../../session/behaviour/support/overheard.js';
import { startProxy } from '../../../session/behaviour/support/starting.js';
import { reached, readyAgain, until } from '../../../session/behaviour/support/waiting.js';
import { nextOf, ourClient } from '../support/our-client.js';
import { type TheirServerOptions, theirServer } from '../support/their-server.js';

afterEach(() => {
  vi.useRealTimers();
});

const numbers = 'subscription { numbers }';

/** A platform's WebSocket: it can neither ping nor terminate. */
const platform: WebSocketOptions = { WebSocket: WebSocket as unknown as WebSocketConstructor };

async function start(serverOptions: TheirServerOptions, socket: WebSocketOptions) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const server = await theirServer(serverOptions);
  const proxy = await startProxy({ port: Number(new URL(server.url).port) });
  const clock = new VirtualClock();
  const transport = new Overheard(webSocket(proxy.url('ws', '/graphql'), { protocols: ['graphql-ws'], ...socket }));
  const session = ourClient(server, { transport, clock });
  await session.ready();
  const events = session.subscribe(numbers);
  await until(() => server.world.subscribers === 1);
  return { server, proxy, clock, transport, session, events };
}

test('its keep-alives, the first right after the acknowledgement, spare it the pings for as long as they come', async () => {
  const { server, clock, session, transport } = await start({ keepAlive: 10_000 }, {});
  for (let n = 0; n < 30; n++) {
    await clock.advance(10_000);
    await transport.keepAliveAfter(() => vi.advanceTimersByTime(10_000));
  }
  expect(server.pings).toBe(0);
  expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'ping' });
});

test('without keep-alives it answers the pings of a silent connection', async () => {
  const { server, clock, session, transport } = await start({}, {});
  for (let n = 0; n < 10; n++) await transport.pongAfter(() => clock.advance(15_000));
  expect(server.pings).toBe(10);
  expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'ping' });
});

test('behind a network that swallows everything it is given up, and its subscription goes on over a new connection', async () => {
  const { server, proxy, clock, session, events } = await start({ keepAlive: 10_000 }, {});
  proxy.halfOpen();
  await clock.advance(15_000);
  expect(session.state.status).toBe('ready');
  await clock.advance(5_000);
  expect(await reached(session, 'waiting')).toMatchObject({ cause: { code: 'silent' } });
  await clock.advance(1);
  await readyAgain(session, 2);
  // The old one is still there: nobody told the server.
  await until(() => server.world.subscribers === 2);
  server.world.publish(1);
  expect([await nextOf(events), await nextOf(events)]).toEqual(['connection-lost', { numbers: 1 }]);
});

test('where nothing can be pinged, its keep-alives are the sign of life, and three that are missed the sign of death', async () => {
  const { server, clock, session, transport, events } = await start({ keepAlive: 10_000 }, platform);
  expect(session.state).toMatchObject({ liveness: 'keep-alive' });
  for (let n = 0; n < 6; n++) {
    await clock.advance(10_000);
    await transport.keepAliveAfter(() => vi.advanceTimersByTime(10_000));
  }
  await clock.advance(29_999);
  expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'keep-alive' });
  await clock.advance(1);
  expect(await reached(session, 'waiting')).toMatchObject({ cause: { code: 'silent' } });
  await clock.advance(1);
  await readyAgain(session, 2);
  await until(() => server.world.subscribers > 0 && server.count('start') === 2);
  server.world.publish(1);
  expect(await nextOf(events)).toBe('connection-lost');
});

test('where nothing can be pinged and it sends no keep-alives, it is left alone', async () => {
  const { server, clock, session, events } = await start({}, platform);
  await clock.advance(3_600_000);
  expect(session.state).toMatchObject({ status: 'ready', generation: 1, liveness: 'none' });
  server.world.publish(1);
  expect(await nextOf(events)).toEqual({ numbers: 1 });
});
