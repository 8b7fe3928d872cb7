// Giving a request up in every phase of its life, and holding its answer back.

import { describe, expect, test } from 'vitest';
import { clientFor, get, patience, send, sent, Told } from './support/client.js';
import { bareServer, httpServer } from './support/servers.js';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const chunkedHead = crlf('HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n');
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const stream = { ...get, longLived: true };

describe('a cancelled request tells nothing more', () => {
  test('before its socket is there, and is never sent', async () => {
    let requests = 0;
    const server = await httpServer((_request, response) => {
      requests++;
      response.end('ok');
    });
    const client = await clientFor(server.url, { connections: 1 });
    const told = send(client);
    told.exchange?.cancel();
    told.exchange?.cancel();
    // The only place is free again.
    expect((await sent(client)).body).toBe('ok');
    expect(told.told).toEqual([]);
    expect(requests).toBe(1);
  });

  test('while it is being sent', async () => {
    const server = await bareServer(() => {});
    const client = await clientFor(server.url);
    const told = new Told();
    told.onTold = () => told.exchange?.cancel();
    send(client, {}, told);
    await expect.poll(() => server.connections.length, patience).toBe(1);
    await expect.poll(() => server.open.size, patience).toBe(0);
    expect(told.told).toEqual(['sending']);
  });

  test('before the answer, and its socket is closed', async () => {
    let asked = false;
    const server = await bareServer(() => {
      asked = true;
    });
    const told = send(await clientFor(server.url));
    await expect.poll(() => asked, patience).toBe(true);
    told.exchange?.cancel();
    await expect.poll(() => server.open.size, patience).toBe(0);
    expect(told.told).toEqual(['sending']);
    // Not even to no purpose does it connect again.
    expect(server.connections).toHaveLength(1);
  });

  test.each(['head 200', 'chunk'])('at "%s", though more was read already', async (at) => {
    const server = await bareServer((socket) => socket.write(`${chunkedHead}${chunk('one')}${chunk('two')}0\r\n\r\n`));
    const client = await clientFor(server.url);
    const told = new Told();
    told.onTold = (what) => what === at && told.exchange?.cancel();
    send(client, stream, told);
    await expect.poll(() => told.told.at(-1), patience).toBe(at);
    await expect.poll(() => server.open.size, patience).toBe(0);
    expect(server.connections).toHaveLength(1);
    expect(told.told.at(-1)).toBe(at);
    expect(told.chunks.length).toBeLessThan(2);
  });

  test('while it is held back', async () => {
    const server = await bareServer((socket) => socket.write(chunkedHead + chunk('one')));
    const told = send(await clientFor(server.url), stream);
    await expect.poll(() => told.body, patience).toBe('one');
    told.exchange?.flow?.pause();
    told.exchange?.cancel();
    told.exchange?.flow?.resume();
    await expect.poll(() => server.open.size, patience).toBe(0);
    expect(told.told).toEqual(['sending', 'head 200', 'chunk']);
  });

  test('after it failed within the call, before that could be told', async () => {
    const client = await clientFor('http://127.0.0.1:1/graphql');
    const told = send(client, { headers: { 'x broken': '1' } });
    told.exchange?.cancel();
    await new Promise(setImmediate);
    expect(told.told).toEqual([]);
  });

  test('after its end, where there is nothing to give up', async () => {
    const server = await httpServer((_request, response) => response.end('ok'));
    const client = await clientFor(server.url, { connections: 1 });
    const told = await sent(client);
    told.exchange?.cancel();
    expect((await sent(client)).body).toBe('ok');
    expect(server.connections).toHaveLength(1);
    expect(told.told.at(-1)).toBe('end');
  });
});

test('a request that was given up leaves the answers of others alone', async () => {
  const held: (() => void)[] = [];
  let holds = true;
  const server = await httpServer((_request, response) => {
    const answer = (): void => void response.end('ok');
    if (holds) held.push(answer);
    else answer();
  });
  const client = await clientFor(server.url, { connections: 2 });
  const all = Array.from({ length: 10 }, () => send(client));
  await expect.poll(() => held.length, patience).toBe(2);
  expect(all.filter(({ told }) => told.length > 0)).toHaveLength(2);
  all[0]?.exchange?.cancel();
  holds = false;
  for (const answer of held) answer();
  await Promise.all(all.slice(1).map(({ over }) => over));
  expect(all.slice(1).map(({ body }) => body)).toEqual(Array(9).fill('ok'));
  expect(all[0]?.told).toEqual(['sending']);
});

describe('an answer that is held back', () => {
  test('stops the server from writing, until it is let go, and loses nothing', async () => {
    const piece = Buffer.alloc(64 * 1_024, 'x');
    let written = 0;
    let drained = 0;
    const total = 400;
    const server = await httpServer((_request, response) => {
      const write = (): void => {
        while (written < total) {
          written++;
          if (response.write(piece)) continue;
          response.once('drain', () => {
            drained++;
            write();
          });
          return;
        }
        response.end();
      };
      write();
    });
    const told = new Told();
    told.onTold = (what) => what === 'head 200' && told.exchange?.flow?.pause();
    send(await clientFor(server.url), stream, told);
    await expect.poll(() => told.told, patience).toContain('head 200');
    // The buffers of both kernels fill, and then nothing moves any more.
    let before = -1;
    const moved = (): boolean => {
      const more = drained > before;
      before = drained;
      return more;
    };
    await expect.poll(moved, { ...patience, interval: 100 }).toBe(false);
    expect(written).toBeLessThan(total);
    expect(told.chunks).toEqual([]);
    told.exchange?.flow?.resume();
    await told.over;
    expect(told.chunks.reduce((sum, { length }) => sum + length, 0)).toBe(total * piece.length);
    expect(drained).toBeGreaterThan(before);
  });

  test('does not hold back others', async () => {
    const server = await bareServer((socket) => socket.write(chunkedHead + chunk('event')));
    const client = await clientFor(server.url);
    const held = send(client, stream);
    await expect.poll(() => held.body, patience).toBe('event');
    held.exchange?.flow?.pause();
    const other = send(client, stream);
    await expect.poll(() => other.body, patience).toBe('event');
  });

  test('can be let go while another answer is being told', async () => {
    const server = await bareServer((socket) => {
      socket.write(chunkedHead + chunk('one'));
    });
    const client = await clientFor(server.url);
    const held = send(client, stream);
    await expect.poll(() => held.body, patience).toBe('one');
    held.exchange?.flow?.pause();
    server.connections[0]?.write(chunk('two'));
    await expect.poll(() => held.body, patience).toBe('onetwo');
    server.connections[0]?.write(`${chunk('three')}0\r\n\r\n`);
    const other = new Told();
    other.onTold = (what) => what === 'chunk' && held.exchange?.flow?.resume();
    send(client, stream, other);
    await held.over;
    expect(held.body).toBe('onetwothree');
    expect(other.told).toEqual(['sending', 'head 200', 'chunk']);
  });

  test('that is let go and held back again at once stays held back', async () => {
    const server = await bareServer((socket) => socket.write(chunkedHead + chunk('one')));
    const told = new Told();
    told.onTold = (what) => what === 'head 200' && told.exchange?.flow?.pause();
    send(await clientFor(server.url), stream, told);
    await expect.poll(() => told.told, patience).toContain('head 200');
    told.exchange?.flow?.resume();
    told.exchange?.flow?.pause();
    await new Promise(setImmediate);
    expect(told.chunks).toEqual([]);
  });

  // In these two, version 7 of undici would end the whole process.
  test.each(['reset', 'end'])('and whose connection then closes by %s is told to its end', async (how) => {
    const server = await bareServer((socket) => socket.write(crlf('HTTP/1.1 200 OK\nConnection: close\n\none')));
    const told = new Told();
    told.onTold = () => told.exchange?.flow?.pause();
    send(await clientFor(server.url), stream, told);
    await expect.poll(() => told.body, patience).toBe('one');
    expect(told.exchange?.flow).toBeUndefined();
    if (how === 'reset') server.connections[0]?.resetAndDestroy();
    else server.connections[0]?.end('two');
    await told.over;
    // undici takes both for the end of a body without length.
    expect(told.told.at(-1)).toBe('end');
    expect(told.body).toBe(how === 'reset' ? 'one' : 'onetwo');
  });
});
