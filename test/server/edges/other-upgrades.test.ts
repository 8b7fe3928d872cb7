// Clients that would rather speak something else than HTTP/1.1 say so with every request, and mean the request all the same: it is
// answered as if they had not. RFC 9110, section 7.8.

import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { createExpressMiddleware } from '../../../src/server/adapters/express/index.js';
import { createServer } from '../../../src/server/index.js';
import { certificate, key } from '../../transport/websocket/support/certificate.js';
import { makeSchema, Probe } from '../support/schema.js';
import { nothing, startServer, until } from '../support/serving.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const asks =
  'Host: localhost\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
const body = '{"query":"{ hello }"}';
const get = `GET /graphql?query={hello} HTTP/1.1\r\n${asks}\r\n`;
const post = `POST /graphql HTTP/1.1\r\n${asks}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunked =
  `POST /graphql HTTP/1.1\r\n${asks}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n` +
  `5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`;

/** All that is answered until the connection ends. */
async function answerOn(socket: Socket, ...pieces: readonly string[]): Promise<string> {
  closing.push(() => socket.destroy());
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes.toString();
  });
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve));
  }
  if (!socket.readableEnded) await once(socket, 'end');
  return answer;
}

const hello = '{"data":{"hello":"Hello world"}}';

describe('a server of its own', () => {
  test.each([
    ['a query in the address', get],
    ['a query in a body', post],
    ['a body in chunks', chunked],
  ])('answers %s', async (_, text) => {
    await using t = await startServer();
    const answer = await answerOn(connect(t.serving.port, '127.0.0.1'), text);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('Connection: close');
    expect(answer.endsWith(hello)).toBe(true);
  });

  test('answers a body that comes later', async () => {
    await using t = await startServer();
    const at = post.length - 8;
    const answer = await answerOn(connect(t.serving.port, '127.0.0.1'), post.slice(0, at), post.slice(at));
    expect(answer.endsWith(hello)).toBe(true);
  });

  test('ends with one that never sends its body', async () => {
    const t = await startServer();
    const socket = connect(t.serving.port, '127.0.0.1');
    closing.push(() => socket.destroy());
    socket.on('error', () => {}).resume();
    await new Promise((resolve) => socket.write(post.slice(0, -1), resolve));
    await t.serving.close({ graceMs: 50 });
    await until(() => socket.closed);
    expect(t.server.stats()).toMatchObject(nothing);
  });
});

describe.each(['http', 'https'])('middleware in an application on %s', (scheme) => {
  async function listen(): Promise<() => Socket> {
    const graphql = createExpressMiddleware(createServer({ schema: makeSchema(new Probe()) }));
    const app: RequestListener = (request, response) => graphql(request, response, () => response.end('mine'));
    const server = scheme === 'http' ? createHttpServer(app) : createHttpsServer({ key, cert: certificate }, app);
    graphql.attach(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => graphql.close({ graceMs: 100 }));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    return () =>
      scheme === 'http'
        ? connect(port, '127.0.0.1')
        : connectTls({ port, host: '127.0.0.1', ca: certificate, servername: 'localhost' });
  }

  test('answers at the endpoint, and at what is its own', async () => {
    const open = await listen();
    expect(await answerOn(open(), post)).toContain(hello);
    expect(await answerOn(open(), `GET /own HTTP/1.1\r\n${asks}\r\n`)).toMatch(/mine$/);
  });
});
