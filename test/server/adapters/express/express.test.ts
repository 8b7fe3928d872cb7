// The middleware under Express itself.
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createExpressMiddleware } from '../../../../src/server/adapters/express/index.js';
import type { Server } from '../../../../src/server/server.js';
import { carried, carriesHttp, carriesWebSockets, type TestCarrier } from '../carriers.js';

// Express has no types of its own; these are as much of them as is used here.
type Next = (error?: unknown) => void;
type Use = (request: IncomingMessage, response: ServerResponse, next: Next) => void;
type Tell = (error: unknown, request: IncomingMessage, response: ServerResponse, next: Next) => void;
interface App {
  use(...handlers: (string | Use | Tell)[]): void;
  get(path: string, handler: Use): void;
  listen(port: number, host: string): HttpServer;
}
const express = createRequire(import.meta.url)('express') as { (): App; json(): Use };

type Middleware = ReturnType<typeof createExpressMiddleware>;

const under =
  (mount: (app: App, graphql: Middleware) => void, path = '/graphql') =>
  async (server: Server): Promise<TestCarrier> => {
    const graphql = createExpressMiddleware(server, { path });
    const app = express();
    mount(app, graphql);
    const http = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => http.once('listening', resolve));
    graphql.attach(http);
    return {
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`,
      async close() {
        const closed = new Promise((resolve) => http.close(resolve));
        await graphql.close({ graceMs: 200 });
        http.closeAllConnections();
        await closed;
      },
    };
  };

const alone = under((app, graphql) => app.use(graphql));

describe('under Express', () => {
  carriesHttp(alone);
  carriesWebSockets(alone);
});

const query = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ hello }"}' };

describe('among other middleware', () => {
  test('takes what express.json() has made of a body, and reads what it has left', async () => {
    await using carrier = await carried(under((app, graphql) => app.use(express.json(), graphql)));
    expect(await (await fetch(carrier.url, query)).json()).toEqual({ data: { hello: 'Hello world' } });
    const form = new FormData();
    form.set('operations', '{"query":"mutation ($file: Upload!) { store(file: $file) }","variables":{"file":null}}');
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', new File(['hello'], 'a.txt', { type: 'text/plain' }));
    const headers = { 'apollo-require-preflight': 'true' };
    const stored = await fetch(carrier.url, { method: 'POST', headers, body: form });
    expect(await stored.json()).toEqual({ data: { store: 'a.txt text/plain 5: hello' } });
  });

  test('is not misled by a parser that leaves an empty object where it has read nothing, as those of Express 4 do', async () => {
    const leave: Use = (request, _response, next) => {
      Object.assign(request, { body: {} });
      next();
    };
    await using carrier = await carried(under((app, graphql) => app.use(leave, graphql)));
    expect(await (await fetch(carrier.url, query)).json()).toEqual({ data: { hello: 'Hello world' } });
  });

  test('says so where the body has been read and is gone', async () => {
    const told: unknown[] = [];
    const devour: Use = (request, _response, next) => {
      request.resume().once('end', () => next());
    };
    const tell: Tell = (error, _request, response, _next) => {
      told.push(error);
      response.writeHead(500).end();
    };
    await using carrier = await carried(under((app, graphql) => app.use(devour, graphql, tell)));
    expect((await fetch(carrier.url, query)).status).toBe(500);
    expect(told).toMatchObject([{ code: 'body-used', message: expect.stringContaining('before what reads it') }]);
  });

  test.each(['/graphql', '/api/graphql'])('answers at %s wherever it is mounted', async (path) => {
    const mounted = under((app, graphql) => app.use(path.split('/').slice(0, 2).join('/'), graphql), path);
    await using carrier = await carried(mounted);
    expect(await (await fetch(carrier.url, query)).json()).toEqual({ data: { hello: 'Hello world' } });
    expect(await (await fetch(`${carrier.url}?query={hello}`)).json()).toEqual({ data: { hello: 'Hello world' } });
  });

  test('passes on what is not its own, and keeps headers that were set before', async () => {
    await using carrier = await carried(
      under((app, graphql) => {
        const allow: Use = (_request, response, next) => {
          response.setHeader('Access-Control-Allow-Origin', '*');
          next();
        };
        app.use(allow, graphql);
        app.get('/other', (_request, response) => void response.end('other'));
      }),
    );
    expect(await (await fetch(new URL('/other', carrier.url))).text()).toBe('other');
    const answer = await fetch(carrier.url, query);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});
