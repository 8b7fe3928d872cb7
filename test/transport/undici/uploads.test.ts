// Bodies in parts: what arrives, when sources are opened and closed, and what becomes of a request whose source fails.

import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import type { HttpBody, HttpBodyPart } from '../../../src/transport/http/exchange.js';
import { UploadBody, UploadSourceError } from '../../../src/transport/undici/body.js';
import { clientFor, patience, send, sent } from './support/client.js';
import { bareServer, httpServer } from './support/servers.js';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function bodyOf(parts: readonly HttpBodyPart[], length?: number): HttpBody {
  return { parts, length };
}

async function echoServer(): Promise<{ url: string; seen: { headers: IncomingHttpHeaders; body: string }[] }> {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
  const { url } = await httpServer(async (request, response) => {
    let body = '';
    try {
      for await (const chunk of request) body += chunk;
      seen.push({ headers: request.headers, body });
      response.end('ok');
    } catch {
      // A request that was cut off.
    }
  });
  return { url, seen };
}

async function* source(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

test('parts of every kind arrive one after the other, with their length where it is known', async () => {
  const { url, seen } = await echoServer();
  const client = await clientFor(url);
  const parts = [bytes('one '), new Blob(['two ']), () => source('three ', '', 'four')];
  await sent(client, { body: bodyOf(parts, 18) });
  await sent(client, { body: bodyOf(parts) });
  expect(seen.map(({ body }) => body)).toEqual(['one two three four', 'one two three four']);
  expect(seen[0]?.headers['content-length']).toBe('18');
  expect(seen[0]?.headers).not.toHaveProperty('transfer-encoding');
  expect(seen[1]?.headers['transfer-encoding']).toBe('chunked');
  expect(seen[1]?.headers).not.toHaveProperty('content-length');
});

test('a source is opened when its turn comes', async () => {
  const { url } = await echoServer();
  const happened: string[] = [];
  const watched = (name: string) =>
    async function* (): AsyncGenerator<Uint8Array> {
      happened.push(`open ${name}`);
      yield bytes(name);
      happened.push(`end ${name}`);
    };
  const told = send(await clientFor(url), { body: bodyOf([watched('a'), watched('b')]) });
  expect(happened).toEqual([]);
  await told.over;
  expect(happened).toEqual(['open a', 'end a', 'open b', 'end b']);
});

test('a large source goes no faster than the server takes it', async () => {
  let stopped = false;
  const server = await bareServer((socket) => {
    socket.pause();
    stopped = true;
  });
  let read = 0;
  const total = 64;
  const piece = new Uint8Array(1_024 * 1_024);
  async function* large(): AsyncGenerator<Uint8Array> {
    for (; read < total; read++) yield piece;
  }
  const told = send(await clientFor(server.url), { body: bodyOf([large]) });
  await expect.poll(() => stopped, patience).toBe(true);
  let before = -1;
  const moved = (): boolean => {
    const more = read > before;
    before = read;
    return more;
  };
  await expect.poll(moved, { ...patience, interval: 100 }).toBe(false);
  expect(read).toBeLessThan(total);
  server.connections[0]?.resume();
  await expect.poll(() => read, patience).toBe(total);
  told.exchange?.cancel();
});

test('a source that fails ends the request, which looks complete to nobody', async () => {
  const { url, seen } = await echoServer();
  const trouble = new Error('the file is gone');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield bytes('half');
    throw trouble;
  }
  const told = await sent(await clientFor(url), { body: bodyOf([bytes('head '), broken]) });
  expect(told.told).toEqual(['sending', 'failed aborted']);
  expect(told.failure).toMatchObject({ phase: 'operation', cause: trouble });
  expect(told.failure).not.toHaveProperty('delivery');
  expect(told.failure?.message).toContain('the file is gone');
  expect(seen).toEqual([]);
});

test('a body that was given up does not come to an end, for whoever still reads it', async () => {
  const body = new UploadBody(bodyOf([bytes('one'), bytes('two')]));
  expect(await body.next()).toMatchObject({ value: bytes('one') });
  body.stop();
  await expect(body.next()).rejects.toBeInstanceOf(UploadSourceError);
});

test('a source that yields no bytes is told what it should yield', async () => {
  const { url } = await echoServer();
  async function* texts(): AsyncGenerator<Uint8Array> {
    yield 'text' as unknown as Uint8Array;
  }
  const told = await sent(await clientFor(url), { body: bodyOf([texts]) });
  expect(told.failure).toMatchObject({ code: 'aborted', message: expect.stringContaining('Uint8Array') });
});

test.each([
  ['shorter', 10],
  ['longer', 2],
])('a body that is %s than it says is a wrong option', async (_what, length) => {
  const { url, seen } = await echoServer();
  const told = await sent(await clientFor(url), { body: bodyOf([() => source('four')], length) });
  expect(told.told).toEqual(['sending', 'failed bad-option']);
  expect(seen).toEqual([]);
});

test('a source is closed when the request is cancelled, also one that is stuck', async () => {
  const { url, seen } = await echoServer();
  let [asked, closed] = [false, false];
  const stuck = (): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => ({
      next: () => {
        asked = true;
        return new Promise(() => {});
      },
      return: async () => {
        closed = true;
        return { done: true, value: undefined };
      },
    }),
  });
  const told = send(await clientFor(url), { body: bodyOf([bytes('head'), stuck]) });
  await expect.poll(() => asked, patience).toBe(true);
  expect(told.told).toEqual(['sending']);
  told.exchange?.cancel();
  await expect.poll(() => closed, patience).toBe(true);
  expect(seen).toEqual([]);
});

test('a source is closed when the server answers before it was read', async () => {
  const server = await bareServer((socket) => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'));
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        yield bytes('more');
        await new Promise(setImmediate);
      }
    } finally {
      closed = true;
    }
  }
  const client = await clientFor(server.url, { connections: 1 });
  const told = await sent(client, { body: bodyOf([endless]) });
  expect(told.told).toEqual(['sending', 'head 413', 'end']);
  await expect.poll(() => closed, patience).toBe(true);
  // The rest of the body is on no socket that is used again.
  expect((await sent(client)).told).toEqual(['sending', 'head 413', 'end']);
  expect(server.connections).toHaveLength(2);
});
