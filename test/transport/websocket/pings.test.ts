// Pings of the server and of the client, in both subprotocols: who answers, with what, and what a program may do itself.

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ServerPing, type WebSocketConstructor, webSocket } from '../../../src/transport/websocket/index.js';
import { ask, open, patience, startServer } from './support/opening.js';

const protocols = ['graphql-transport-ws'] as const;

describe('a ping of the server', () => {
  test('is answered with its payload', async () => {
    const server = await startServer();
    await open(webSocket(server.url, { protocols }));
    server.connections[0]?.ping({ n: 1 });
    server.connections[0]?.ping();
    const pongs = await server.received('pong', { count: 2 });
    expect(pongs.map(({ text }) => text)).toEqual(['{"type":"pong","payload":{"n":1}}', '{"type":"pong"}']);
  });

  test('goes to the program where it answers itself, now, later or never', async () => {
    const server = await startServer();
    const pings: ServerPing[] = [];
    const opened = await open(webSocket(server.url, { protocols, onPing: (ping) => pings.push(ping) }));
    server.connections[0]?.ping({ n: 1 });
    server.connections[0]?.ping();
    await ask(opened, '{ ok }').answer;
    expect(pings.map(({ payload }) => payload)).toEqual([{ n: 1 }, undefined]);
    expect(server.connections[0]?.received.map(({ type }) => type)).not.toContain('pong');
    pings[1]?.answer({ own: true });
    const [pong] = await server.received('pong');
    expect(pong?.text).toBe('{"type":"pong","payload":{"own":true}}');
  });

  test('costs nothing but its pong where the program throws', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => complaint.mockRestore());
    const server = await startServer();
    const mistake = new Error('a mistake');
    const onPing = (): never => {
      throw mistake;
    };
    const opened = await open(webSocket(server.url, { protocols, onPing }));
    server.connections[0]?.ping();
    expect(await ask(opened, '{ ok }').answer).toEqual({ data: { ok: true } });
    expect(complaint).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('onPing'), mistake);
    expect(server.connections[0]?.received.map(({ type }) => type)).not.toContain('pong');
  });
});

describe('a ping of the client', () => {
  test('carries a payload over graphql-transport-ws and tells what came back', async () => {
    const server = await startServer();
    const opened = await open(webSocket(server.url, { protocols }));
    opened.connection.ping?.({ n: 1 });
    await expect.poll(() => opened.told, patience).toEqual(['pong {"n":1}']);
  });

  test('is one of the WebSocket protocol over graphql-ws', async () => {
    let frames = 0;
    const pingFrame = (_event: unknown, proceed: () => void | Promise<void>) => {
      frames += 1;
      return proceed();
    };
    const server = await startServer({ script: { pingFrame } });
    const opened = await open(webSocket(server.url, { protocols: ['graphql-ws'] }));
    opened.connection.ping?.();
    await expect.poll(() => opened.told, patience).toEqual(['pong undefined']);
    expect(frames).toBe(1);
  });

  test('is impossible over graphql-ws where the platform has none', async () => {
    const server = await startServer();
    const platform = { WebSocket: WebSocket as unknown as WebSocketConstructor };
    const legacy = await open(webSocket(server.url, { ...platform, protocols: ['graphql-ws'] }));
    const modern = await open(webSocket(server.url, { ...platform, protocols }));
    expect(legacy.connection.ping).toBeUndefined();
    expect(modern.connection.ping).toBeDefined();
  });
});

test('a keep-alive of graphql-ws is told, and never answered', async () => {
  const server = await startServer();
  const opened = await open(webSocket(server.url, { protocols: ['graphql-ws'] }));
  server.connections[0]?.keepAlive();
  await ask(opened, '{ ok }').answer;
  expect(opened.told).toEqual(['keep-alive']);
  expect(server.connections[0]?.received.map(({ type }) => type)).toEqual(['connection_init', 'start']);
});
