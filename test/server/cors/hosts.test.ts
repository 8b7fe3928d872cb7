// CORS where a server is mounted on somebody else's application, which may keep the rule itself: no header comes twice, and what the
// application has said counts.

import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createHttp2, type IncomingHttpHeaders } from 'node:http2';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { serve as serveHono } from '@hono/node-server';
import fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import { cors as honoCors } from 'hono/cors';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createExpressMiddleware } from '../../../src/server/adapters/express/index.js';
import { holdfastFastify } from '../../../src/server/adapters/fastify/index.js';
import { createFetchHandler } from '../../../src/server/adapters/fetch/index.js';
import { createServer as createGraphQL, createHandler } from '../../../src/server/index.js';
import type { Server } from '../../../src/server/server.js';
import { askRaw, type GivenRaw, type RawAnswer } from '../support/raw-http.js';
import { makeSchema, Probe } from '../support/schema.js';

const friend = 'https://friend.example';
const hosts = 'https://host.example';

/** What an application does itself: for `friend` and for a page of its own, as the packages for it do. */
function hostCors(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Accept-Encoding, origin');
  if (origin === hosts) {
    response.setHeader('Access-Control-Allow-Origin', hosts);
    response.setHeader('Access-Control-Expose-Headers', 'x-host');
  }
  if (origin !== hosts || request.method !== 'OPTIONS') return false;
  response.writeHead(204, { 'Access-Control-Allow-Methods': 'POST' }).end();
  return true;
}

type Use = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
interface ExpressApp {
  use(...handlers: Use[]): void;
  listen(port: number, host: string): HttpServer;
}
const express = createRequire(import.meta.url)('express') as () => ExpressApp;

async function addressOf(http: HttpServer): Promise<string> {
  if (!http.listening) await new Promise((resolve) => http.once('listening', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
}

async function onFastify(server: Server, mount: (app: FastifyInstance) => void): Promise<string> {
  const app = fastify();
  mount(app);
  await app.register(holdfastFastify, { server, graceMs: 0 });
  onTestFinished(() => app.close());
  return `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
}

/** The address of an application that has the server, and keeps the rule itself where `keeps` says so. */
const applications: readonly [string, (server: Server, keeps: boolean) => Promise<string>][] = [
  [
    'node:http',
    async (server, keeps) => {
      const handler = await createHandler(server);
      const http = createServer((request, response) => {
        if (!keeps || !hostCors(request, response)) handler.request(request, response);
      });
      onTestFinished(() => handler.close({ graceMs: 0 }));
      return addressOf(http.listen(0, '127.0.0.1'));
    },
  ],
  [
    'Express',
    async (server, keeps) => {
      const app = express();
      if (keeps) app.use((request, response, next) => void (hostCors(request, response) || next()));
      const graphql = createExpressMiddleware(server);
      app.use(graphql);
      onTestFinished(() => graphql.close({ graceMs: 0 }));
      return addressOf(app.listen(0, '127.0.0.1'));
    },
  ],
  [
    'Fastify',
    (server, keeps) =>
      onFastify(server, (app) => {
        if (!keeps) return;
        // As its own plugin does: a hook that answers, and a route so that there is something to answer.
        app.options('/*', (_request, reply) => reply.code(204).send());
        app.addHook('onRequest', async ({ raw }, reply) => {
          reply.header('Vary', 'Accept-Encoding, origin');
          if (raw.headers.origin !== hosts) return;
          reply.headers({ 'Access-Control-Allow-Origin': hosts, 'Access-Control-Expose-Headers': 'x-host' });
          if (raw.method !== 'OPTIONS') return;
          reply.header('Access-Control-Allow-Methods', 'POST').code(204).send();
        });
      }),
  ],
];

const graphql = (allowedOrigins?: readonly string[]): Server =>
  createGraphQL({ schema: makeSchema(new Probe()), allowedOrigins, onError: () => {} });

const ask = (url: string, origin: string): Promise<RawAnswer> =>
  askRaw(url, { headers: { origin }, body: { query: '{ hello }' } });

const preflight = (origin: string): GivenRaw => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
});

const said = ({ lines }: RawAnswer) =>
  ['allow-origin', 'allow-credentials', 'expose-headers'].map((name) => lines(`access-control-${name}`));

const ours = [[friend], ['true'], ['Retry-After, Holdfast-Idempotency']];

describe.each(applications)('under %s', (_, start) => {
  test('a page of a listed origin is answered, and asks first', async () => {
    const url = await start(graphql([friend]), false);
    const answer = await ask(url, friend);
    expect([answer.status, said(answer), answer.lines('vary')]).toEqual([200, ours, ['Origin']]);
    const asked = await askRaw(url, preflight(friend));
    expect([asked.status, asked.lines('access-control-allow-headers')]).toEqual([204, ['content-type']]);
    expect(said(asked)).toEqual(ours);
    expect((await askRaw(url, preflight('https://stranger.example'))).status).toBe(403);
  });

  test.each([undefined, [friend], ['*']])(
    'what the application says itself counts alone: %s',
    async (allowedOrigins) => {
      const url = await start(graphql(allowedOrigins), true);
      const answer = await ask(url, hosts);
      expect([answer.status, said(answer)]).toEqual([200, [[hosts], [], ['x-host']]]);
      expect(answer.lines('vary')).toHaveLength(1);
      expect(answer.lines('vary')[0]).toMatch(/^Accept-Encoding, origin$/);
      const asked = await askRaw(url, preflight(hosts));
      expect([asked.status, asked.lines('access-control-allow-methods')]).toEqual([204, ['POST']]);
      expect(said(asked)).toEqual([[hosts], [], ['x-host']]);
    },
  );

  test('a page of which the application says nothing is answered by the list', async () => {
    const url = await start(graphql([friend]), true);
    const answer = await ask(url, friend);
    expect([answer.status, said(answer), answer.lines('vary')]).toEqual([200, ours, ['Accept-Encoding, origin']]);
  });
});

test('an application of Fastify may answer the preflights of the path itself', async () => {
  const url = await onFastify(graphql([friend]), (app) => {
    app.options('/graphql', (_request, reply) => reply.code(200).send('mine'));
  });
  expect((await askRaw(url, preflight(friend))).text).toBe('mine');
});

describe('in Hono', () => {
  const start = (allowedOrigins: readonly string[] | undefined, keeps: boolean): Promise<string> => {
    const app = new Hono();
    if (keeps) app.use(honoCors({ origin: hosts, exposeHeaders: ['x-host'] }));
    const handler = createFetchHandler(graphql(allowedOrigins));
    app.all('/graphql', (c) => handler(c.req.raw));
    onTestFinished(() => handler.close({ graceMs: 0 }));
    return addressOf(serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as HttpServer);
  };

  test('a page of a listed origin is answered, and asks first', async () => {
    const url = await start([friend], false);
    const answer = await ask(url, friend);
    expect([answer.status, said(answer), answer.lines('vary')]).toEqual([200, ours, ['Origin']]);
    const asked = await askRaw(url, preflight(friend));
    expect([asked.status, asked.lines('access-control-allow-headers')]).toEqual([204, ['content-type']]);
    expect((await askRaw(url, preflight('https://stranger.example'))).status).toBe(403);
  });

  test.each([undefined, ['*']])('its own middleware says each header once: %s', async (allowedOrigins) => {
    const url = await start(allowedOrigins, true);
    const answer = await ask(url, hosts);
    expect([answer.status, said(answer)]).toEqual([200, [[hosts], [], ['x-host']]]);
    expect((await askRaw(url, preflight(hosts))).status).toBe(204);
  });
});

describe('over HTTP/2', () => {
  const start = async (keeps: boolean): Promise<(origin: string, method: string) => Promise<IncomingHttpHeaders>> => {
    const handler = await createHandler(graphql([friend]));
    const http = createHttp2((request, response) => {
      if (keeps) response.setHeader('Vary', 'Accept-Encoding');
      if (keeps) response.setHeader('Access-Control-Allow-Origin', hosts);
      handler.request(request, response);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const session = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    onTestFinished(async () => {
      session.destroy();
      http.close();
      await handler.close({ graceMs: 0 });
    });
    return (origin, method) =>
      new Promise((resolve, reject) => {
        const asks = method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : {};
        const json = { 'content-type': 'application/json' };
        const stream = session.request({ ':method': method, ':path': '/graphql', origin, ...asks, ...json });
        stream.on('response', resolve).on('error', reject).resume();
        stream.end(method === 'OPTIONS' ? undefined : '{"query":"{ hello }"}');
      });
  };

  test('a page of a listed origin is answered, and asks first', async () => {
    const ask2 = await start(false);
    const shared = { 'access-control-allow-origin': friend, 'access-control-allow-credentials': 'true' };
    expect(await ask2(friend, 'POST')).toMatchObject({ ':status': 200, ...shared, vary: 'Origin' });
    expect(await ask2(friend, 'OPTIONS')).toMatchObject({ ':status': 204, ...shared });
    expect(await ask2('https://stranger.example', 'OPTIONS')).toMatchObject({ ':status': 403, vary: 'Origin' });
  });

  test('what the application says itself counts alone', async () => {
    const headers = await (await start(true))(friend, 'POST');
    expect(headers).toMatchObject({ 'access-control-allow-origin': hosts, vary: 'Accept-Encoding, Origin' });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });
});
