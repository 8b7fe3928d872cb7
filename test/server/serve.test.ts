import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { OptionError } from '../../src/protocol/errors/option-error.js';
import { createServer, type DisconnectContext, ListenError, serve } from '../../src/server/index.js';
import { createServerIn } from '../../src/server/server.js';
import { certificate, key } from '../transport/websocket/support/certificate.js';
import { RawClient } from './support/client.js';
import { ManualTimers } from './support/manual-timers.js';
import { RawTcp } from './support/raw-tcp.js';
import { makeSchema, Probe } from './support/schema.js';
import { nothing, startServer, until } from './support/serving.js';

const schema = makeSchema(new Probe());

describe('addresses', () => {
  test('on a free port of this machine by default', async () => {
    await using serving = await serve(createServer({ schema }), { port: 0 });
    expect(serving.port).toBeGreaterThan(0);
    expect(serving.url).toBe(`http://127.0.0.1:${serving.port}/graphql`);
    expect(serving.webSocketUrl).toBe(`ws://127.0.0.1:${serving.port}/graphql`);
  });

  test('another host and path', async () => {
    await using serving = await serve(createServer({ schema }), { port: 0, host: '::1', path: '/api' });
    expect(serving.url).toBe(`http://[::1]:${serving.port}/api`);
    await (await RawClient.accepted(serving.webSocketUrl)).close();
  });

  test('a port that is taken is an error that says what to do', async () => {
    await using taken = await serve(createServer({ schema }), { port: 0 });
    const error = await serve(createServer({ schema }), { port: taken.port }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({
      code: 'listen-failed',
      port: taken.port,
      message: expect.stringContaining('another process has it'),
      cause: expect.objectContaining({ code: 'EADDRINUSE' }),
    });
  });

  test('an upgrade on another path is answered with 404, and its socket is released', async () => {
    await using t = await startServer();
    const peer = await RawTcp.upgrade(t.ws.replace('/graphql', '/other'), 'graphql-transport-ws');
    expect(peer.head).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('options', () => {
  test.each([
    ['an unknown one', { shema: schema }, 'shema'],
    ['no schema', {}, 'schema'],
    ['a schema that is none', { schema: {} }, 'schema'],
    ['a context that is a text', { schema, context: 'x' }, 'context'],
    ['a hook that is no function', { schema, onConnect: 5 }, 'onConnect'],
    ['an init timeout of nothing', { schema, initTimeoutMs: 0 }, 'initTimeoutMs'],
    ['a wait that no timer can measure', { schema, hookTimeoutMs: Number.POSITIVE_INFINITY }, 'hookTimeoutMs'],
    ['a negative interval', { schema, keepAliveMs: -1 }, 'keepAliveMs'],
    ['an unknown limit', { schema, limits: { messageByte: 1 } }, 'messageByte'],
    ['a limit that is a text', { schema, limits: { idBytes: '1' } }, 'limits.idBytes'],
  ])('createServer refuses %s', (_, options, name) => {
    const make = () => createServer(options as Parameters<typeof createServer>[0]);
    expect(make).toThrow(OptionError);
    expect(make).toThrow(expect.objectContaining({ option: name }));
  });

  test.each([
    ['an unknown one', { prt: 1 }, 'prt'],
    ['no port', {}, 'port'],
    ['a port beyond all', { port: 65_536 }, 'port'],
    ['half a port', { port: 1.5 }, 'port'],
    ['an empty host', { port: 0, host: '' }, 'host'],
    ['a path without its slash', { port: 0, path: 'graphql' }, 'path'],
  ])('serve refuses %s', async (_, options, name) => {
    const serving = serve(createServer({ schema }), options as Parameters<typeof serve>[1]);
    await expect(serving).rejects.toThrow(expect.objectContaining({ name: 'OptionError', option: name }));
  });

  test('serve refuses a server that createServer did not make', async () => {
    const stranger = { ...createServer({ schema }) };
    await expect(serve(stranger, { port: 0 })).rejects.toThrow(OptionError);
  });
});

describe('close', () => {
  test('closes every WebSocket with 1001, finalises, refuses what comes later, and is idempotent', async () => {
    const endings: DisconnectContext[] = [];
    await using t = await startServer({ onDisconnect: (ending) => void endings.push(ending) });
    const clients = await Promise.all([RawClient.accepted(t.ws), RawClient.accepted(t.ws, 'graphql-ws')]);
    clients[0]?.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { forever(name: "f") }' } });
    await clients[0]?.next('next');
    await fetch(t.url, { method: 'POST' });
    const closed = Promise.all([t.serving.close(), t.serving.close()]);
    for (const client of clients) expect((await client.ended).code).toBe(1001);
    await closed;
    expect(t.probe.finalised).toEqual(['f']);
    expect(endings.map(({ code, clean }) => [code, clean])).toEqual([
      [1001, true],
      [1001, true],
    ]);
    expect(t.server.stats()).toMatchObject(nothing);
    await t.serving.close();
    await expect(t.serving.close({ graceMs: -1 })).rejects.toThrow(OptionError);
    await expect(RawClient.open(t.ws)).rejects.toThrow('ECONNREFUSED');
    await expect(fetch(t.url)).rejects.toThrow();
  });

  test('terminates within the grace a peer that does not answer the close, and one that never sent a request', async () => {
    const timers = new ManualTimers();
    await using t = await startServer({}, { timers });
    const deaf = await RawTcp.upgrade(t.ws, 'graphql-transport-ws');
    const { hostname, port } = new URL(t.url);
    const silent = connect(Number(port), hostname);
    await new Promise((resolve) => silent.once('connect', resolve));
    // Connections are taken in their order: it has been when one that came later is answered.
    expect((await fetch(new URL('/health', t.url))).status).toBe(200);
    const ended = [deaf.socket, silent].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    const closed = t.serving.close({ graceMs: 50 });
    timers.advance(50);
    await closed;
    await Promise.all(ended);
  });

  test('does not wait for the peer of an upgrade that was refused', async () => {
    // The grace never ends here: time stands still.
    await using t = await startServer({}, { timers: new ManualTimers() });
    const { hostname, port } = new URL(t.url);
    const peer = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    peer.write('GET /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const [head] = await once(peer, 'data');
    expect(String(head)).toMatch(/^HTTP\/1\.1 404 /);
    await t.serving.close({ graceMs: 50 });
    peer.destroy();
  });

  test('lets a request in flight be answered within the grace', async () => {
    await using t = await startServer();
    const answer = fetch(t.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ slow(gate: "g") }' }),
    });
    await until(() => t.probe.began.includes('slow'));
    const closed = t.serving.close({ graceMs: 10_000 });
    t.probe.open('g');
    const response = await answer;
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.json()).toEqual({ data: { slow: 'after g' } });
    await closed;
  });

  test.each([
    ['close', 'HTTP'],
    ['drain', 'HTTP'],
    ['close', 'HTTPS'],
    ['drain', 'HTTPS'],
  ] as const)(
    '%s waits until an answer that is complete has left, however slowly its client reads: %s',
    async (how, scheme) => {
      const probe = new Probe();
      const timers = new ManualTimers();
      const server = createServerIn({ timers }, { schema: makeSchema(probe) });
      const tls = scheme === 'HTTPS' ? { key, cert: certificate } : undefined;
      await using serving = await serve(server, { port: 0, quiet: true, tls });
      const to = { port: serving.port, host: '127.0.0.1' };
      const socket = tls === undefined ? connect(to) : connectTls({ ...to, ca: certificate, servername: 'localhost' });
      let answer = '';
      socket.pause().on('error', () => {});
      const body = JSON.stringify({ query: '{ huge(bytes: 20000000) }' });
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      await until(() => probe.began.includes('huge') && server.stats().operations === 0);
      const left = serving[how]();
      // A drain has time until its deadline, and that is far away.
      await new Promise((resolve) => setImmediate(resolve));
      timers.advance(how === 'drain' ? 5_000 : 500);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.setEncoding('utf8').on('data', (text) => {
        answer += text;
      });
      socket.resume();
      await Promise.all([left, closed]);
      expect(answer.length).toBeGreaterThan(20_000_000);
      expect(answer.endsWith('x"}}')).toBe(true);
    },
  );

  test('cuts a request off and aborts its signal when the grace is over', async () => {
    await using t = await startServer();
    const answer = fetch(t.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ slow(gate: "never") }' }),
    });
    const failed = expect(answer).rejects.toThrow();
    await until(() => t.probe.contexts.length === 1);
    await t.serving.close({ graceMs: 20 });
    await failed;
    expect((t.probe.contexts[0] as { signal: AbortSignal }).signal.aborted).toBe(true);
    await until(() => t.server.stats().operations === 0);
  });

  test('waits for the finalisers of sources', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { slowToClose(gate: "g") }' } });
    await until(() => t.server.stats().sources === 1);
    let done = false;
    const closed = t.serving.close().then(() => {
      done = true;
    });
    await client.ended;
    await until(() => t.server.stats().connections === 0);
    expect(done).toBe(false);
    t.probe.open('g');
    await closed;
    expect(t.probe.finalised).toEqual(['g']);
  });

  test('one server serves on two ports; closing one leaves the other', async () => {
    const server = createServer({ schema });
    await using a = await serve(server, { port: 0 });
    await using b = await serve(server, { port: 0 });
    const client = await RawClient.accepted(b.webSocketUrl);
    await a.close();
    client.send({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } });
    await client.next('next');
  });
});
