import { type ClientHttp2Session, type ClientHttp2Stream, connect, createSecureServer, createServer } from 'node:http2';
import { Agent, request } from 'node:https';
import { type AddressInfo, connect as connectSocket, type Server as NetServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { createServer as createGraphQLServer, createHandler, type Handler } from '../../src/server/index.js';
import { createServerIn, type Server } from '../../src/server/server.js';
import { certificate, key } from '../transport/websocket/support/certificate.js';
import { ManualTimers } from './support/manual-timers.js';
import { makeSchema, Probe } from './support/schema.js';
import { nothing, until } from './support/serving.js';

const sse = 'text/event-stream';
const opening = ':\n\n';
const complete = 'event: complete\ndata:\n\n';

interface Mounted extends AsyncDisposable {
  readonly server: Server;
  readonly handler: Handler;
  readonly probe: Probe;
  readonly failures: unknown[];
  readonly session: ClientHttp2Session;
  readonly socket: Socket;
}

async function mount(world: { timers?: ManualTimers } = {}, limits: { messageBytes?: number } = {}): Promise<Mounted> {
  const probe = new Probe();
  const failures: unknown[] = [];
  const server = createServerIn(world, {
    schema: makeSchema(probe),
    limits,
    onError: (error) => void failures.push(error),
  });
  const handler = await createHandler(server);
  const port = createServer(handler.request);
  const socket = connectSocket(await listen(port), '127.0.0.1');
  const session = connect('http://server.test:4000', { createConnection: () => socket });
  session.on('error', () => {});
  return {
    server,
    handler,
    probe,
    failures,
    session,
    socket,
    async [Symbol.asyncDispose]() {
      session.destroy();
      port.close();
      const closed = handler.close({ graceMs: 100 });
      world.timers?.advance(100_000);
      await closed;
    },
  };
}

function listen(server: NetServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

class Stream {
  readonly stream: ClientHttp2Stream;
  readonly headers: Promise<Readonly<Record<string, unknown>>>;
  /** The code of the RST_STREAM that ended it, 0 where there was none. */
  readonly ended: Promise<number>;
  text = '';

  constructor(session: ClientHttp2Session, query: string, accept = 'application/json') {
    this.stream = session.request({
      ':method': 'POST',
      ':path': '/graphql',
      'content-type': 'application/json',
      accept,
    });
    this.stream.setEncoding('utf8');
    this.stream.on('data', (chunk: string) => {
      this.text += chunk;
    });
    this.stream.on('error', () => {});
    this.headers = new Promise((resolve) => this.stream.once('response', resolve));
    this.ended = new Promise((resolve) => this.stream.once('close', () => resolve(this.stream.rstCode)));
    this.stream.end(JSON.stringify({ query }));
  }
}

describe('over HTTP/2 without TLS', () => {
  test('a POST is answered with JSON', async () => {
    await using t = await mount();
    const stream = new Stream(t.session, '{ hello }', 'application/graphql-response+json');
    expect(await stream.headers).toMatchObject({
      ':status': 200,
      'content-type': 'application/graphql-response+json; charset=utf-8',
    });
    expect(await stream.ended).toBe(0);
    expect(JSON.parse(stream.text)).toEqual({ data: { hello: 'Hello world' } });
    const { headers, signal } = t.probe.contexts[0] as { headers: Record<string, string>; signal: AbortSignal };
    expect(headers.host).toBe('server.test:4000');
    expect(Object.keys(headers).filter((name) => name.startsWith(':'))).toEqual([]);
    await until(() => t.server.stats().operations === 0);
    expect(signal.aborted).toBe(false);
  });

  test('another path, another method and another type are refused', async () => {
    await using t = await mount();
    for (const [headers, status] of [
      [{ ':method': 'POST', ':path': '/other' }, 404],
      [{ ':method': 'PATCH', ':path': '/graphql' }, 405],
      [{ ':method': 'POST', ':path': '/graphql', 'content-type': 'text/plain' }, 415],
      [{ ':method': 'GET', ':path': '/graphql?query={hello}' }, 200],
    ] as const) {
      const stream = t.session.request(headers);
      stream.end();
      stream.resume();
      const answer = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
      expect(answer[':status']).toBe(status);
      await new Promise((resolve) => stream.once('close', resolve));
    }
    expect(t.failures).toEqual([]);
  });

  test('a subscription is server-sent events', async () => {
    await using t = await mount();
    const stream = new Stream(t.session, 'subscription { count(to: 2) }', sse);
    expect(await stream.headers).toMatchObject({ ':status': 200, 'content-type': `${sse}; charset=utf-8` });
    expect(await stream.ended).toBe(0);
    const next = [1, 2].map((count) => `event: next\ndata: ${JSON.stringify({ data: { count } })}\n\n`).join('');
    expect(stream.text).toBe(opening + next + complete);
    await until(() => t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });

  test('a client that resets its stream aborts the signal of that operation and of no other', async () => {
    await using t = await mount();
    const [gone, stays] = ['a', 'b'].map(
      (name) => new Stream(t.session, `subscription { forever(name: "${name}") }`, sse),
    );
    const slow = new Stream(t.session, '{ slow(gate: "g") }');
    await until(() => [gone, stays].every((stream) => stream?.text.includes('"forever":1')));
    await until(() => t.probe.contexts.length === 3);
    gone?.stream.close(8);
    await until(() => t.probe.finalised.includes('a') && t.server.stats().operations === 2);
    slow.stream.close(8);
    await until(() => t.server.stats().operations === 1);
    expect((t.probe.contexts as { signal: AbortSignal }[]).map(({ signal }) => signal.aborted).sort()).toEqual([
      false,
      true,
      true,
    ]);
    expect(t.probe.finalised).toEqual(['a']);
    stays?.stream.close(8);
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    t.probe.open('g');
    expect(t.failures).toEqual([]);
  });

  test('a connection that is lost aborts everything on it', async () => {
    await using t = await mount();
    const streams = Array.from({ length: 20 }, () => new Stream(t.session, 'subscription { forever(name: "f") }', sse));
    await until(() => streams.every(({ text }) => text.includes('"forever":1')));
    t.socket.destroy();
    await until(() => t.probe.finalised.length === 20 && t.server.stats().operations === 0);
    expect(t.server.stats()).toMatchObject(nothing);
    expect(t.failures).toEqual([]);
  });

  test('a hundred streams at a time on one connection', async () => {
    await using t = await mount();
    const streams = Array.from(
      { length: 100 },
      (_, i) => new Stream(t.session, `subscription { gated(gate: "g") } #${i}`, sse),
    );
    await until(() => streams.every(({ text }) => text.includes('"gated":1')));
    expect(t.server.stats().operations).toBe(100);
    t.probe.open('g');
    expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual(streams.map(() => 0));
    expect(streams.every(({ text }) => text.endsWith(complete))).toBe(true);
    await until(() => t.server.stats().operations === 0);
  });

  test('a stream that is not read stops its own source and holds up no other', async () => {
    await using t = await mount();
    const slow = new Stream(t.session, 'subscription { blob(bytes: 10000) }', sse);
    slow.stream.pause();
    const pulled = () => t.probe.began.filter((name) => name === 'blob pulled').length;
    await until(() => pulled() > 5);
    for (let i = 0; i < 20; i++) {
      const other = new Stream(t.session, '{ huge(bytes: 20000) }');
      expect(await other.ended).toBe(0);
    }
    const stopped = pulled();
    // Some more than a mebibyte.
    expect(stopped).toBeLessThan(150);
    slow.stream.resume();
    await until(() => pulled() > stopped + 20);
    slow.stream.close(8);
    await until(() => t.probe.finalised.includes('blob') && t.server.stats().operations === 0);
  });

  test('a body beyond the limit: 413, and its rest is not read', async () => {
    await using t = await mount({}, { messageBytes: 1_000 });
    const endless = t.session.request({ ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json' });
    endless.on('error', () => {});
    endless.resume();
    const answered = new Promise<Record<string, unknown>>((resolve) => endless.once('response', resolve));
    const ended = new Promise((resolve) => endless.once('close', resolve));
    endless.write('x'.repeat(10_000));
    expect((await answered)[':status']).toBe(413);
    await ended;
    expect(endless.rstCode).toBe(0);
    expect(await new Stream(t.session, '{ hello }').ended).toBe(0);
  });

  test('when the handler closes, a stream is reset at the end of the grace: never as if it were complete', async () => {
    const timers = new ManualTimers();
    await using t = await mount({ timers });
    const stream = new Stream(t.session, 'subscription { forever(name: "f") }', sse);
    const slow = new Stream(t.session, '{ slow(gate: "never") }');
    await until(() => stream.text.includes('"forever":1') && t.probe.contexts.length === 2);
    const closed = t.handler.close({ graceMs: 1_000 });
    timers.advance(1_000);
    await closed;
    expect([await stream.ended, await slow.ended]).toEqual([2, 2]);
    expect(stream.text).not.toContain('complete');
    expect(t.probe.finalised).toEqual(['f']);
    expect(t.server.stats()).toMatchObject(nothing);
    const late = new Stream(t.session, '{ hello }');
    expect(await late.headers).toMatchObject({ ':status': 503, 'retry-after': '1' });
    expect(t.probe.began).not.toContain('hello');
  });

  test('while the handler closes, what comes is answered and waited for, and no stream is reserved', async () => {
    const timers = new ManualTimers();
    await using t = await mount({ timers });
    const first = new Stream(t.session, '{ slow(gate: "first") }');
    await until(() => t.probe.contexts.length === 1);
    let done = false;
    const closed = t.handler.close({ graceMs: 1_000 }).then(() => {
      done = true;
    });
    const second = new Stream(t.session, '{ slow(gate: "second") }');
    await until(() => t.probe.contexts.length === 2);
    const reservation = t.session.request({ ':method': 'PUT', ':path': '/graphql' });
    reservation.resume();
    const answer = await new Promise<Record<string, unknown>>((resolve) => reservation.once('response', resolve));
    expect(answer[':status']).toBe(503);
    t.probe.open('first');
    expect(await first.ended).toBe(0);
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    t.probe.open('second');
    expect(await second.ended).toBe(0);
    await closed;
  });

  test('when the handler closes, what ends within the grace is complete', async () => {
    const timers = new ManualTimers();
    await using t = await mount({ timers });
    const stream = new Stream(t.session, 'subscription { gated(gate: "g") }', sse);
    await until(() => stream.text.includes('"gated":1'));
    const closed = t.handler.close({ graceMs: 1_000 });
    t.probe.open('g');
    await closed;
    expect(await stream.ended).toBe(0);
    expect(stream.text).toContain(complete);
  });
});

describe('over TLS, with HTTP/1.1 on the same port', () => {
  test('HTTP/2, HTTP/1.1 and WebSocket reach the same server', async () => {
    const probe = new Probe();
    const server = createServerIn({}, { schema: makeSchema(probe) });
    const handler = await createHandler(server, { path: '/api' });
    const port = createSecureServer({ key, cert: certificate, allowHTTP1: true }, handler.request);
    port.on('upgrade', handler.upgrade);
    const origin = `https://127.0.0.1:${await listen(port)}`;

    const session = connect(origin, { ca: certificate });
    expect(await get(session)).toBe('{"data":{"hello":"Hello world"}}');

    const agent = new Agent({ ca: certificate, keepAlive: true });
    const version = await new Promise((resolve, reject) => {
      request(`${origin}/api?query={hello}`, { agent }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.httpVersion));
      })
        .on('error', reject)
        .end();
    });
    expect(version).toBe('1.1');

    const ws = new WebSocket(`${origin.replace('https', 'wss')}/api`, 'graphql-transport-ws', {
      ca: certificate,
    });
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
    const ended = new Promise((resolve) => ws.once('close', resolve));

    agent.destroy();
    const released = new Promise((resolve) => port.close(resolve));
    await handler.close();
    expect(await ended).toBe(1001);
    session.destroy();
    await released;
    expect(server.stats()).toMatchObject(nothing);
  });
});

describe('a handler', () => {
  test('that is called when the client has gone already runs nothing and waits for nothing', async () => {
    const probe = new Probe();
    const server = createServerIn({}, { schema: makeSchema(probe) });
    const handler = await createHandler(server);
    let called = 0;
    const port = createServer((request, response) => {
      request.stream.once('close', () =>
        setImmediate(() => {
          handler.request(request, response);
          called += 1;
        }),
      );
      request.stream.write('');
    });
    const session = connect(`http://127.0.0.1:${await listen(port)}`);
    session.on('error', () => {});
    const stream = new Stream(session, '{ hello }');
    session.ping(() => stream.stream.close(8));
    await until(() => called === 1);
    session.destroy();
    await new Promise((resolve) => port.close(resolve));
    await handler.close({ graceMs: 0 });
    expect(probe.began).toEqual([]);
    expect(server.stats()).toMatchObject(nothing);
  });

  test('refuses options that it does not know, and a path that is none', async () => {
    const server = createGraphQLServer({ schema: makeSchema(new Probe()) });
    const misspelt = { pth: '/x' } as object;
    await expect(createHandler(server, misspelt)).rejects.toThrow(OptionError);
    await expect(createHandler(server, { path: 'graphql' })).rejects.toThrow('Option "path" must begin with "/"');
    const handler = await createHandler(server);
    await expect(handler.close({ graceMs: -1 })).rejects.toThrow(OptionError);
    await handler.close();
    await handler.close();
  });
});

function get(session: ClientHttp2Session): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': '/api?query={hello}' });
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
    stream.on('end', () => resolve(text));
    stream.on('error', reject);
    session.on('error', reject);
  });
}
