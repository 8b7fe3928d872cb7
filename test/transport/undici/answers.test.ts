// What is sent and what is told: requests byte by byte, answers in every form that HTTP/1.1 has for them, headers as they may
// be shown.

import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { clientFor, get, send, sent, Told } from './support/client.js';
import { bareServer, httpServer } from './support/servers.js';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

test('a request arrives as it was given, and its answer is told in order', async () => {
  const seen: { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders; body: string }[] =
    [];
  const server = await httpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.setHeader('X-Answer', '42').end('{"data":{"ok":true}}');
  });
  const client = await clientFor(server.url);
  const body = '{"query":"{ grüße }"}';
  const told = await sent(client, { path: '/graphql?a=b', headers: { 'x-app': 'shop' }, body });
  expect(told.told).toEqual(['sending', 'head 200', 'chunk', 'end']);
  expect(told.response).toMatchObject({ status: 200, headers: { 'x-answer': '42' } });
  expect(told.body).toBe('{"data":{"ok":true}}');
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/graphql?a=b', body });
  expect(seen[0]?.headers).toMatchObject({
    'x-app': 'shop',
    host: `127.0.0.1:${server.port}`,
    'content-length': String(Buffer.byteLength(body)),
  });
});

test.each(['GET', 'QUERY', 'PUT', 'DELETE'] as const)('%s is sent as what it is', async (method) => {
  // Node's parser learned QUERY late, so a bare server reads it.
  let line: string | undefined;
  const server = await bareServer((socket, _request, text) => {
    line = text.split('\r\n')[0];
    socket.write(crlf('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'));
  });
  const told = await sent(await clientFor(server.url), { ...get, method });
  expect(line).toBe(`${method} /graphql HTTP/1.1`);
  expect(told.body).toBe('ok');
});

test('content arrives byte for byte, in pieces as they come', async () => {
  const content = randomBytes(1_000_000);
  const server = await httpServer((_request, response) => {
    for (let at = 0; at < content.length; at += 77_777) response.write(content.subarray(at, at + 77_777));
    response.end();
  });
  const told = await sent(await clientFor(server.url));
  expect(told.chunks.length).toBeGreaterThan(1);
  expect(Buffer.concat(told.chunks).equals(content)).toBe(true);
  expect(told.told).toEqual(['sending', 'head 200', 'chunk', 'end']);
});

test.each([
  ['204', 'HTTP/1.1 204 No Content\n\n', 204],
  ['an empty body of length 0', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 200],
  ['an empty body in chunks', 'HTTP/1.1 500 Oh\nTransfer-Encoding: chunked\n\n0\n\n', 500],
  ['304', 'HTTP/1.1 304 Not Modified\n\n', 304],
])('%s is a head and an end', async (_what, answer, status) => {
  const server = await bareServer((socket) => socket.write(crlf(answer)));
  expect((await sent(await clientFor(server.url))).told).toEqual(['sending', `head ${status}`, 'end']);
});

test('a body without length ends where the connection does', async () => {
  const server = await bareServer((socket) => socket.end(crlf('HTTP/1.1 200 OK\n\nall of it')));
  const told = await sent(await clientFor(server.url));
  expect(told.told).toEqual(['sending', 'head 200', 'chunk', 'end']);
  expect(told.body).toBe('all of it');
});

test('1xx heads and trailers are not told', async () => {
  const server = await bareServer((socket) =>
    socket.write(
      crlf(
        'HTTP/1.1 102 Processing\n\nHTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: X-Sum\n\n2\nok\n0\nX-Sum: 1\n\n',
      ),
    ),
  );
  const told = await sent(await clientFor(server.url));
  expect(told.told).toEqual(['sending', 'head 200', 'chunk', 'end']);
  expect(told.response?.headers).not.toHaveProperty('link');
  expect(told.response?.headers).not.toHaveProperty('x-sum');
});

test('headers have names in lower case, several of a name are one, and cookies are left out', async () => {
  const server = await bareServer((socket) =>
    socket.write(
      crlf(
        'HTTP/1.1 200 OK\nX-List: a\nSET-COOKIE: session=secret\nx-list: b\nSet-Cookie: other=secret\nX-Empty:\nContent-Length: 0\n\n',
      ),
    ),
  );
  const { response } = await sent(await clientFor(server.url));
  expect(response?.headers).toEqual({ 'x-list': 'a, b', 'x-empty': '', 'content-length': '0' });
});

test('a redirect is not followed', async () => {
  const server = await httpServer((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
  const told = await sent(await clientFor(server.url));
  expect(told.response).toMatchObject({ status: 307, headers: { location: '/elsewhere' } });
  expect(told.told.at(-1)).toBe('end');
});

test('nothing but sending is told within send, also of a request that cannot be sent', async () => {
  const server = await httpServer((_request, response) => response.end('ok'));
  const client = await clientFor(server.url);
  await sent(client);
  let within = true;
  const early: string[] = [];
  for (const headers of [{}, { 'x-broken': 'a\r\nb' }]) {
    const told = new Told();
    told.onTold = (what) => within && early.push(what);
    within = true;
    send(client, { headers }, told);
    within = false;
    await told.over;
  }
  expect(early.filter((what) => what !== 'sending')).toEqual([]);
});
