// Schemas asked of real servers: ours and others', told or kept, over what a session goes over.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import fastify from 'fastify';
import { printSchema } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import mercurius from 'mercurius';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../src/connect.js';
import { introspectionOf, loadSchema, memoryCache, openApi, readSchema } from '../../../src/schema/index.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import type { ChannelMessages } from '../../../src/session/notices.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { makeSchema, Probe } from '../../server/support/schema.js';
import { startServer, until } from '../../server/support/serving.js';
import { deadPort, httpServer } from '../../transport/undici/support/servers.js';
import { answerOf2016, books } from './support/asked-session.js';

const typeDefs = /* GraphQL */ `
  directive @cost(weight: Int) on FIELD
  type Query {
    book(id: ID!, old: Int @deprecated(reason: "Use id")): Book
  }
  type Book {
    title: String
    isbn: String @deprecated
  }
`;

/** As the servers' own packages have it. */
const { NoSchemaIntrospectionCustomRule } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

/** Answers with the address. `introspection`: whether the schema is told. */
type Start = (introspection: boolean) => Promise<string>;

const apollo: Start = async (introspection) => {
  const server = new ApolloServer({ typeDefs, introspection });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
  onTestFinished(() => server.stop());
  return url;
};

const yoga: Start = async (introspection) => {
  const keep = {
    onValidate: ({ addValidationRule }: { addValidationRule: (rule: unknown) => void }) =>
      addValidationRule(NoSchemaIntrospectionCustomRule),
  };
  const server = createYoga({
    schema: createSchema({ typeDefs }),
    logging: false,
    plugins: introspection ? [] : [keep as never],
  });
  const { url } = await httpServer(server as RequestListener);
  return url;
};

const mercuriusOn: Start = async (introspection) => {
  const server = fastify({ forceCloseConnections: true });
  const validationRules = introspection ? [] : [NoSchemaIntrospectionCustomRule];
  await server.register(mercurius, { schema: typeDefs, validationRules: validationRules as never });
  onTestFinished(() => server.close());
  return `${await server.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
};

describe.each([
  ['Apollo Server', apollo],
  ['GraphQL Yoga', yoga],
  ['Mercurius', mercuriusOn],
])('%s', (_, start) => {
  it('tells its schema to whoever has its address', async () => {
    const address = await start(true);
    const { model, source } = await loadSchema(address);
    expect(source).toBe(address);
    const query = model.types.get('Query');
    const book = model.types.get('Book');
    if (query?.kind !== 'object' || book?.kind !== 'object') throw new Error('They are object types');
    expect(query.fields.get('book')?.args.get('old')?.deprecated).toBe('Use id');
    expect(book.fields.get('isbn')?.deprecated).toBe('No longer supported');
    expect([...model.directives.keys()]).toEqual(expect.arrayContaining(['cost', 'skip', 'include']));
  });

  it('that keeps its schema to itself is told from one that fails', async () => {
    await expect(loadSchema(await start(false))).rejects.toMatchObject({
      name: 'SchemaError',
      code: 'introspection-disabled',
      message: expect.stringMatching(/introspection.*Give the schema as a file/),
    });
  });
});

describe('Our server', () => {
  it('tells its schema where it is being developed', async () => {
    await using server = await startServer({ development: true });
    const schema = await loadSchema(server.url);
    expect(schema.model.roots).toEqual({ query: 'Query', mutation: 'Mutation', subscription: 'Subscription' });
    expect((await schema.graphql()).getType('Anything')).toBeDefined();
  });

  it('keeps it elsewhere, and says where it would tell it', async () => {
    await using server = await startServer({ development: false });
    await expect(loadSchema(server.url)).rejects.toMatchObject({
      code: 'introspection-disabled',
      message: expect.stringContaining('"development"'),
    });
  });

  it('tells it over a session of the program, which stays open', async () => {
    await using server = await startServer();
    await using session = await connect({ transport: webSocket(server.ws) });
    const { model } = await loadSchema(session, { source: 'our server' });
    expect(model.roots.query).toBe('Query');
    expect(await session.execute('{ hello }')).toEqual({ hello: 'Hello world' });
    await session.close();
    await expect(loadSchema(session)).rejects.toMatchObject({ name: 'SessionClosedError', delivery: 'not-sent' });
  });

  it.each([
    ['told its schema', true],
    ['kept it', false],
  ])('is left alone once it %s: the session that asked is closed', async (_, development) => {
    await using server = await startServer({ development });
    const states: string[] = [];
    const note = (message: unknown): void => {
      states.push((message as ChannelMessages['holdfast:state']).state.status);
    };
    subscribe('holdfast:state', note);
    onTestFinished(() => void unsubscribe('holdfast:state', note));
    await loadSchema(new URL(server.url)).catch(() => {});
    expect(states.at(-1)).toBe('closed');
  });

  it('is asked once by everybody who shares a cache and its address', async () => {
    await using server = await startServer();
    const cache = memoryCache();
    const schemas = await Promise.all([1, 2, 3].map(() => loadSchema(server.url, { cache })));
    expect(new Set(schemas.map(({ model }) => model)).size).toBe(1);
  });
});

describe('An address', () => {
  it('is sent the headers that are given', async () => {
    const answer = answerOf2016(books);
    const tokens: unknown[] = [];
    const { url } = await httpServer(async (request, response) => {
      tokens.push(request.headers.authorization);
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer(await queryOf(request))));
    });
    expect((await loadSchema(url, { headers: { authorization: 'Bearer one' } })).model.roots.query).toBe('Shop');
    await loadSchema(url, { session: { credentials: async () => ({ headers: { authorization: 'Bearer two' } }) } });
    expect(tokens).toEqual(['Bearer one', 'Bearer one', 'Bearer two', 'Bearer two']);
  });

  it('of a server that is busy is asked again as the session’s rules say', async () => {
    const answer = answerOf2016(books);
    let requests = 0;
    const { url } = await httpServer(async (request, response) => {
      requests += 1;
      if (requests % 2 === 1) response.writeHead(502).end('Bad gateway');
      else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer(await queryOf(request))));
    });
    const session = { retry: { execute: { delayMs: () => 0 } } };
    expect((await loadSchema(url, { session })).model.roots.query).toBe('Shop');
    expect(requests).toBe(4);
    await expect(loadSchema(url, { session: { retry: { execute: false } } })).rejects.toMatchObject({
      code: 'introspection-failed',
      message: expect.stringContaining('502'),
      delivery: 'answered',
      attempts: 1,
      cause: { name: 'ServerError', status: 502 },
    });
  });

  it('where nothing is GraphQL says so, and keeps no connection to it', async () => {
    const { url, open } = await httpServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
    });
    await expect(loadSchema(url)).rejects.toMatchObject({ code: 'introspection-failed', source: url });
    await until(() => open.size === 0);
  });

  it('where nobody answers says so within its deadline', async () => {
    const clock = new VirtualClock(1_000_000);
    const { url, server } = await httpServer(() => void clock.advance(200));
    await expect(loadSchema(url, { deadlineMs: 200, session: { clock } })).rejects.toMatchObject({
      name: 'DeadlineError',
      delivery: 'unknown',
      deadlineMs: 200,
    });
    server.closeAllConnections();
  });

  it('is given up when the signal says so', async () => {
    const controller = new AbortController();
    const { url } = await httpServer(() => controller.abort(new Error('Enough')));
    await expect(loadSchema(url, { signal: controller.signal })).rejects.toMatchObject({
      name: 'CancelledError',
      delivery: 'unknown',
      cause: { message: 'Enough' },
    });
  });

  it('is not asked for one whose signal was aborted before', async () => {
    const server = await httpServer(() => {});
    const signal = AbortSignal.abort(new Error('Enough'));
    for (const asking of [loadSchema(server.url, { signal }), openApi(server.url, { signal })]) {
      await expect(asking).rejects.toMatchObject({
        name: 'CancelledError',
        delivery: 'not-sent',
        cause: { message: 'Enough' },
      });
    }
  });

  it('that refuses connections may answer later', async () => {
    const clock = new VirtualClock(1_000_000);
    // Its time is over once it has been refused.
    const refused: Interceptor = (next) => (request, sink) =>
      next(request, {
        ...sink,
        error: (failure) => {
          sink.error(failure);
          void clock.advance(200);
        },
      });
    const session = { clock, interceptors: { attempt: [refused] } };
    const url = `http://127.0.0.1:${deadPort}/graphql`;
    await expect(loadSchema(url, { deadlineMs: 200, session })).rejects.toMatchObject({
      name: 'DeadlineError',
      retryable: true,
      delivery: 'not-sent',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('hides what it holds of secrets from errors', async () => {
    const { url } = await httpServer((_, response) => void response.writeHead(404).end());
    const secret = url.replace('http://', 'http://me:hunter2@').concat('?token=hunter2');
    const error = await loadSchema(secret).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('A schema', () => {
  it('comes alike from SDL, JSON in every wrapper, files of either, a GraphQLSchema, an address and a session', async () => {
    await using server = await startServer();
    await using session = await connect(server.url);
    const folder = await mkdtemp(join(tmpdir(), 'schema-files-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const schema = makeSchema(new Probe());
    const introspection = introspectionOf(readSchema(schema).model);
    const unknown = { ...introspection.__schema, newer: [1], appliedDirectives: [] };
    const [sdlFile, jsonFile] = [join(folder, 'schema.graphql'), join(folder, 'schema.json')];
    await writeFile(sdlFile, printSchema(schema));
    await writeFile(jsonFile, JSON.stringify(introspection));
    const sources = [
      ...[schema, printSchema(schema), introspection, introspection.__schema, { data: introspection }, unknown],
      ...[
        JSON.stringify(introspection),
        sdlFile,
        jsonFile,
        pathToFileURL(sdlFile),
        server.url,
        new URL(server.url),
        session,
      ],
    ];
    const models = await Promise.all(sources.map(async (source) => (await loadSchema(source)).model));
    for (const { roots, types } of models) {
      expect(roots).toEqual({ query: 'Query', mutation: 'Mutation', subscription: 'Subscription' });
      for (const name of ['Query', 'Mutation', 'Subscription', 'Anything']) {
        expect(types.get(name)).toEqual(models[0]?.types.get(name));
      }
    }
  });
});

async function queryOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()).query;
}
