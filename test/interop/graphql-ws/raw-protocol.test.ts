// What graphql-transport-ws allows a client to say to our server and the client of graphql-ws never says: odd ids, members
// that nobody has specified, fragments, and many messages in one packet.

import { describe, expect, test } from 'vitest';
import { RawClient } from '../../server/support/client.js';
import { until } from '../../server/support/serving.js';
import { startOurServer } from './support/our-server.js';

const subscribe = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } });

describe('our server', () => {
  test.each(['__proto__', 'constructor', 'a"b\\c', ' ', '\u{1F980}', '0', '-1', 'null', '\u0000', '\u2028'])(
    'answers under the id %j, exactly',
    async (id) => {
      const t = await startOurServer();
      const client = await RawClient.accepted(t.ws);
      client.send(subscribe(id, 'subscription { count(to: 1) }'));
      expect(await client.next()).toEqual({ type: 'next', id, payload: { data: { count: 1 } } });
      expect(await client.next()).toEqual({ type: 'complete', id });
      client.send(subscribe(id, '{ nothing }'));
      expect(await client.next('error')).toMatchObject({ id });
      client.send(subscribe(id, 'subscription { forever(name: "f") }'));
      await client.next('next');
      client.send({ type: 'complete', id });
      await until(() => t.probe.finalised.includes('f'));
    },
  );

  test('keeps the ids of two connections apart', async () => {
    const t = await startOurServer();
    const [one, two] = await Promise.all([RawClient.accepted(t.ws), RawClient.accepted(t.ws)]);
    one.send(subscribe('1', 'subscription { gated(gate: "one") }'));
    two.send(subscribe('1', 'subscription { gated(gate: "two") }'));
    await Promise.all([one.next('next'), two.next('next')]);
    one.send({ type: 'complete', id: '1' });
    expect(await one.settled()).toEqual([]);
    t.probe.open('one');
    t.probe.open('two');
    expect(await two.next()).toEqual({ type: 'next', id: '1', payload: { data: { gated: 2 } } });
    expect(await two.next()).toEqual({ type: 'complete', id: '1' });
    expect(await one.settled()).toEqual([]);
  });

  test('ignores members that nobody has specified, and takes null for nothing', async () => {
    const t = await startOurServer({ idempotency: false });
    const client = await RawClient.open(t.ws);
    client.send({ type: 'connection_init', payload: null, id: 5, extra: [1] });
    expect(await client.next()).toMatchObject({ type: 'connection_ack' });
    const payload = { query: '{ hello }', variables: null, operationName: null, extensions: null, id: 'x', extra: {} };
    client.send({ type: 'subscribe', id: '1', payload, extra: { a: null } });
    expect(await client.next()).toEqual({ type: 'next', id: '1', payload: { data: { hello: 'Hello world' } } });
    expect(await client.next()).toEqual({ type: 'complete', id: '1' });
    client.send({ type: 'complete', id: '1', payload: null });
    client.send({ type: 'pong', payload: { of: 'nothing' }, extra: 1 });
    for (const [asked, answered] of [
      [undefined, undefined],
      [null, undefined],
      [{}, {}],
      [{ a: [null] }, { a: [null] }],
    ]) {
      client.send({ type: 'ping', payload: asked, extra: 1 });
      expect(await client.next()).toEqual(
        answered === undefined ? { type: 'pong' } : { type: 'pong', payload: answered },
      );
    }
  });

  test('puts a message together that comes in fragments, with pings between them', async () => {
    const t = await startOurServer();
    const client = await RawClient.accepted(t.ws);
    const text = JSON.stringify(subscribe('1', '{ hello(name: "\u{1F980}") }'));
    const bytes = Buffer.from(text);
    for (const [at] of bytes.entries()) {
      // One byte each, so that characters of several bytes are torn apart.
      client.ws.send(bytes.subarray(at, at + 1), { binary: false, fin: at === bytes.length - 1 });
      if (at === 5) client.ws.ping();
    }
    expect(await client.next()).toEqual({ type: 'next', id: '1', payload: { data: { hello: 'Hello \u{1F980}' } } });
  });

  test('reads many messages that come in one packet, in their order', async () => {
    const t = await startOurServer();
    const client = await RawClient.accepted(t.ws);
    const raw = (client.ws as unknown as { readonly _socket: { cork(): void; uncork(): void } })._socket;
    raw.cork();
    client.send(subscribe('1', 'subscription { forever(name: "f") }'));
    client.send({ type: 'complete', id: '1' });
    client.send(subscribe('1', 'mutation { add(amount: 1) }'));
    for (let n = 0; n < 50; n++) client.send({ type: 'ping', payload: { n } });
    client.send(subscribe('2', '{ nothing }'));
    raw.uncork();
    const frames: unknown[] = [];
    while (frames.length < 53) frames.push(await client.next());
    const pongs = frames.filter((frame) => (frame as { readonly type: string }).type === 'pong');
    expect(pongs).toEqual(Array.from({ length: 50 }, (_, n) => ({ type: 'pong', payload: { n } })));
    const others = frames.filter((frame) => !pongs.includes(frame));
    expect(others).toContainEqual({ type: 'next', id: '1', payload: { data: { add: 1 } } });
    expect(others).toContainEqual({ type: 'complete', id: '1' });
    expect(others).toContainEqual(expect.objectContaining({ type: 'error', id: '2' }));
    expect(await client.settled()).toEqual([]);
    await until(() => t.server.stats().sources === 0);
    expect(t.server.stats().operations).toBe(0);
  });
});
