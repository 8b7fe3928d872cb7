// Bounds of one connection, over the package ws and over an injected WebSocket: how large a message may be, how much may wait
// to be written, and how long an end may take.

import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { faultProxy, type ScriptedOperation, VirtualClock } from '../../../src/testing/index.js';
import { type WebSocketConstructor, type WebSocketOptions, webSocket } from '../../../src/transport/websocket/index.js';
import { ask, ended, open, patience, startServer } from './support/opening.js';

const sockets: readonly [string, WebSocketOptions][] = [
  ['the package ws', {}],
  ['an injected WebSocket', { WebSocket: WebSocket as unknown as WebSocketConstructor }],
];
const limits = { maxMessageBytes: 10_000 };
const answer = ({ variables }: ScriptedOperation) => ({ data: { text: 'x'.repeat(Number(variables?.size)) } });

async function startProxied(options: WebSocketOptions) {
  const server = await startServer();
  const proxy = await faultProxy({ target: { port: server.port } });
  onTestFinished(() => proxy.close());
  return { server, proxy, transport: webSocket(proxy.url('ws', '/graphql'), options) };
}

describe.each(sockets)('over %s', (_name, socket) => {
  test('an answer up to the limit arrives, one beyond it fails alone and names the limit', async () => {
    const server = await startServer({ answer });
    const opened = await open(webSocket(server.url, socket), { limits });
    expect(await ask(opened, '{ text }', { size: 9_900 }).answer).toMatchObject({ data: {} });
    const large = await ask(opened, '{ text }', { size: 10_000 }).answer.catch((failure: unknown) => failure);
    expect(large).toMatchObject({ code: 'too-large', phase: 'operation', delivery: 'answered' });
    expect(large).toMatchObject({ message: expect.stringContaining('limits.maxMessageBytes allows 10000') });
    expect(await ask(opened, '{ text }', { size: 1 }).answer).toEqual({ data: { text: 'x' } });
  });

  test('bytes are counted, not characters', async () => {
    const server = await startServer({ answer: () => ({ data: { text: '€'.repeat(4_000) } }) });
    const opened = await open(webSocket(server.url, socket), { limits });
    expect(await ask(opened, '{ text }').answer.catch((failure: unknown) => failure)).toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/has 120\d\d bytes/),
    });
  });

  test('a message beyond four times the limit ends the connection', async () => {
    const server = await startServer({ answer });
    const opened = await open(webSocket(server.url, socket), { limits });
    ask(opened, '{ text }', { size: 40_001 });
    const closure = await opened.connection.closed;
    expect(closure).toMatchObject({ by: 'us', code: 1009, clean: false });
    expect(closure.failure).toMatchObject({ code: 'too-large', phase: 'connection', closeCode: 1009 });
    expect(closure.failure.message).toContain('four times limits.maxMessageBytes');
    expect((await server.connections[0]?.ended)?.code).toBe('WebSocket' in socket ? 4004 : 1009);
  });

  test('what piles up unwritten is told, and so is that it has gone', async () => {
    const { server, proxy, transport } = await startProxied(socket);
    const opened = await open(transport);
    proxy.stall('up');
    const text = 'x'.repeat(2 ** 20);
    const asked = [];
    while (!opened.told.includes('high') && asked.length < 20) asked.push(ask(opened, '{ ok }', { text }));
    expect(opened.told).toEqual(['high']);
    proxy.resume('up');
    await expect.poll(() => opened.told, patience).toEqual(['high', 'low']);
    for (const { answer: arrived } of asked) expect(await arrived).toEqual({ data: { ok: true } });
    expect(server.executions).toHaveLength(asked.length);
  });

  test('an end in order is a closing handshake with its code and reason', async () => {
    const server = await startServer();
    const { connection } = await open(webSocket(server.url, socket));
    const closure = { ...ended, code: 4499, reason: 'Terminated' };
    await connection.close(closure, 1_000);
    expect(await connection.closed).toBe(closure);
    expect(await server.connections[0]?.ended).toEqual({ code: 4499, reason: 'Terminated' });
  });

  test('an end that the server does not answer is over when its time is', async () => {
    const clock = new VirtualClock();
    const { proxy, transport } = await startProxied(socket);
    const { connection } = await open(transport, { clock });
    proxy.halfOpen();
    const closing = connection.close(ended, 700);
    await clock.advance(699);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await closing;
    expect(await connection.closed).toBe(ended);
    expect(clock.pending).toBe(0);
  });

  test('a connection that the server has begun to end starts nothing any more', async () => {
    const { server, proxy, transport } = await startProxied(socket);
    const opened = await open(transport);
    // Our half of the closing handshake does not get through, so the connection stays as it is: about to end.
    proxy.stall('up');
    server.connections[0]?.close(1001);
    await expect.poll(() => ask(opened, '{ ok }').heard, patience).toEqual([]);
    expect(ask(opened, '{ ok }').heard).toEqual([]);
  });

  test('a connection that has begun to end starts nothing any more', async () => {
    const server = await startServer();
    const opened = await open(webSocket(server.url, socket));
    const closing = opened.connection.close(ended, 1_000);
    const late = ask(opened, '{ ok }');
    late.handle.cancel();
    await closing;
    const later = ask(opened, '{ ok }');
    later.handle.cancel();
    opened.connection.terminate({ ...ended, code: 4000 });
    expect(await opened.connection.closed).toBe(ended);
    expect([late.heard, later.heard]).toEqual([[], []]);
    expect(server.executions).toEqual([]);
  });
});

test('a session that leaves says so in graphql-ws as well', async () => {
  const server = await startServer();
  const { connection } = await open(webSocket(server.url, { protocols: ['graphql-ws'] }));
  await connection.close(ended, 1_000);
  await server.received('connection_terminate');
});
