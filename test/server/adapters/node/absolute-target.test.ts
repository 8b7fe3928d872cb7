// Request lines with the whole address, as clients send them to proxies and servers have to take them too: RFC 9112, section 3.2.2.

import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createExpressMiddleware } from '../../../../src/server/adapters/express/index.js';
import { holdfastFastify } from '../../../../src/server/adapters/fastify/index.js';
import { toOriginForm } from '../../../../src/server/adapters/node/target.js';
import {
  createServer as createGraphQL,
  createHandler,
  type OperationContext,
  serve,
} from '../../../../src/server/index.js';
import type { Server } from '../../../../src/server/server.js';
import { askRaw } from '../../support/raw-http.js';
import { makeSchema, Probe } from '../../support/schema.js';

interface ExpressApp {
  use(handler: unknown): void;
  use(path: string, handler: unknown): void;
  listen(port: number, host: string): HttpServer;
}
const express = createRequire(import.meta.url)('express') as () => ExpressApp;

async function addressOf(http: HttpServer, path: string): Promise<string> {
  if (!http.listening) await new Promise((resolve) => http.once('listening', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`;
}

const mounted: readonly [string, (server: Server) => Promise<string>][] = [
  [
    'createHandler',
    async (server) => {
      const handler = await createHandler(server);
      onTestFinished(() => handler.close({ graceMs: 0 }));
      const guarded = (request: IncomingMessage, response: ServerResponse): void => {
        if (request.url?.startsWith('/graphql')) response.writeHead(401).end();
        else handler.request(request, response);
      };
      return addressOf(createServer(guarded).listen(0, '127.0.0.1'), '/graphql');
    },
  ],
  [
    'Express',
    async (server) => {
      const graphql = createExpressMiddleware(server, {});
      onTestFinished(() => graphql.close({ graceMs: 0 }));
      const app = express();
      app.use('/graphql', (_request: unknown, response: ServerResponse) => response.writeHead(401).end());
      app.use(graphql);
      return addressOf(app.listen(0, '127.0.0.1'), '/graphql');
    },
  ],
  [
    'Fastify',
    async (server) => {
      const app = fastify();
      app.addHook('onRequest', async (request, reply) => {
        if (request.url.startsWith('/graphql')) await reply.code(401).send();
      });
      await app.register(holdfastFastify, { server });
      onTestFinished(() => app.close());
      return `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
    },
  ],
];

const body = { query: '{ hello }' };
const hello = '{"data":{"hello":"Hello world"}}';

describe('on a port of our own', () => {
  const hosts: unknown[] = [];
  const started = async (): Promise<string> => {
    hosts.length = 0;
    const context = ({ headers }: OperationContext): object => {
      hosts.push(headers.host);
      return {};
    };
    const server = createGraphQL({ schema: makeSchema(new Probe()), context, onError: () => {} });
    const { url, close } = await serve(server, { port: 0, quiet: true });
    onTestFinished(() => close({ graceMs: 0 }));
    return url;
  };

  test('a request with the whole address is answered, whatever host it names', async () => {
    const url = await started();
    const { pathname } = new URL(url);
    for (const origin of ['http://127.0.0.1', 'http://graphql.example:8080', 'HTTPS://[::1]:4000']) {
      const { status, text } = await askRaw(url, { target: origin + pathname, body });
      expect([origin, status, text]).toEqual([origin, 200, hello]);
      const query = `?query=${encodeURIComponent('{ hello }')}`;
      expect((await askRaw(url, { method: 'GET', target: origin + pathname + query })).text).toBe(hello);
    }
    const named = ['127.0.0.1', 'graphql.example:8080', '[::1]:4000'];
    expect(hosts).toEqual(named.flatMap((host) => [host, host]));
    expect((await askRaw(url, { target: 'http://127.0.0.1/elsewhere', body })).status).toBe(404);
  });

  test('a WebSocket is opened by one too, and the page is compared with the host that it names', async () => {
    const url = await started();
    const target = `http://graphql.example${new URL(url).pathname}`;
    const upgrade = (origin: string, at = target): Promise<number> => upgraded(url, at, origin);
    expect(await upgrade('http://graphql.example')).toBe(101);
    expect(await upgrade('http://host.example')).toBe(403);
    expect(await upgrade('http://graphql.example', 'http://graphql.example/elsewhere')).toBe(404);
  });
});

/** With a header Host that says something else than the target, which counts. */
async function upgraded(url: string, target: string, origin: string): Promise<number> {
  const { request } = await import('node:http');
  const { hostname, port } = new URL(url);
  const headers = {
    host: 'host.example',
    origin,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-protocol': 'graphql-transport-ws',
  };
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: target, headers, agent: false });
    asked.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Paths are read differently by who stands in front, where anything is taken for a host. */
const unfit = ['x;y', "x'y", 'x%', 'a@b', 'a:b@c', 'x:99x', 'x:123456', 'x,y', 'x y', '[x]', ''];

describe.each(mounted)('under %s, behind a check of the path', (_, start) => {
  test('a whole address comes past no check', async () => {
    const url = await start(createGraphQL({ schema: makeSchema(new Probe()), onError: () => {} }));
    expect((await askRaw(url, { body })).status).toBe(401);
    for (const host of ['x', '127.0.0.1', ...unfit.filter((one) => !one.includes(' '))]) {
      const { status } = await askRaw(url, { target: `http://${host}/graphql`, body });
      expect([host, status >= 400]).toEqual([host, true]);
    }
  });
});

describe('a target on a port of our own', () => {
  test.each<[target: string, path: string, host: string]>([
    ['/graphql?query=%7Ba%7D', '/graphql?query=%7Ba%7D', 'header'],
    ['http://host/graphql?a=http://b', '/graphql?a=http://b', 'host'],
    ['https://host:1/', '/', 'host:1'],
    ['http://host', '/', 'host'],
    ['http://host?a=1', '/?a=1', 'host'],
    ['HTTP://HOST/Path', '/Path', 'HOST'],
    ['http://[::1]:4000/graphql', '/graphql', '[::1]:4000'],
    ['//host/graphql', '//host/graphql', 'header'],
    ['*', '*', 'header'],
    ['', '', 'header'],
    ['ftp://host/graphql', 'ftp://host/graphql', 'header'],
    ['http:/graphql', 'http:/graphql', 'header'],
    ...unfit.map((host): [string, string, string] => [`http://${host}/graphql`, `http://${host}/graphql`, 'header']),
  ])('%s', (url, path, host) => {
    const request = { url, headers: { host: 'header' } } as IncomingMessage;
    toOriginForm(request);
    expect([request.url, request.headers.host]).toEqual([path, host]);
  });
});
