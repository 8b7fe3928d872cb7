// What a server says of its memory of idempotency keys, when it accepts a connection and later.

import { expect, test } from 'vitest';
import type { Script } from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { ask, open, patience, startServer } from './support/opening.js';

const remembers: Script = {
  init: ({ connection }) => connection.ack({ holdfast: { v: 1, idempotency: { windowMs: 60_000, store: 'here' } } }),
  ping: ({ connection, payload }) => {
    connection.ping({ holdfast: { idempotency: null } });
    connection.pong(payload);
  },
};

test('holds from the acknowledgement on, until the server takes it back', async () => {
  const server = await startServer({ script: [remembers] });
  const opened = await open(webSocket(server.url, { protocols: ['graphql-transport-ws'] }));
  const said = () => {
    const { idempotencyWindowMs, idempotencyStore } = opened.connection.capabilities;
    return [idempotencyWindowMs, idempotencyStore];
  };
  expect(said()).toEqual([60_000, 'here']);
  opened.connection.ping?.({ n: 1 });
  await expect.poll(() => opened.told, patience).toContain('pong {"n":1}');
  expect(said()).toEqual([0, undefined]);
  expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
});
