// WebSockets that a runtime has opened, handed over with the standard interface: a pair in memory, as of Workers, and Node's `ws`.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  chooseSubprotocol,
  createFetchHandler,
  type ServerWebSocket,
  type WebSocketInfo,
} from '../../../../src/server/adapters/fetch/index.js';
import type { ServerOptions } from '../../../../src/server/index.js';
import { createServerIn } from '../../../../src/server/server.js';
import { RawClient } from '../../support/client.js';
import { ManualTimers } from '../../support/manual-timers.js';
import { Probe } from '../../support/schema.js';
import { nothing, until } from '../../support/serving.js';
import { carried, type TestCarrier } from '../carriers.js';
import { makeUploadSchema } from '../upload-schema.js';

type Listener = (event: never) => void;

/** The server's end of a pair; what it sends is kept, and what a client would do is told to it. */
class PairedSocket implements ServerWebSocket {
  readyState = 1;
  bufferedAmount: number | undefined;
  protocol = 'graphql-transport-ws';
  readonly sent: { readonly type: string; readonly id?: string; readonly payload?: unknown }[] = [];
  readonly closes: { readonly code: number | undefined; readonly reason: string | undefined }[] = [];
  /** As runtimes that let programs close with 1000 and 3000 to 4999 only. */
  isStrict = false;
  /** Whether the client answers the closing handshake. */
  answers = true;
  readonly #listeners = new Map<string, Listener[]>();

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    if (this.readyState !== 1) throw new Error('InvalidStateError');
    this.sent.push(JSON.parse(text));
  }

  close(code?: number, reason?: string): void {
    if (this.isStrict && code !== undefined && code !== 1000 && code < 3000) throw new Error('InvalidAccessError');
    this.closes.push({ code, reason });
    this.readyState = 2;
    if (this.answers) this.end(code ?? 1005, reason ?? '');
  }

  // What its client does.

  message(data: unknown): void {
    this.#tell('message', {
      data: typeof data === 'object' && !ArrayBuffer.isView(data) ? JSON.stringify(data) : data,
    });
  }

  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.#tell('close', { code, reason, wasClean: code !== 1006 });
  }

  fail(error: object): void {
    this.#tell('error', error);
    this.end(1006);
  }

  #tell(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}

function make(options: Partial<ServerOptions> = {}) {
  const probe = new Probe();
  const timers = new ManualTimers();
  const endings: unknown[] = [];
  const server = createServerIn(
    { timers },
    {
      schema: makeUploadSchema(probe),
      development: true,
      onError: () => {},
      onDisconnect: ({ code, error }) => void endings.push(error === undefined ? code : [code, error.message]),
      ...options,
    },
  );
  return { probe, timers, server, endings, graphql: createFetchHandler(server) };
}

async function accepted(made: ReturnType<typeof make>, info?: WebSocketInfo): Promise<PairedSocket> {
  const socket = new PairedSocket();
  made.graphql.accept(socket, info);
  socket.message({ type: 'connection_init' });
  await until(() => socket.sent.length === 1);
  expect(socket.sent.pop()?.type).toBe('connection_ack');
  return socket;
}

describe('a socket of a pair', () => {
  test('runs operations, and stops them when its client goes away', async () => {
    const made = make();
    const socket = await accepted(made);
    socket.message({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } });
    await until(() => socket.sent.length === 2);
    expect(socket.sent.splice(0)).toMatchObject([
      { payload: { data: { hello: 'Hello world' } } },
      { type: 'complete' },
    ]);
    socket.message({ id: '2', type: 'subscribe', payload: { query: 'subscription { forever(name: "a") }' } });
    await until(() => socket.sent.length === 1);
    socket.end(1001);
    await until(() => made.probe.finalised.includes('a'));
    await until(() => made.endings.length === 1);
    expect(made.endings).toEqual([1001]);
    expect(made.server.stats()).toMatchObject(nothing);
  });

  test('speaks the subprotocol that was agreed on, and none is refused', async () => {
    const made = make();
    const legacy = new PairedSocket();
    legacy.protocol = '';
    made.graphql.accept(legacy, { protocol: 'graphql-ws' });
    legacy.message({ type: 'connection_init' });
    await until(() => legacy.sent.length >= 2);
    expect(legacy.sent.map(({ type }) => type)).toEqual(['connection_ack', 'ka']);
    const none = new PairedSocket();
    none.protocol = '';
    made.graphql.accept(none);
    expect(none.closes).toMatchObject([{ code: 4406 }]);
  });

  test('gives its headers and address to the hooks', async () => {
    const seen: unknown[] = [];
    const made = make({
      onConnect: ({ headers, remoteAddress }) => void seen.push([headers['x-name'], remoteAddress]),
    });
    await accepted(made, { headers: new Headers({ 'X-Name': 'a' }), remoteAddress: '192.0.2.1' });
    await accepted(made, { headers: { 'x-name': 'b' } });
    expect(seen).toEqual([
      ['a', '192.0.2.1'],
      ['b', undefined],
    ]);
  });

  test('is not taken from a page of another origin, and not past the limit', async () => {
    const made = make({ limits: { connections: 1 } });
    const elsewhere = new PairedSocket();
    made.graphql.accept(elsewhere, { headers: { origin: 'https://evil.example', host: 'api.example' } });
    expect(elsewhere.closes).toMatchObject([{ code: 4403, reason: expect.stringContaining('evil.example') }]);
    await accepted(made, { headers: { origin: 'https://api.example', host: 'api.example' } });
    const second = new PairedSocket();
    made.graphql.accept(second);
    expect(second.closes).toMatchObject([{ code: 1013, reason: expect.stringContaining('limits.connections') }]);
  });

  test('a message past the limit ends it with 1009, counted in bytes', async () => {
    const made = make({ limits: { messageBytes: 100 } });
    const socket = await accepted(made);
    socket.message(`{"type":"ping","payload":{"a":"${'ä'.repeat(20)}"}}`);
    expect(socket.closes).toEqual([]);
    socket.message(`{"type":"ping","payload":{"a":"${'ä'.repeat(45)}"}}`);
    expect(socket.closes).toMatchObject([{ code: 1009 }]);
    await until(() => made.endings.length === 1);
    expect(made.endings).toEqual([[1009, expect.stringContaining('100 bytes')]]);
    expect(made.server.stats().failedSockets).toBe(1);
  });

  test('binary messages end it', async () => {
    const socket = await accepted(make());
    socket.message(new Uint8Array(2));
    expect(socket.closes).toMatchObject([{ code: 4400 }]);
  });

  test('a runtime that reserves the codes of the protocol gets them 2,000 higher', async () => {
    const made = make();
    const socket = await accepted(made);
    socket.isStrict = true;
    await made.graphql.close();
    expect(socket.closes).toMatchObject([{ code: 3001 }]);
  });

  test('a client that does not answer the close is given up', async () => {
    const made = make();
    const socket = await accepted(made);
    socket.answers = false;
    const closed = made.graphql.close({ graceMs: 500 });
    made.timers.advance(500);
    await closed;
    expect(made.endings).toEqual([1001]);
    expect(made.server.stats()).toMatchObject(nothing);
    const late = new PairedSocket();
    made.graphql.accept(late);
    expect(late.closes).toMatchObject([{ code: 1001 }]);
  });

  test('a failure that the runtime tells is told on', async () => {
    const made = make();
    (await accepted(made)).fail({ error: new Error('The network went') });
    (await accepted(made)).fail({});
    await until(() => made.endings.length === 2);
    expect(made.endings).toEqual([
      [1006, 'The network went'],
      [1006, expect.stringContaining('does not say why')],
    ]);
  });

  test('a client that does not read stops its source, and only while it does not', async () => {
    const made = make();
    const socket = await accepted(made);
    socket.bufferedAmount = 0;
    socket.message({ id: '1', type: 'subscribe', payload: { query: 'subscription { blob(bytes: 10) }' } });
    await until(() => socket.sent.length > 10);
    socket.bufferedAmount = 2 * 1024 * 1024;
    await stopped(() => socket.sent.length);
    const before = socket.sent.length;
    made.timers.advance(1_000);
    await stopped(() => socket.sent.length);
    expect(socket.sent.length).toBe(before);
    socket.bufferedAmount = 0;
    made.timers.advance(50);
    await until(() => socket.sent.length > before + 10);
    socket.end(1000);
    await until(() => made.probe.finalised.includes('blob'));
    await until(() => made.timers.armed === 0);
  });
});

/** Waits until a figure stays the same for many turns. */
async function stopped(figure: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 50; last = figure()) {
    await new Promise((resolve) => setImmediate(resolve));
    same = figure() === last ? same + 1 : 0;
  }
}

test('the first subprotocol of a client that is known is chosen', () => {
  expect(chooseSubprotocol('a, graphql-ws, graphql-transport-ws')).toBe('graphql-ws');
  expect(chooseSubprotocol('a')).toBeUndefined();
  expect(chooseSubprotocol(null)).toBeUndefined();
});

describe("Node's ws", () => {
  test('works by its standard interface', async () => {
    await using carrier = await carried(async (server): Promise<TestCarrier> => {
      const graphql = createFetchHandler(server);
      const http = createServer();
      const upgrader = new WebSocketServer({ server: http });
      upgrader.on('connection', (ws, { headers }) => graphql.accept(ws, { headers: { host: headers.host } }));
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
      return {
        url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
        async close() {
          await graphql.close();
          await new Promise((resolve) => http.close(resolve));
        },
      };
    });
    const client = await RawClient.accepted(carrier.ws);
    client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { count(to: 2) }' } });
    expect(await client.next('next')).toMatchObject({ payload: { data: { count: 1 } } });
    expect(await client.next('next')).toMatchObject({ payload: { data: { count: 2 } } });
    await client.next('complete');
    client.send({ id: '2', type: 'subscribe', payload: { query: 'subscription { forever(name: "a") }' } });
    await client.next('next');
    client.cut();
    await until(() => carrier.probe.finalised.includes('a'));
    const second = await RawClient.accepted(carrier.ws);
    const closed = carrier.close();
    expect(await second.ended).toMatchObject({ code: 1001 });
    await closed;
    expect(carrier.server.stats()).toMatchObject(nothing);
  });
});
