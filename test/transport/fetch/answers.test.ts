// Requests over the platform's own fetch and over an injected one, against real servers: what is sent, and what is told of the
// answer.

import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ask, clientOf, send } from './support/exchanges.js';
import { serve, serveTcp } from './support/servers.js';

const fetches: readonly (readonly [string, typeof globalThis.fetch])[] = [
  ['the global fetch', globalThis.fetch],
  ['an injected fetch', (input, init) => globalThis.fetch(input, init)],
];

describe.each(fetches)('with %s', (_name, fetch) => {
  test('method, path, headers and body are sent as they are, and the answer is told in order', async () => {
    const asked: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[] = [];
    const { origin } = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      response.writeHead(400, { 'content-type': 'application/json', 'x-twice': ['1', '2'] }).end('{"a":"€"}');
    });
    const told = await ask(clientOf(origin, { fetch }), {
      path: '/graphql?a=1',
      headers: { 'content-type': 'application/json', 'x-mine': 'yes' },
      body: '{"query":"{ ok }"}',
    });
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
    expect(told.answer).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/json', 'x-twice': '1, 2' },
    });
    expect(told.bytes.toString()).toBe('{"a":"€"}');
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/graphql?a=1',
        headers: expect.objectContaining({ 'content-type': 'application/json', 'x-mine': 'yes' }),
        body: '{"query":"{ ok }"}',
      },
    ]);
  });

  test.for(['GET', 'QUERY'] as const)('the method %s is sent', async (method) => {
    const { origin } = await serve((request, response) => response.end(request.method));
    const told = await ask(clientOf(origin, { fetch }), { method, body: method === 'GET' ? undefined : '{}' });
    expect(told.bytes.toString()).toBe(method);
  });

  test('chunks are told one by one as they arrive', async () => {
    const { origin } = await serve((_request, response) => {
      response.write('first');
      told.first('chunk').then(() => response.end('second'));
    });
    const { told } = send(clientOf(origin, { fetch }));
    await told.over;
    expect(told.chunks.map((chunk) => Buffer.from(chunk).toString())).toEqual(['first', 'second']);
  });

  test('a large body arrives byte by byte as it was sent, decompressed where it was compressed', async () => {
    const body = randomBytes(3_000_000);
    const { origin } = await serve((request, response) => {
      if (request.url === '/plain') response.end(body);
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
    });
    const hash = createHash('sha256').update(body).digest('hex');
    for (const path of ['/plain', '/gzip']) {
      const told = await ask(clientOf(origin, { fetch }), { path });
      expect(told.chunks.length).toBeGreaterThan(1);
      expect(createHash('sha256').update(told.bytes).digest('hex')).toBe(hash);
    }
  });

  test.for([301, 302, 303, 307, 308])('a redirect with status %i is told and not followed', async (status) => {
    const asked: string[] = [];
    const { origin } = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status, { location: '/elsewhere' }).end('moved');
    });
    const told = await ask(clientOf(origin, { fetch }));
    expect(told.answer).toMatchObject({ status, headers: { location: '/elsewhere' } });
    expect(told.bytes.toString()).toBe('moved');
    expect(asked).toEqual(['/graphql']);
  });

  test('an answer without a body ends right after its head', async () => {
    const { origin } = await serve((_request, response) => response.writeHead(204).end());
    const told = await ask(clientOf(origin, { fetch }));
    expect(told.order).toEqual(['sending', 'head', 'end']);
    expect(told.answer?.status).toBe(204);
  });

  test('an answer with an empty body, likewise', async () => {
    const { origin } = await serve((_request, response) => response.end());
    expect((await ask(clientOf(origin, { fetch }))).order).toEqual(['sending', 'head', 'end']);
  });

  test('cookies are not told', async () => {
    const { origin } = await serve((_request, response) =>
      response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'x-other': '1' }).end(),
    );
    const { answer } = await ask(clientOf(origin, { fetch }));
    expect(answer?.headers).toHaveProperty('x-other', '1');
    expect(answer?.headers).not.toHaveProperty('set-cookie');
  });

  test('an answer that ends with its connection, by the rules, is complete', async () => {
    const origin = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it'));
    const told = await ask(clientOf(origin, { fetch }));
    expect(told.order.at(-1)).toBe('end');
    expect(told.bytes.toString()).toBe('all of it');
  });

  test('requests at the same time are answered each with its own', async () => {
    const { origin } = await serve((request, response) => response.end(request.url));
    const client = clientOf(origin, { fetch });
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
    const answers = await Promise.all(paths.map((path) => ask(client, { path })));
    expect(answers.map(({ bytes }) => bytes.toString())).toEqual(paths);
  });
});

describe('a client that reads slowly', () => {
  const pieces = 128;
  const piece = Buffer.alloc(1_024 * 1_024);

  test('holds its server back, and gets everything once it reads on', async () => {
    let written = 0;
    const { origin } = await serve((_request, response) => {
      const write = (): void => {
        while (written < pieces) {
          written += 1;
          if (!response.write(piece)) return;
        }
        response.end();
      };
      response.on('drain', write);
      write();
    });
    const { told, exchange } = send(clientOf(origin));
    await told.first('chunk');
    exchange.flow?.pause();
    const toldAtPause = told.chunks.length;
    // What fits into buffers on the way goes on for a moment; then nothing does.
    let [before, still] = [-1, 0];
    while (still < 50) {
      still = written === before ? still + 1 : 0;
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(written).toBeLessThan(pieces / 2);
    expect(told.chunks.length).toBe(toldAtPause);
    exchange.flow?.resume();
    await told.over;
    expect(told.order.at(-1)).toBe('end');
    expect(told.bytes.length).toBe(pieces * piece.length);
  });

  test('is told nothing of an answer that is there already, neither its rest nor its end', async () => {
    let ended = false;
    const { origin } = await serve((_request, response) => {
      response.on('finish', () => {
        ended = true;
      });
      response.write('first');
      told.first('chunk').then(() => response.end('rest'));
    });
    const { told, exchange } = send(clientOf(origin));
    await told.first('chunk');
    exchange.flow?.pause();
    await expect.poll(() => ended, { timeout: 20_000 }).toBe(true);
    // Another request goes there and back meanwhile.
    const other = await serve((_request, response) => response.end());
    await ask(clientOf(other.origin));
    expect(told.order).toEqual(['sending', 'head', 'chunk']);
    exchange.flow?.resume();
    await told.over;
    expect(told.order).toEqual(['sending', 'head', 'chunk', 'chunk', 'end']);
  });

  test('may pause before there is an answer, and more than once', async () => {
    const { origin } = await serve((_request, response) => response.end('all'));
    const { told, exchange } = send(clientOf(origin));
    exchange.flow?.pause();
    exchange.flow?.pause();
    await told.first('head');
    exchange.flow?.resume();
    exchange.flow?.resume();
    await told.over;
    expect(told.bytes.toString()).toBe('all');
  });
});
