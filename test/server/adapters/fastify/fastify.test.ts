// The plugin under Fastify itself, over HTTP/1.1 and HTTP/2.
import { connect as connectHttp2 } from 'node:http2';
import fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { type HoldfastFastifyOptions, holdfastFastify } from '../../../../src/server/adapters/fastify/index.js';
import type { Server } from '../../../../src/server/server.js';
import { RawClient } from '../../support/client.js';
import { carried, carriesHttp, carriesWebSockets, type TestCarrier } from '../carriers.js';

const under =
  (
    mount: (app: FastifyInstance) => unknown = () => {},
    options: Partial<HoldfastFastifyOptions> & { readonly prefix?: string } = {},
  ) =>
  async (server: Server): Promise<TestCarrier> => {
    const app = fastify();
    await mount(app);
    await app.register(holdfastFastify, { server, graceMs: 200, ...options });
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url: `${address}${options.prefix ?? ''}/graphql`, close: () => app.close() };
  };

describe('under Fastify', () => {
  carriesHttp(under());
  carriesWebSockets(under());
});

const query = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ hello }"}' };
const hello = { data: { hello: 'Hello world' } };

describe('in an application of Fastify', () => {
  test('serves all its paths under a prefix, WebSocket too', async () => {
    await using carrier = await carried(under(undefined, { prefix: '/api' }));
    expect(await (await fetch(carrier.url, query)).json()).toEqual(hello);
    expect((await fetch(new URL('/api/health', carrier.url))).status).toBe(200);
    const client = await RawClient.accepted(carrier.ws);
    await client.close();
  });

  test('leaves bodies and routes of the application as they are, and keeps the headers of its hooks', async () => {
    await using carrier = await carried(
      under((app) => {
        app.addHook('onRequest', async (_request, reply) => {
          reply.header('Access-Control-Allow-Origin', '*');
        });
        app.post('/other', async (request) => ({ body: request.body }));
      }),
    );
    const other = await fetch(new URL('/other', carrier.url), query);
    expect(await other.json()).toEqual({ body: { query: '{ hello }' } });
    const answer = await fetch(carrier.url, query);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toEqual(hello);
  });

  test('takes queries by the method QUERY where the application knows it', async () => {
    await using carrier = await carried(
      under((app) => app.addHttpMethod('QUERY', { hasBody: true, overrideExisting: true })),
    );
    expect(await (await fetch(carrier.url, { ...query, method: 'QUERY' })).json()).toEqual(hello);
  });

  test('reads bodies up to its own limit, past that of Fastify', async () => {
    const limits = { messageBytes: 3 * 1024 * 1024 };
    await using carrier = await carried(under(), { limits });
    const body = JSON.stringify({ query: '{ hello }', extensions: { filler: 'x'.repeat(2 * 1024 * 1024) } });
    expect(await (await fetch(carrier.url, { ...query, body })).json()).toEqual(hello);
  });

  test('answers over HTTP/2', async () => {
    await using carrier = await carried(async (server) => {
      const app = fastify({ http2: true });
      await app.register(holdfastFastify, { server, graceMs: 200 });
      const address = await app.listen({ port: 0, host: '127.0.0.1' });
      return { url: `${address}/graphql`, close: () => app.close() };
    });
    const client = connectHttp2(new URL(carrier.url).origin);
    const stream = client.request({ ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json' });
    stream.end(query.body);
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += chunk;
    expect(JSON.parse(text)).toEqual(hello);
    client.close();
  });

  test('says at once what is wrong with its options', async () => {
    const wrong = (options: object): Promise<unknown> =>
      carried(under(undefined, options as Partial<HoldfastFastifyOptions>));
    await expect(wrong({ paht: '/graphql' })).rejects.toThrow('paht');
    await expect(wrong({ path: 'graphql' })).rejects.toThrow('Option "path"');
    await expect(wrong({ graceMs: -1 })).rejects.toThrow('graceMs');
  });
});
