// One connection to each side of AppSync, without a session around it: what it tells, when it is sent, and what it leaves behind.

import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { apiKey, appSync, jwt } from '../../../src/transport/appsync/index.js';
import { isSettled, until } from '../../session/behaviour/support/waiting.js';
import { ask, ended, open } from '../websocket/support/opening.js';
import { appSyncServer, unauthorized } from './support/server.js';
import { orders, realtimeOf } from './support/sessions.js';

const key = apiKey({ key: 'da2-1' });

/** Accepts whatever is fresh. */
const expired = jwt({ token: ({ forceRefresh }) => (forceRefresh ? 'fresh' : 'old') });

test('a subscription that is started once more is said to be sent once', async () => {
  const server = await appSyncServer({
    start(message, peer) {
      if (message.payload.extensions.authorization.Authorization === 'fresh') peer.event(message.id, { a: 1 });
      else peer.send({ type: 'error', id: message.id, payload: { errors: [unauthorized] } });
    },
  });
  const opened = await open(realtimeOf(server, expired));
  const asked = ask(opened, orders, {}, 'subscription');
  expect(await asked.answer).toEqual({ data: { a: 1 } });
  expect(asked.heard).toEqual(['sending', 'next']);
  asked.handle.cancel();
  const peer = await server.peer(0, 2);
  await until(() => peer.received.some(({ type, id }) => type === 'stop' && id === peer.starts[1]?.id));
});

test('a request that is sent once more is said to be sent once', async () => {
  const server = await appSyncServer({
    request({ headers }, response) {
      response.statusCode = headers.authorization === 'fresh' ? 200 : 401;
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"ok":true}}');
    },
  });
  const [{ transport }] = appSync(server.address, { auth: expired }).lanes;
  const asked = ask(await open(transport), 'mutation { ok }', {}, 'mutation');
  expect(await asked.answer).toEqual({ data: { ok: true } });
  expect(asked.heard).toEqual(['sending', 'next']);
  expect(server.asked).toHaveLength(2);
});

test('whenever it is cancelled, the server has heard nothing of it or is told to stop', async () => {
  const server = await appSyncServer();
  const opened = await open(realtimeOf(server, key));
  const all = [];
  for (let moment = 0; moment < 12; moment += 1) {
    const asked = ask(opened, orders, { moment }, 'subscription');
    for (let step = 0; step < moment; step += 1) await Promise.resolve();
    asked.handle.cancel();
    asked.handle.cancel();
    all.push(asked);
  }
  const last = ask(opened, orders, {}, 'subscription');
  await until(() => last.heard.length > 0);
  const peer = await server.peer(0, all.filter(({ heard }) => heard.length > 0).length + 1);
  const [stopped, sent] = ['stop', 'start'].map((kind) =>
    peer.received.filter(({ type }) => type === kind).map(({ id }) => id),
  );
  expect(stopped).toEqual(sent?.slice(0, -1));
});

test('whenever a request is cancelled, what was not said to be sent is not', async () => {
  const server = await appSyncServer();
  const [{ transport }] = appSync(server.address, { auth: key }).lanes;
  const opened = await open(transport);
  const all = [];
  for (let moment = 0; moment < 12; moment += 1) {
    const asked = ask(opened, 'mutation { ok }', { moment }, 'mutation');
    for (let step = 0; step < moment; step += 1) await Promise.resolve();
    asked.handle.cancel();
    all.push(asked);
  }
  await ask(opened, 'mutation { ok }', {}, 'mutation').answer;
  for (const { body } of server.asked) {
    const { moment } = (JSON.parse(body) as { readonly variables: { readonly moment?: number } }).variables;
    if (moment !== undefined) expect(all[moment]?.heard).toEqual(['sending']);
  }
  expect(all.some(({ heard }) => heard.length === 0)).toBe(true);
});

test('a connection lives as long as it is heard, and no longer than the server said', async () => {
  const clock = new VirtualClock();
  const server = await appSyncServer({
    init: (peer) => peer.send({ type: 'connection_ack', payload: { connectionTimeoutMs: 60_000 } }),
  });
  const opened = await open(realtimeOf(server, key), { clock });
  await clock.advance(40_000);
  const peer = await server.peer(0);
  peer.send({ type: 'ka' });
  await until(() => opened.told.includes('keep-alive'));
  await clock.advance(59_999);
  expect(await isSettled(opened.connection.closed)).toBe(false);
  await clock.advance(1);
  expect((await opened.connection.closed).failure).toMatchObject({
    code: 'silent',
    message: expect.stringContaining('60000'),
  });
  expect(clock.pending).toBe(0);
});

test('a connection that ends leaves no timer, not even of what waits for its signature', async () => {
  const clock = new VirtualClock();
  const server = await appSyncServer();
  let asked = 0;
  const token = () => {
    asked += 1;
    return asked === 1 ? 'token' : new Promise<string>(() => {});
  };
  const opened = await open(realtimeOf(server, jwt({ token })), { clock });
  const waiting = ask(opened, orders, {}, 'subscription');
  await until(() => asked === 2);
  opened.connection.terminate(ended);
  await opened.connection.closed;
  await clock.advance(0);
  expect(clock.pending).toBe(0);
  expect(waiting.heard).toEqual([]);
});

test("the session's own credentials are for others", async () => {
  const server = await appSyncServer();
  const credentials = { headers: { 'x-other': 's3cret' }, connectionParams: { token: 's3cret' } };
  await open(realtimeOf(server, key), { credentials });
  const peer = await server.peer(0);
  expect(peer.headers['x-other']).toBeUndefined();
  expect(peer.received[0]).toEqual({ type: 'connection_init' });
});
