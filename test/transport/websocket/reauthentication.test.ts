// New credentials on the live connection, where the server has said that it takes them.

import { expect, test } from 'vitest';
import type { Script } from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { ask, open, patience, startServer } from './support/opening.js';

const modern = ['graphql-transport-ws'] as const;
const legacy = ['graphql-ws'] as const;

/** A server that takes new credentials, and answers them as its own word. */
const takesNewOnes: Script = {
  init: ({ connection }) => connection.ack({ holdfast: { v: 1, reauth: true } }),
  ping: ({ connection, payload }) => {
    const { auth } = (payload?.holdfast ?? {}) as { auth?: unknown };
    connection.pong(auth === undefined ? payload : { holdfast: { auth: 'accepted' } });
  },
};

test('go with a ping, and its pong counts as the answer to no ping of the session', async () => {
  const server = await startServer({ script: [takesNewOnes] });
  const opened = await open(webSocket(server.url, { protocols: modern }));
  opened.connection.reauthenticate?.({ connectionParams: { token: 'new' }, headers: { ignored: 'here' } });
  opened.connection.ping?.({ n: 1 });
  await expect.poll(() => opened.told, patience).toHaveLength(2);
  expect(opened.told).toEqual(['control {"auth":"accepted"}', 'pong {"n":1}']);
  const pings = await server.received('ping', { count: 2 });
  expect(pings[0]?.text).toBe('{"type":"ping","payload":{"holdfast":{"auth":{"token":"new"}}}}');
  expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
});

test('are not offered by a server that says nothing, nor in the subprotocol that has no ping', async () => {
  const silent = await startServer();
  const plain = await open(webSocket(silent.url, { protocols: modern }));
  expect([plain.connection.capabilities.reauthenticate, plain.connection.reauthenticate]).toEqual([false, undefined]);
  const server = await startServer({ script: [takesNewOnes] });
  const old = await open(webSocket(server.url, { protocols: legacy }));
  expect([old.connection.capabilities.reauthenticate, old.connection.reauthenticate]).toEqual([false, undefined]);
});
