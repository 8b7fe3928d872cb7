// The handler in Hono, and called by nothing but the platform, both on Node's HTTP.
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { createFetchHandler, type FetchHandler } from '../../../../src/server/adapters/fetch/index.js';
import type { Server } from '../../../../src/server/server.js';
import { carried, carriesHttp, type TestCarrier } from '../carriers.js';

const under =
  (mount: (graphql: FetchHandler) => (request: Request) => Response | Promise<Response>, path = '/graphql') =>
  async (server: Server): Promise<TestCarrier> => {
    const graphql = createFetchHandler(server, { path });
    const http = serve({ fetch: mount(graphql), port: 0, hostname: '127.0.0.1' }) as HttpServer;
    if (!http.listening) await new Promise((resolve) => http.once('listening', resolve));
    return {
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
      async close() {
        const closed = new Promise((resolve) => http.close(resolve));
        await graphql.close({ graceMs: 200 });
        http.closeAllConnections();
        await closed;
      },
    };
  };

describe('in Hono', () => {
  carriesHttp(under((graphql) => new Hono().all('*', (c) => graphql(c.req.raw)).fetch));
});

describe('called by the platform', () => {
  carriesHttp(under((graphql) => graphql));
});

const query = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ hello }"}' };
const hello = { data: { hello: 'Hello world' } };

test('a framework that takes the mount point off the address is told by the path', async () => {
  await using carrier = await carried(under((graphql) => new Hono().mount('/graphql', graphql).fetch, '/'));
  expect(await (await fetch(carrier.url, query)).json()).toEqual(hello);
});

test('what something before has read of a body is taken from it; without it the framework is told', async () => {
  const told: unknown[] = [];
  await using carrier = await carried(
    under((graphql) => {
      const app = new Hono();
      app.post('/graphql', async (c) => graphql(c.req.raw, { parsedBody: await c.req.json() }));
      app.post('/careless', async (c) => {
        await c.req.raw.text();
        return graphql(c.req.raw);
      });
      app.onError((error, c) => {
        told.push(error);
        return c.text('', 500);
      });
      return app.fetch;
    }),
  );
  expect(await (await fetch(carrier.url, query)).json()).toEqual(hello);
  expect((await fetch(new URL('/careless', carrier.url), query)).status).toBe(500);
  expect(told).toMatchObject([{ code: 'body-used', message: expect.stringContaining('parsedBody') }]);
});

test('resolvers see the address that the framework knows', async () => {
  await using carrier = await carried(
    under((graphql) => (request) => graphql(request, { remoteAddress: '192.0.2.1' })),
  );
  await fetch(carrier.url, { ...query, body: '{"query":"{ context }"}' });
  expect(carrier.probe.contexts).toMatchObject([{ remoteAddress: '192.0.2.1' }]);
});
