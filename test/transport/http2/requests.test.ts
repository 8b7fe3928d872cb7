// One request and its answer: headers as HTTP/2 has them, bodies of every kind, and an end that is one by the rules of HTTP.

import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ask, type Opened, open, patience, send } from './support/clients.js';
import {
  data,
  ErrorCode,
  type FramePeer,
  FrameType,
  frame,
  head,
  rstStream,
  Setting,
  serveFrames,
  settings,
} from './support/frames.js';
import { bodyOf, ok, serve } from './support/servers.js';

async function openFrames(given: Uint8Array = settings()): Promise<{ opened: Opened; peer: FramePeer }> {
  const server = await serveFrames((peer) => peer.write(given));
  const opened = await open(server.address);
  const peer = server.peers[0];
  if (peer === undefined) throw new Error('Nobody connected.');
  return { opened, peer };
}

test('a request says method, scheme, authority and path, and leaves out what concerns a connection of HTTP/1.1', async () => {
  let seen: Record<string, unknown> = {};
  const server = await serve((stream, headers) => {
    seen = Object.fromEntries(Object.entries(headers));
    ok(stream, headers);
  });
  const opened = await open(server.address);
  await ask(opened, {
    path: '/graphql?tenant=1',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer secret',
      connection: 'keep-alive, x-hop',
      'keep-alive': 'timeout=5',
      'proxy-connection': 'keep-alive',
      'transfer-encoding': 'chunked',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABk',
      host: 'elsewhere.example',
      te: 'gzip',
    },
  });
  expect(seen).toEqual({
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': new URL(server.address).host,
    ':path': '/graphql?tenant=1',
    'content-type': 'application/json',
    'content-length': '18',
    authorization: 'Bearer secret',
  });
});

test('an answer has its status and its headers, several as one, and no cookies', async () => {
  const server = await serve((stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' });
    stream.respond({ ':status': 418, 'x-one': '1', 'x-many': ['a', 'b'], 'set-cookie': ['secret=1'], date: 'now' });
    stream.end('short');
  });
  const told = await ask(await open(server.address));
  expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
  expect(told.answer).toEqual({ status: 418, headers: { 'x-one': '1', 'x-many': 'a, b', date: 'now' } });
  expect(told.text).toBe('short');
});

test('requests without a body end with their head, and so may answers', async () => {
  const bodies: string[] = [];
  const server = await serve(async (stream, headers) => {
    bodies.push(`${headers[':method']} ${stream.endAfterHeaders} ${headers['content-length'] ?? 'none'}`);
    stream.respond({ ':status': 204 }, { endStream: true });
  });
  const opened = await open(server.address);
  for (const method of ['GET', 'QUERY'] as const) {
    const told = await ask(opened, { method, body: undefined });
    expect(told.order).toEqual(['sending', 'head', 'end']);
  }
  expect(bodies).toEqual(['GET true none', 'QUERY true none']);
});

test('a text is sent as UTF-8, however large', async () => {
  const server = await serve(async (stream) => {
    const body = await bodyOf(stream);
    stream.respond({ ':status': 200 });
    stream.end(`${Buffer.byteLength(body)} ${body.slice(-2)}`);
  });
  const opened = await open(server.address);
  expect((await ask(opened, { body: 'ü' })).text).toBe('2 ü');
  expect((await ask(opened, { body: `${'é'.repeat(10 * 2 ** 20)}!€` })).text).toBe(`${20 * 2 ** 20 + 4} !€`);
});

test('a large text that the peer does not take yet is no hindrance for others', async () => {
  const server = await serve(async (stream, headers) => {
    if (headers[':path'] === '/slow') return;
    await bodyOf(stream);
    ok(stream, headers);
  });
  const opened = await open(server.address);
  const slow = send(opened, { path: '/slow', body: 'x'.repeat(30 * 2 ** 20) });
  const others = await Promise.all(Array.from({ length: 20 }, () => ask(opened, { body: '{}' })));
  expect(others.every(({ text }) => text === '{"data":{"ok":true}}')).toBe(true);
  slow.exchange.cancel();
  await expect.poll(() => server.openStreams, patience).toBe(0);
});

test('a header that cannot be sent fails its own request, and the connection stays', async () => {
  const server = await serve(ok);
  const opened = await open(server.address);
  for (const headers of [
    { 'no name': 'x' },
    { '': 'x' },
    { ':path': '/x' },
    { good: 'two\r\nlines' },
    { good: 'ще' },
  ]) {
    const { told } = send(opened, { headers });
    expect(told.order).toEqual([]);
    await told.over;
    expect(told.order).toEqual(['failed']);
    expect(told.failure).toMatchObject({ code: 'bad-option', delivery: 'not-sent' });
    expect(told.failure?.message).not.toContain('lines');
  }
  expect((await ask(opened)).text).toBe('{"data":{"ok":true}}');
  expect(server.paths).toEqual(['/graphql']);
});

test('parts of a body are sent one after the other', async () => {
  let length: unknown;
  const server = await serve(async (stream, headers) => {
    length = headers['content-length'];
    stream.respond({ ':status': 200 });
    stream.end(await bodyOf(stream));
  });
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const letter of 'source') {
      await turn();
      yield Buffer.from(letter);
    }
  }
  const opened = await open(server.address);
  const parts = [new TextEncoder().encode('bytes '), new Blob(['blob ']), source];
  const told = await ask(opened, { body: { parts, length: undefined } });
  expect(told.text).toBe('bytes blob source');
  expect(length).toBeUndefined();
  await ask(opened, { body: { parts, length: 17 } });
  expect(length).toBe('17');
});

test('a source is asked for no more than the peer takes, and let go when the request is cancelled', async () => {
  const server = await serve(() => {});
  let given = 0;
  let released = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        given += 1;
        yield new Uint8Array(2 ** 14);
      }
    } finally {
      released = true;
    }
  }
  const opened = await open(server.address);
  const { exchange, told } = send(opened, { body: { parts: [endless], length: undefined } });
  await expect.poll(() => server.openStreams, patience).toBe(1);
  let before = -1;
  // Until it stands still.
  while (given !== before) {
    before = given;
    for (let turns = 0; turns < 20; turns++) await turn();
  }
  // The window of a stream is 64 kB; the rest is what lies in buffers on the way.
  expect(given * 2 ** 14).toBeLessThan(2 ** 19);
  exchange.cancel();
  await expect.poll(() => released, patience).toBe(true);
  expect(told.order).toEqual(['sending']);
});

test('a source that never gives anything does not outlive a request that is cancelled', async () => {
  const server = await serve(() => {});
  let released = false;
  const stuck = (): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        released = true;
        return { done: true, value: undefined };
      },
    }),
  });
  const opened = await open(server.address);
  const { exchange } = send(opened, { body: { parts: [stuck], length: undefined } });
  await expect.poll(() => server.openStreams, patience).toBe(1);
  exchange.cancel();
  await expect.poll(() => released, patience).toBe(true);
});

test('a source that fails resets its own stream, and is the cause of the failure', async () => {
  const server = await serve(ok);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the disk is gone');
  }
  const { peer, opened } = await openFrames();
  const told = await ask(opened, { body: { parts: [broken], length: undefined } });
  expect(told.failure).toMatchObject({ code: 'aborted', cause: { message: 'the disk is gone' } });
  await expect.poll(() => peer.resets, patience).toEqual({ 1: ErrorCode.cancel });
  const other = await open(server.address);
  expect((await ask(other)).order.at(-1)).toBe('end');
});

test('a stream that is reset before its end is a failure, whatever the code', async () => {
  const { opened, peer } = await openFrames();
  let id = 1;
  for (const code of [ErrorCode.noError, ErrorCode.cancel, ErrorCode.internalError, ErrorCode.protocolError]) {
    for (const before of [[], [head(id)], [head(id), data(id, 'half', false)]]) {
      const { told } = send(opened);
      await expect.poll(() => peer.opened.at(-1), patience).toBe(id);
      const frames = before.map((bytes) => {
        const copy = Buffer.from(bytes);
        copy.writeUInt32BE(id, 5);
        return copy;
      });
      peer.write(...frames, rstStream(id, code));
      await told.over;
      expect(told.order.at(-1)).toBe('failed');
      expect(told.failure).toMatchObject({ code: 'network', phase: 'operation' });
      expect(told.failure?.delivery).toBeUndefined();
      id += 2;
    }
  }
});

test('so is one that is reset without an error before its body could be sent, and its stream is free for another', async () => {
  const noBodies = settings({ [Setting.initialWindowSize]: 0, [Setting.maxConcurrentStreams]: 1 });
  const { opened, peer } = await openFrames(noBodies);
  for (const [id, before] of [
    [1, []],
    [3, [head(3)]],
    [5, [head(5), data(5, 'half', false)]],
  ] as const) {
    const { told } = send(opened);
    await expect.poll(() => peer.opened.at(-1), patience).toBe(id);
    peer.write(...before, rstStream(id, ErrorCode.noError));
    await told.over;
    expect(told.failure).toMatchObject({ code: 'network', phase: 'operation' });
    expect(told.failure?.delivery).toBeUndefined();
  }
});

test('a refused stream that was being answered is no proof of anything', async () => {
  const { opened, peer } = await openFrames();
  const { told } = send(opened);
  await peer.untilOpened(1);
  peer.write(head(1), rstStream(1, ErrorCode.refusedStream));
  await told.over;
  expect(told.failure).toMatchObject({ code: 'network' });
  expect(told.failure?.delivery).toBeUndefined();
});

test('a reset without an error after a complete answer is no failure', async () => {
  const { opened, peer } = await openFrames();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      await turn();
      yield new Uint8Array(1);
    }
  }
  const { told } = send(opened, { body: { parts: [endless], length: undefined } });
  await peer.untilOpened(1);
  peer.write(head(1), data(1, '{"errors":[]}'), rstStream(1, ErrorCode.noError));
  await told.over;
  expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
  expect(told.text).toBe('{"errors":[]}');
});

test('a body that is no longer wanted, because the answer is complete, is not sent to its end', async () => {
  const { opened, peer } = await openFrames();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      await turn();
      yield new Uint8Array(1);
    }
  }
  const { told } = send(opened, { body: { parts: [endless], length: undefined } });
  await peer.untilOpened(1);
  peer.write(head(1), data(1, '{}'));
  await told.over;
  expect(told.order.at(-1)).toBe('end');
  await expect.poll(() => peer.resets, patience).toEqual({ 1: ErrorCode.cancel });
});

test('trailers end an answer', async () => {
  const server = await serve((stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-checksum': '1' }));
    stream.end('body');
  });
  const told = await ask(await open(server.address));
  expect(told.order).toEqual(['sending', 'head', 'chunk', 'end']);
});

test('a malformed answer fails its own request, and the connection stays', async () => {
  const { opened, peer } = await openFrames();
  const { told } = send(opened);
  await peer.untilOpened(1);
  // A head without a status (only `:method: GET` of the static table), which no answer may have.
  peer.write(frame(FrameType.headers, 4, 1, Buffer.from([0x82])));
  await told.over;
  expect(told.failure).toMatchObject({ code: 'network', phase: 'operation' });
  const next = send(opened);
  await peer.untilOpened(1, 3);
  peer.write(head(3, true));
  await next.told.over;
  expect(next.told.order).toEqual(['sending', 'head', 'end']);
});
