// An idempotency key is the same key however it comes: what ran over one transport is replayed over every other, and runs once.

import { expect, test } from 'vitest';
import { RawClient } from '../support/client.js';
import { startServer } from '../support/serving.js';
import { StreamClient } from '../support/stream-client.js';

const json = { 'content-type': 'application/json' };

test('one mutation over HTTP, server-sent events, a shared stream, a list and both protocols of WebSocket', async () => {
  await using t = await startServer({ batching: true });
  const query = 'mutation { add(amount: 1) }';
  const payload = { query, extensions: { idempotencyKey: 'k' } };
  const post = (headers: Record<string, string>, body: unknown): Promise<Response> =>
    fetch(t.url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });

  const first = await (await post({ 'idempotency-key': 'k' }, { query })).json();
  expect(first).toEqual({ data: { add: 1 } });
  const replayed = { ...first, extensions: { idempotency: { replayed: true } } };

  expect(await (await post({}, payload)).json()).toEqual(replayed);
  expect(await (await post({}, [payload])).json()).toEqual([replayed]);
  const events = await (await post({ accept: 'text/event-stream' }, payload)).text();
  expect(events).toContain(`data: ${JSON.stringify(replayed)}\n`);

  const token = await (await fetch(t.url, { method: 'PUT' })).text();
  const header = { 'x-graphql-event-stream-token': token };
  const stream = await StreamClient.open(t.url, { method: 'GET', headers: { accept: 'text/event-stream', ...header } });
  await post(header, { query, extensions: { idempotencyKey: 'k', operationId: '1' } });
  await stream.receive(`data: ${JSON.stringify({ id: '1', payload: replayed })}\n`);
  stream.leave();

  for (const [protocol, type, answer] of [
    ['graphql-transport-ws', 'subscribe', 'next'],
    ['graphql-ws', 'start', 'data'],
  ] as const) {
    const client = await RawClient.accepted(t.ws, protocol);
    client.send({ type, id: '1', payload });
    expect((await client.next(answer)).payload).toEqual(replayed);
    await client.close();
  }
  expect(t.probe.began).toEqual(['add']);
});
