// Files on their whole way: over real sockets to servers that are not ours, with everything that may go wrong in between.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, onTestFinished, test } from 'vitest';
import { upload } from '../../../src/protocol/upload.js';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import { createSession, type Session } from '../../../src/session/session.js';
import { viaFetch } from '../../../src/transport/fetch/index.js';
import { http2 } from '../../../src/transport/http2/index.js';
import { undici } from '../../../src/transport/undici/index.js';
import { rejection } from '../../session/support/harness.js';
import { patience } from '../undici/support/client.js';

const typeDefs = `
  scalar Upload
  input Folder { name: String, files: [Upload!]! }
  type Query { look(file: Upload!): String! }
  type Mutation { save(file: Upload, folder: Folder): [String!]! }
`;

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function tell(file: File): Promise<string> {
  return `${file.name} ${file.type} ${hash(new Uint8Array(await file.arrayBuffer()))}`;
}

const schema = createSchema({
  typeDefs,
  resolvers: {
    Query: { look: (_: unknown, { file }: { file: File }) => tell(file) },
    Mutation: {
      save: (_: unknown, { file, folder }: { file?: File; folder?: { files: File[] } }) =>
        Promise.all([...(file === undefined ? [] : [file]), ...(folder?.files ?? [])].map(tell)),
    },
  },
});
const yoga = createYoga({ schema, logging: false });

const look = 'query ($file: Upload!) { look(file: $file) }';
const save = 'mutation ($file: Upload, $folder: Folder) { save(file: $file, folder: $folder) }';

type MakeServer = (listener: RequestListener) => Server;
type OnHttp2 = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Its requests and answers look the same to a listener, but for a text beside the status: Node warns where there is one. */
const http2Server: MakeServer = (listener) =>
  createHttp2Server((request, response) => {
    const writeHead: (status: number, headers?: OutgoingHttpHeaders) => unknown = response.writeHead.bind(response);
    const plainly = (status: number, ...more: unknown[]) =>
      writeHead(status, more.find((one) => typeof one === 'object') as OutgoingHttpHeaders);
    Object.assign(response, { writeHead: plainly });
    (listener as unknown as OnHttp2)(request, response);
  });

interface Listening {
  readonly url: string;
  /** Breaks all its connections. */
  readonly cut: () => void;
}

async function listen(makeServer: MakeServer, listener: RequestListener): Promise<Listening> {
  const server = makeServer(listener).listen(0, '127.0.0.1');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    cut();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, cut };
}

/** The first `times` requests lose their connection when a part of their file has come; the others are answered. */
async function breaking(makeServer: MakeServer, times: number): Promise<string> {
  let left = times;
  const { url, cut } = await listen(makeServer, (request, response) => {
    left -= 1;
    if (left < 0) {
      void yoga(request, response);
      return;
    }
    let received = 0;
    request.on('data', (bytes: Buffer) => {
      received += bytes.length;
      // More than what stands before the file: so much of that was read.
      if (received > 10_000) cut();
    });
  });
  return url;
}

const large = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31 + (index >> 8)) % 251);

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

describe.each([
  ['undici', undici, createServer as MakeServer],
  ['fetch', viaFetch, createServer as MakeServer],
  ['HTTP/2', http2, http2Server],
] as const)('over %s', (_, transportTo, makeServer) => {
  function open(url: string): Session {
    const retry = { connect: { delayMs: () => 1 }, execute: { delayMs: () => 1 } };
    const session = createSession({ transport: transportTo(url), retry });
    onTestFinished(() => session.close({ graceMs: 0 }));
    return session;
  }

  test('files of every kind of source reach a server as they are', async () => {
    const { url } = await listen(makeServer, (request, response) => void yoga(request, response));
    const session = open(url);
    const twice = upload(Buffer.from('twice'), { filename: 't"w.bin' });
    const files = [
      new File(['text'], 'ä.txt', { type: 'text/plain' }),
      new Blob([large], { type: 'image/png' }),
      upload(Readable.from(inPieces(large)), { filename: 'stream.bin' }),
      upload(() => inPieces(large), { filename: 'made.bin' }),
      twice,
    ];
    const { save: saved } = (await session.execute(save, { file: twice, folder: { files } })) as { save: string[] };
    const own = 'application/octet-stream';
    // The parser of this server leaves the escape of a quote as it is, also where a browser wrote it.
    expect(saved).toEqual([
      `t%22w.bin ${own} ${hash(Buffer.from('twice'))}`,
      `ä.txt text/plain ${hash(Buffer.from('text'))}`,
      `blob image/png ${hash(large)}`,
      `stream.bin ${own} ${hash(large)}`,
      `made.bin ${own} ${hash(large)}`,
      `t%22w.bin ${own} ${hash(Buffer.from('twice'))}`,
    ]);
  });

  test('calls at the same time do not touch each other', async () => {
    const { url } = await listen(makeServer, (request, response) => void yoga(request, response));
    const session = open(url);
    const shared = upload(() => inPieces(large.subarray(0, 200_000)), { filename: 'shared' });
    const calls = Array.from({ length: 10 }, (_, index) => {
      const bytes = large.subarray(index, 100_000 + index);
      return session.execute(save, { file: shared, folder: { files: [upload(Readable.from(inPieces(bytes)))] } });
    });
    for (const [index, answer] of (await Promise.all(calls)).entries()) {
      const { save: saved } = answer as { save: string[] };
      expect(saved[0]).toContain(hash(large.subarray(0, 200_000)));
      expect(saved[1]).toContain(hash(large.subarray(index, 100_000 + index)));
    }
  });

  test('a query that is sent again sends the whole body again, and tells its progress anew', async () => {
    const session = open(await breaking(makeServer, 2));
    const told: number[] = [];
    const file = upload(() => inPieces(large), { onProgress: ({ sentBytes }) => told.push(sentBytes) });
    expect(await session.execute(look, { file })).toEqual({ look: `blob application/octet-stream ${hash(large)}` });
    expect(told.filter((bytes) => bytes === 0).length).toBe(3);
    expect(told.at(-1)).toBe(large.length);
  });

  test('a query with a stream that was read is not sent again, and a mutation is of unknown outcome as ever', async () => {
    const session = open(await breaking(makeServer, 2));
    const stream = (): Readable => Readable.from(inPieces(large));
    const error = await rejection(session.execute(look, { file: upload(stream()) }), ConnectionLostError);
    expect(error).toMatchObject({ attempts: 1, message: expect.stringContaining('"blob" was read before') });
    await rejection(session.execute(save, { file: upload(() => stream()) }), OutcomeUnknownError);
    // The server answers from here on: nothing of it was sent behind our backs.
    expect(await session.execute(look, { file: upload(stream()) })).toMatchObject({ look: expect.any(String) });
  });

  test('a source that fails midway fails its call alone, with its error', async () => {
    const { url } = await listen(makeServer, (request, response) => void yoga(request, response));
    const session = open(url);
    // What looks like proof that nothing was sent is none when a source says it.
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield large.subarray(0, 200_000);
      throw cause;
    }
    const bad = rejection(session.execute(save, { file: upload(failing()) }), OutcomeUnknownError);
    const good = session.execute(look, { file: upload(() => inPieces(large)) });
    const error = await bad;
    expect(error.cause).toBe(cause);
    expect(error.message).toContain('The upload "blob" could not be read: connect ECONNREFUSED.');
    expect(await good).toMatchObject({ look: expect.stringContaining(hash(large)) });
  });

  test('a call that is cancelled closes a stream that keeps it waiting', async () => {
    let received = 0;
    const { url } = await listen(makeServer, (request) =>
      request.on('data', (bytes: Buffer) => (received += bytes.length)),
    );
    const session = open(url);
    const controller = new AbortController();
    const source = new PassThrough();
    const call = rejection(
      session.execute(save, { file: upload(source) }, { signal: controller.signal }),
      CancelledError,
    );
    source.write(large.subarray(0, 1_000));
    await expect.poll(() => received, patience).toBeGreaterThan(1_000);
    const closed = once(source, 'close');
    controller.abort();
    expect((await call).delivery).toBe('unknown');
    await closed;
  });

  test('a server that answers before it has read everything ends the reading', async () => {
    const { url } = await listen(makeServer, (request, response) => {
      request.once('data', () => response.writeHead(413, { 'content-type': 'text/plain' }).end('Too large.'));
    });
    const session = open(url);
    const source = new PassThrough();
    const closed = once(source, 'close');
    source.write(large.subarray(0, 1_000));
    const error = await rejection(session.execute(save, { file: upload(source) }), ResponseError);
    expect(error.status).toBe(413);
    await closed;
  });

  test("is no forged request for Apollo Server's protection", async () => {
    const apollo = new ApolloServer({
      typeDefs: 'scalar Upload type Query { a: Int } type Mutation { save(file: Upload): String }',
      resolvers: { Mutation: { save: () => 'saved' } },
    });
    await apollo.start();
    onTestFinished(() => apollo.stop());
    const withheld = new Set<string>();
    const { url } = await listen(makeServer, async (request, response) => {
      const headers = new HeaderMap(
        Object.entries(request.headers).flatMap(([name, value]) => (withheld.has(name) ? [] : [[name, String(value)]])),
      );
      // Apollo Server reads no forms: what stands before it does.
      const body = JSON.parse(String((await formOf(request)).get('operations')));
      const httpGraphQLRequest = { method: 'POST', headers, search: '', body };
      const answer = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => ({}) });
      response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
      response.end(answer.body.kind === 'complete' ? answer.body.string : '');
    });
    const session = open(url);
    const document = 'mutation ($file: Upload) { save(file: $file) }';
    expect(await session.execute(document, { file: new Blob(['a']) })).toEqual({ save: 'saved' });
    withheld.add('apollo-require-preflight');
    await expect(session.execute(document, { file: new Blob(['a']) })).rejects.toThrow(/Cross-Site Request Forgery/);
  });
});

async function formOf(request: IncomingMessage): Promise<FormData> {
  const pieces = (await request.toArray()) as Buffer[];
  const headers = { 'content-type': String(request.headers['content-type']) };
  return new Response(new Uint8Array(Buffer.concat(pieces)), { headers }).formData();
}
