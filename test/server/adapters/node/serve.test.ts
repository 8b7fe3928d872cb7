import { request as requestHttp } from 'node:http';
import { connect, constants } from 'node:http2';
import { Agent, request } from 'node:https';
import { connect as connectSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createServer, type ServeOptions, type Serving, serve } from '../../../../src/server/index.js';
import { certificate, key } from '../../../transport/websocket/support/certificate.js';
import { makeSchema, Probe } from '../../support/schema.js';
import { nothing, startServer, until } from '../../support/serving.js';
import { StreamClient } from '../../support/stream-client.js';

const tls = { key, cert: certificate };
const schema = makeSchema(new Probe());

describe('what serve prints', () => {
  async function printed(development: boolean, options: Partial<ServeOptions>): Promise<[string[], Serving]> {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const serving = await serve(createServer({ schema, development }), { port: 0, ...options });
    await serving.close();
    const lines = log.mock.calls.map((words) => words.join(' '));
    log.mockRestore();
    return [lines, serving];
  }

  test('is where it answers, one line for each thing', async () => {
    const [lines, { url, webSocketUrl }] = await printed(false, {});
    expect(lines).toEqual([`GraphQL over HTTP:      ${url}`, `GraphQL over WebSocket: ${webSocketUrl}`]);
  });

  test('has GraphiQL where that is on', async () => {
    expect((await printed(true, {}))[0][2]).toMatch(/^GraphiQL: +http:/);
    expect((await printed(false, { graphiql: true }))[0]).toHaveLength(3);
    expect((await printed(true, { graphiql: false }))[0]).toHaveLength(2);
  });

  test('is nothing where it is to be quiet', async () => {
    expect((await printed(true, { quiet: true }))[0]).toEqual([]);
  });
});

describe('options of serve', () => {
  test.each([
    ['quiet that is a text', { quiet: 'yes' }, 'quiet'],
    ['signals that are a number', { signals: 1 }, 'signals'],
    ['tls that is true', { tls: true }, 'tls'],
    ['tls without a certificate', { tls: { key } }, 'tls.cert'],
    ['tls with something unknown', { tls: { ...tls, ca: 'x' } }, 'ca'],
    ['a path that is taken', { path: '/health' }, 'healthPath'],
  ])('%s is refused', async (_, options, option) => {
    const serving = serve(createServer({ schema }), { port: 0, ...options } as unknown as ServeOptions);
    await expect(serving).rejects.toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });

  test('a key that is none fails, and leaves nothing behind', async () => {
    const server = createServer({ schema });
    await expect(serve(server, { port: 0, quiet: true, tls: { key: 'x', cert: 'y' } })).rejects.toThrow();
    await server.drain({ deadlineMs: 0 });
  });

  test('servers without number need one listener for the signal, and none when they are closed', async () => {
    const before = process.listenerCount('SIGTERM');
    const servings = await Promise.all(
      Array.from({ length: 12 }, () => serve(createServer({ schema }), { port: 0, quiet: true })),
    );
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    await using unheard = await serve(createServer({ schema }), { port: 0, quiet: true, signals: false });
    await Promise.all(servings.map((serving) => serving.close()));
    expect(process.listenerCount('SIGTERM')).toBe(before);
    await unheard.close();
  });
});

describe('over TLS', () => {
  const get = (url: string, agent: Agent): Promise<string> =>
    new Promise((resolve, reject) => {
      request(`${url}?query={hello}`, { agent }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.httpVersion));
      })
        .once('error', reject)
        .end();
    });

  test('HTTP/2, HTTP/1.1 and WebSocket, on one port, and close ends all of them', async () => {
    const probe = new Probe();
    const server = createServer({ schema: makeSchema(probe) });
    const serving = await serve(server, { port: 0, quiet: true, tls });
    expect(serving.url).toBe(`https://127.0.0.1:${serving.port}/graphql`);
    expect(serving.webSocketUrl).toBe(`wss://127.0.0.1:${serving.port}/graphql`);

    const session = connect(serving.url, { ca: certificate });
    const stream = session.request({ ':path': '/graphql?query={hello}' });
    expect(await new Promise((resolve) => stream.once('response', (head) => resolve(head[':status'])))).toBe(200);
    stream.resume();
    const agent = new Agent({ ca: certificate, keepAlive: true });
    expect(await get(serving.url, agent)).toBe('1.1');
    const ws = new WebSocket(serving.webSocketUrl, 'graphql-transport-ws', { ca: certificate });
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));

    const ended = [ws, session].map((one) => new Promise((resolve) => one.once('close', resolve)));
    await serving.close({ graceMs: 20_000 });
    await Promise.all(ended);
    agent.destroy();
    expect(server.stats()).toMatchObject(nothing);
  });

  test('who does not go by himself is cut off at the end of the grace', async () => {
    const probe = new Probe();
    const serving = await serve(createServer({ schema: makeSchema(probe) }), { port: 0, quiet: true, tls });
    const session = connect(serving.url, { ca: certificate });
    session.on('error', () => {});
    const stream = session.request({ ':path': '/graphql?query={slow(gate:"never")}' });
    stream.on('error', () => {});
    await until(() => probe.began.includes('slow'));
    const silent = connectTls({ port: serving.port, host: '127.0.0.1', ca: certificate, ALPNProtocols: ['http/1.1'] });
    silent.on('error', () => {});
    await new Promise((resolve) => silent.once('secureConnect', resolve));
    const mute = connectSocket(serving.port, '127.0.0.1');
    mute.on('error', () => {});
    await new Promise((resolve) => mute.once('connect', resolve));
    const ended = [session, silent, mute].map((one) => new Promise((resolve) => one.once('close', resolve)));
    await serving.close({ graceMs: 50 });
    await Promise.all(ended);
    expect(stream.rstCode).not.toBe(constants.NGHTTP2_NO_ERROR);
  });
});

describe('drain', () => {
  test('tells who asks that it is leaving, answers what runs, and closes the port', async () => {
    await using t = await startServer();
    const answer = StreamClient.run(t.url, 'application/json', '{ slow(gate: "g") }');
    await until(() => t.probe.began.includes('slow'));
    const drained = t.serving.drain({ spreadMs: 0 });
    const ready = await fetch(new URL('/ready', t.url));
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect((await fetch(new URL('/health', t.url))).status).toBe(200);
    t.probe.open('g');
    const answered = await answer;
    expect([answered.status, answered.headers.connection]).toEqual([200, 'close']);
    await answered.complete();
    await drained;
    await expect(fetch(t.url)).rejects.toThrow();
  });

  test('refuses plans that are none', async () => {
    await using t = await startServer();
    await expect(t.serving.drain({ spreadMs: -1 })).rejects.toThrow(expect.objectContaining({ option: 'spreadMs' }));
  });
});

describe('what a client does to its request', () => {
  test('headers that came twice are one, and a list of cookies is a text', async () => {
    await using t = await startServer();
    const { hostname, port, pathname } = new URL(t.url);
    await new Promise<void>((resolve, reject) => {
      requestHttp(
        {
          hostname,
          port,
          path: `${pathname}?query={context}`,
          headers: ['X-Tag', 'a', 'X-Tag', 'b', 'Set-Cookie', 'c', 'Set-Cookie', 'd', 'Host', 'x'],
        },
        (response) => {
          response.resume();
          response.once('end', resolve);
        },
      )
        .once('error', reject)
        .end();
    });
    const [context] = t.probe.contexts as { headers: object; remoteAddress: string }[];
    expect(context?.headers).toMatchObject({ 'x-tag': 'a, b', 'set-cookie': 'c, d', host: 'x' });
    expect(context?.remoteAddress).toBe('127.0.0.1');
  });
});
