// One HTTP/2 connection carries any number of requests at a time unless its server says how many: the same as of the operations of
// a WebSocket.

import { connect } from 'node:http2';
import { expect, test } from 'vitest';
import { createServer, serve } from '../../../src/server/index.js';
import { certificate, key } from '../../transport/websocket/support/certificate.js';
import { makeSchema, Probe } from '../support/schema.js';

test.each([
  [undefined, 100],
  [250, 250],
  [Number.POSITIVE_INFINITY, 2 ** 32 - 1],
])('with limits.operationsPerConnection %j a client is told %d', async (operationsPerConnection, told) => {
  const server = createServer({ schema: makeSchema(new Probe()), limits: { operationsPerConnection } });
  const serving = await serve(server, { port: 0, quiet: true, tls: { key, cert: certificate } });
  const session = connect(serving.url, { ca: certificate });
  const settings = await new Promise((resolve) => session.once('remoteSettings', resolve));
  expect(settings).toMatchObject({ maxConcurrentStreams: told });
  session.destroy();
  await serving.close();
});
