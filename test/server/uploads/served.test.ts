// Files from our own client and from others, through a server to its resolvers.
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect, upload } from '../../../src/index.js';
import { createHandler, isUpload, type ServerOptions, serve, uploadScalar } from '../../../src/server/index.js';
import { viaFetch } from '../../../src/transport/fetch/index.js';
import { http2 } from '../../../src/transport/http2/index.js';
import { undici } from '../../../src/transport/undici/index.js';
import { type Carried, carried } from '../adapters/carriers.js';
import { boundary, file, form, map, operations, type Part } from './form-request.js';

const served = (options: Partial<ServerOptions> = {}): Promise<Carried> =>
  carried(async (server) => {
    const serving = await serve(server, { port: 0, quiet: true, signals: false });
    return { url: serving.url, close: () => serving.close({ graceMs: 100 }) };
  }, options);

const store = 'mutation ($file: Upload!) { store(file: $file) }';
const storeAll = 'mutation ($files: [Upload!]!) { storeAll(files: $files) }';
const text = (content: string, filename: string) => upload(new Blob([content], { type: 'text/plain' }), { filename });

describe('our own client', () => {
  test.each([
    ['undici', undici],
    ['fetch', viaFetch],
  ])('sends one file, a list and nested ones by %s', async (_, transport) => {
    await using carrier = await served();
    await using session = await connect({ transport: transport(carrier.url) });
    expect(await session.execute(store, { file: text('one', 'a') })).toEqual({ store: 'a text/plain 3: one' });
    expect(await session.execute(storeAll, { files: [text('two', 'b'), text('three', 'c')] })).toEqual({
      storeAll: ['b text/plain 3: two', 'c text/plain 5: three'],
    });
    const twice = text('four', 'd');
    const album = { title: 'Album', pages: [[twice], [text('five', 'e'), twice]] };
    expect(await session.execute('mutation ($album: Album) { storeAlbum(album: $album) }', { album })).toEqual({
      storeAlbum: 'Album: d text/plain 4: four, e text/plain 4: five, d text/plain 4: four',
    });
    expect(carrier.failures).toEqual([]);
  });

  test('sends a stream whose length nobody knows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
    try {
      const path = join(folder, 'a.bin');
      await writeFile(path, 'x'.repeat(300_000));
      await using carrier = await served();
      await using session = await connect({ transport: undici(carrier.url) });
      expect(await session.execute(store, { file: upload(() => createReadStream(path)) })).toEqual({
        store: `blob application/octet-stream 300000: ${'x'.repeat(300_000)}`,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('sends files over HTTP/2', async () => {
    await using carrier = await http2Served();
    await using session = await connect({ transport: http2(carrier.url) });
    expect(await session.execute(store, { file: text('one', 'a') })).toEqual({ store: 'a text/plain 3: one' });
  });

  test('is told which option stands in its way', async () => {
    await using carrier = await served({ uploads: { maxFiles: 1, maxFileBytes: 10 } });
    await using session = await connect({ transport: undici(carrier.url) });
    await expect(session.execute(store, { file: text('x'.repeat(11), 'a') })).rejects.toThrow('uploads.maxFileBytes');
    await expect(session.execute(storeAll, { files: [text('1', 'a'), text('2', 'b')] })).rejects.toThrow(
      'uploads.maxFiles',
    );
    await using closed = await served({ uploads: false });
    await using other = await connect({ transport: undici(closed.url) });
    await expect(other.execute(store, { file: text('1', 'a') })).rejects.toThrow('its option "uploads" is off');
    expect([...carrier.probe.began, ...closed.probe.began]).toEqual([]);
  });
});

async function http2Served(): Promise<Carried> {
  return carried(async (server) => {
    const handler = await createHandler(server);
    const http = createServer(handler.request);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('It has no port');
    return {
      url: `http://127.0.0.1:${address.port}/graphql`,
      async close() {
        await handler.close();
        await new Promise((resolve) => http.close(resolve));
      },
    };
  });
}

async function send(
  url: string,
  parts: readonly Part[],
  headers: Record<string, string> = { 'apollo-require-preflight': 'true' },
): Promise<unknown[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers },
    body: new Uint8Array(form(parts)),
  });
  return [response.status, await response.json()];
}

const refused = (code: string, message: string): object => ({
  errors: [{ message: expect.stringContaining(message), extensions: { code } }],
});

describe('a form of anybody', () => {
  test('that lacks a file, or whose map is wrong, runs nothing', async () => {
    await using carrier = await served();
    const one = operations({ query: store, variables: { file: null } });
    expect(await send(carrier.url, [one, map({ 0: ['variables.file'] })])).toMatchObject([
      400,
      refused('BAD_MULTIPART_REQUEST', 'was not sent'),
    ]);
    expect(await send(carrier.url, [one, map({ 0: ['variables.other'] }), file('0', 'x')])).toMatchObject([
      400,
      refused('BAD_MULTIPART_REQUEST', 'must lead to a null'),
    ]);
    expect(carrier.probe.began).toEqual([]);
  });

  test('is not executed where a page of another site could have sent it', async () => {
    await using carrier = await served();
    const parts = [
      operations({ query: store, variables: { file: null } }),
      map({ 0: ['variables.file'] }),
      file('0', 'x'),
    ];
    expect(await send(carrier.url, parts, {})).toMatchObject([
      400,
      refused('PREFLIGHT_REQUIRED', 'graphql-require-preflight'),
    ]);
    expect(carrier.probe.began).toEqual([]);
    expect(await send(carrier.url, parts)).toMatchObject([200, { data: { store: '0.txt text/plain 1: x' } }]);
  });

  test('holds a list of operations where lists are taken', async () => {
    const list = [
      operations([
        { query: store, variables: { file: null } },
        { query: store, variables: { file: null } },
      ]),
      map({ 0: ['0.variables.file'], 1: ['1.variables.file'] }),
      file('0', 'a'),
      file('1', 'b'),
    ];
    await using taken = await served({ batching: true });
    expect(await send(taken.url, list)).toMatchObject([
      200,
      [{ data: { store: '0.txt text/plain 1: a' } }, { data: { store: '1.txt text/plain 1: b' } }],
    ]);
    await using carrier = await served();
    expect((await send(carrier.url, list))[0]).toBe(400);
    expect(carrier.probe.began).toEqual([]);
  });
});

describe('the scalar', () => {
  test('takes nothing but files', async () => {
    await using carrier = await served();
    const post = async (body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(carrier.url, { method: 'POST', headers, body: JSON.stringify(body) });
      return response.json();
    };
    const mustBeFile = { errors: [{ message: expect.stringContaining('must be a file') }] };
    expect(await post({ query: store, variables: { file: 'text' } })).toMatchObject(mustBeFile);
    expect(await post({ query: store, variables: { file: {} } })).toMatchObject(mustBeFile);
    expect(await post({ query: 'mutation { store(file: "text") }' })).toMatchObject(mustBeFile);
    expect(carrier.probe.began).toEqual([]);
    expect(() => uploadScalar.serialize(new File([], 'a'))).toThrow('cannot be answered');
  });

  test('knows a file from what only looks like one', () => {
    expect(isUpload(new File([], 'a'))).toBe(true);
    for (const other of [undefined, null, 'a', {}, { name: 'a', type: '', stream: () => {} }, new Blob([])]) {
      expect(isUpload(other)).toBe(false);
    }
  });
});
