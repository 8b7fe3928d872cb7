import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DisconnectContext } from '../../src/server/index.js';
import { RawClient } from './support/client.js';
import { RawTcp } from './support/raw-tcp.js';
import { startServer, until } from './support/serving.js';

const query = '{ hello }';

/** A ping nested so deep that it can be read and not written where `JSON.stringify` is recursive, as in Node 20. */
const deepPing = `{"type":"ping","payload":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
const overflows = ((): boolean => {
  try {
    JSON.stringify(JSON.parse(deepPing));
    return false;
  } catch {
    return true;
  }
})();

describe('graphql-transport-ws: a bad message ends its connection with 4400 and no other', () => {
  const bad: readonly [string, string][] = [
    ['no JSON', '{"type":'],
    ['an empty text', ''],
    ...['[]', 'null', '"x"', '5'].map((text): [string, string] => [text, text]),
    ['no type', '{"id":"1"}'],
    ['a number as type', '{"type":5}'],
    ['an unknown type', '{"type":"launch"}'],
    ['a legacy start', JSON.stringify({ type: 'start', id: '1', payload: { query } })],
    ...[undefined, '', 5, [1], null].map((id): [string, string] => [
      `the id ${JSON.stringify(id)}`,
      JSON.stringify({ type: 'subscribe', id, payload: { query } }),
    ]),
    ...[
      undefined,
      null,
      'x',
      { query: 5 },
      {},
      { query, variables: [1] },
      { query, operationName: 5 },
      { query, extensions: [] },
    ].map((payload): [string, string] => [
      `the payload ${JSON.stringify(payload)}`,
      JSON.stringify({ type: 'subscribe', id: '1', payload }),
    ]),
    ['a complete without id', '{"type":"complete"}'],
    ['a ping with a list', '{"type":"ping","payload":[1]}'],
    ...(overflows ? [['a ping that cannot be echoed', deepPing] as [string, string]] : []),
    ['an id that is too long', JSON.stringify({ type: 'subscribe', id: 'x'.repeat(10_000), payload: { query } })],
  ];

  test.each(bad)('%s', async (_, text) => {
    const endings: DisconnectContext[] = [];
    await using t = await startServer({ onDisconnect: (ending) => void endings.push(ending) });
    const other = await RawClient.accepted(t.ws);
    other.send({ type: 'subscribe', id: 's', payload: { query: 'subscription { gated(gate: "g") }' } });
    await other.next('next');
    const client = await RawClient.accepted(t.ws);
    client.send(text);
    // What follows a bad message is not read.
    client.send({ type: 'subscribe', id: 'after', payload: { query: 'mutation { add(amount: 1) }' } });
    const { code, reason } = await client.ended;
    expect(code).toBe(4400);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    expect(reason).not.toBe('');
    expect(client.unread).toEqual([]);
    expect(t.probe.began).not.toContain('add');
    t.probe.open('g');
    await other.next('next');
    await other.next('complete');
    await until(() => endings.length === 1);
    expect(endings[0]).toMatchObject({ code: 4400, reason, clean: true, error: undefined });
    expect(t.failures).toEqual([]);
  });

  test('a binary frame', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.ws.send(Buffer.from('{"type":"ping"}'));
    expect((await client.ended).code).toBe(4400);
  });
});

describe('the legacy protocol goes on after a bad message', () => {
  test.each([
    ['no JSON', '{', 'connection_error'],
    ['a list', '[]', 'connection_error'],
    ['no type', '{}', 'connection_error'],
    ['a start without id', JSON.stringify({ type: 'start', payload: { query } }), 'connection_error'],
    ['an unknown type', '{"type":"launch"}', undefined],
    ['a stop of nothing', '{"type":"stop","id":"7"}', undefined],
    ['a start without payload', '{"type":"start","id":"1"}', 'error'],
    [
      'a start with an id that is too long',
      JSON.stringify({ type: 'start', id: 'x'.repeat(129), payload: { query } }),
      'error',
    ],
  ])('%s', async (_, text, answer) => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    client.send(text);
    if (answer !== undefined) await client.next(answer);
    client.send({ type: 'start', id: '1', payload: { query } });
    expect(await client.next()).toEqual({ type: 'data', id: '1', payload: { data: { hello: 'Hello world' } } });
    expect(await client.next()).toEqual({ type: 'complete', id: '1' });
  });

  test('a start that is malformed ends the operation that has its id, because the client believes that it did', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    client.send({ type: 'start', id: '1', payload: { query: 'subscription { forever(name: "f") }' } });
    await client.next('data');
    client.send({ type: 'start', id: '1' });
    await client.next('error');
    await until(() => t.probe.finalised.includes('f'));
    expect(t.server.stats().operations).toBe(0);
  });

  test('a malformed start before the init is closed with 4401 like any other', async () => {
    await using t = await startServer();
    const client = await RawClient.open(t.ws, 'graphql-ws');
    client.send({ type: 'start', id: '1' });
    expect((await client.ended).code).toBe(4401);
  });

  test('a binary frame cannot be answered: 1003', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    client.ws.send(Buffer.from('{}'));
    expect((await client.ended).code).toBe(1003);
  });

  test('connection_terminate is closed with 1000', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws, 'graphql-ws');
    client.send({ type: 'connection_terminate' });
    expect((await client.ended).code).toBe(1000);
  });
});

describe('close reasons', () => {
  test('never exceed 123 bytes of UTF-8, whatever the client made them of', async () => {
    await using t = await startServer({ limits: { idBytes: 20_000 } });
    const client = await RawClient.accepted(t.ws);
    const id = '\u{1F980}'.repeat(2_500);
    client.send({ type: 'subscribe', id, payload: { query: 'subscription { forever(name: "f") }' } });
    await client.next('next');
    client.send({ type: 'subscribe', id, payload: { query } });
    const { code, reason } = await client.ended;
    expect(code).toBe(4409);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    expect(reason).not.toContain('\uFFFD');
  });

  test('an operation name of 200 characters of several bytes is one error', async () => {
    await using t = await startServer();
    const client = await RawClient.accepted(t.ws);
    client.send({ type: 'subscribe', id: '1', payload: { query, operationName: '名'.repeat(200) } });
    await client.next('error');
    expect(await client.settled()).toEqual([]);
  });
});

describe('a socket that the library has failed is reported once and never closed again', () => {
  const protocols = ['graphql-transport-ws', 'graphql-ws'] as const;
  const start = { 'graphql-transport-ws': 'subscribe', 'graphql-ws': 'start' };
  const breaks: readonly [string, number, (peer: RawTcp) => void][] = [
    ['bad UTF-8', 1007, (peer) => peer.frame(0x81, Buffer.from([0xc3, 0x28]))],
    ['a reserved bit', 1002, (peer) => peer.frame(0xc1, Buffer.from('x'))],
    ['a reserved opcode', 1002, (peer) => peer.frame(0x83, Buffer.from('x'))],
    ['a close frame of one byte', 1002, (peer) => peer.frame(0x88, Buffer.from([3]))],
    ['a continuation of nothing', 1002, (peer) => peer.frame(0x80, Buffer.from('x'))],
    ['a fragmented ping', 1002, (peer) => peer.frame(0x09, Buffer.from('x'))],
    ['a frame without a mask', 1002, (peer) => peer.socket.write(Buffer.from([0x81, 1, 65]))],
    ['the close code 1005', 1002, (peer) => peer.frame(0x88, Buffer.from([0x03, 0xed]))],
    ['a message beyond the limit', 1009, (peer) => peer.frame(0x81, randomBytes(2_000))],
  ];

  test.each(breaks.flatMap(([name, code, act]) => protocols.map((protocol) => [protocol, name, code, act] as const)))(
    '%s: %s',
    async (protocol, _, code, act) => {
      const endings: DisconnectContext[] = [];
      await using t = await startServer({
        limits: { messageBytes: 1_000 },
        onDisconnect: (ending) => void endings.push(ending),
      });
      const peer = await RawTcp.upgrade(t.ws, protocol);
      peer.text({ type: 'connection_init' });
      for (const id of ['1', '2', '3']) {
        peer.text({ type: start[protocol], id, payload: { query: `subscription { forever(name: "f${id}") }` } });
        if (id === '1') await until(() => t.server.stats().connections === 1);
        await until(() => t.server.stats().sources === Number(id));
      }
      act(peer);
      expect(await peer.closeCodes()).toEqual([code]);
      await until(() => endings.length === 1 && t.probe.finalised.length === 3);
      expect(endings[0]).toMatchObject({ code, clean: false, operations: 3 });
      expect(endings[0]?.error).toBeInstanceOf(Error);
      expect(t.server.stats()).toEqual({ connections: 0, operations: 0, sources: 0, failedSockets: 1 });
      expect(t.failures).toEqual([]);
    },
  );
});
