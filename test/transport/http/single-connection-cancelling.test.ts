// Single connection mode: operations that are given up, at every moment of their requests.

import { describe, expect, test } from 'vitest';
import { endlessSource, read, withFile } from './support/files.js';
import { bound, complete, next, openStream } from './support/shared-stream.js';

const one = { data: { ticks: 1 } };

describe('cancelling', () => {
  test('tells the server, with the token, and hears nothing more', async () => {
    const { start, stream, client, opening } = bound(
      await openStream({ address: 'https://example.com/graphql?tenant=a&operationId=b' }),
    );
    const { id, heard, post } = start();
    post.answer(202);
    heard.handle?.cancel();
    heard.handle?.cancel();
    const stop = await client.stop();
    expect(stop.request).toMatchObject({
      path: `/graphql?tenant=a&operationId=${id}`,
      headers: { 'x-graphql-event-stream-token': 'token-1' },
      body: undefined,
    });
    stream.write(next(id, one) + complete(id));
    stop.answer(200);
    expect(heard.told).toEqual(['sending']);
    expect(await client.stops()).toHaveLength(1);
    expect(opening.clock.pending).toBe(0);
  });

  test('before the request was on its way takes it back, and the server is not asked', async () => {
    const { start, client, opening } = bound(await openStream());
    client.sendsAtOnce = false;
    const { heard, post } = start();
    heard.handle?.cancel();
    expect(post.cancelled).toBe(true);
    expect(await client.stops()).toHaveLength(0);
    expect(heard.told).toEqual([]);
    expect(opening.clock.pending).toBe(0);
  });

  test('before the request was answered is told to the server again when that has taken it in', async () => {
    const { start, client, opening } = bound(await openStream());
    const { heard, post } = start();
    heard.handle?.cancel();
    expect(await client.stops()).toHaveLength(1);
    expect(post.cancelled).toBe(false);
    (await client.stop()).answer(200);
    post.answer(202);
    expect(await client.stops()).toHaveLength(2);
    (await client.stop()).answer(200);
    expect(heard.told).toEqual(['sending']);
    expect(opening.clock.pending).toBe(0);
  });

  test('behind an event is told to the server once, though its answer to the request comes last', async () => {
    const { start, stream, client, opening } = bound(await openStream());
    const { id, heard, post } = start();
    stream.write(next(id, one));
    await opening.settle();
    heard.handle?.cancel();
    (await client.stop()).answer(200);
    post.answer(202);
    await opening.settle();
    expect(await client.stops()).toHaveLength(1);
    expect(opening.clock.pending).toBe(0);
  });

  test('hears nothing of an answer that comes all the same', async () => {
    const { start, client } = bound(await openStream());
    const { heard, post } = start();
    heard.handle?.cancel();
    post.answer(200, JSON.stringify(one), { 'content-type': 'application/json' });
    expect(heard.told).toEqual(['sending']);
    expect(await client.stops()).toHaveLength(1);
  });

  test("is nobody else's concern, whatever the request is answered with afterwards", async () => {
    const { start, opening } = bound(await openStream());
    const { heard, post } = start();
    heard.handle?.cancel();
    post.answer(404);
    await opening.settle();
    expect(heard.told).toEqual(['sending']);
    expect(opening.closure).toBeUndefined();
  });

  test('closes the files that are being read', async () => {
    const { start } = bound(await openStream());
    const source = endlessSource();
    const { heard, post } = start({ kind: 'mutation', query: 'mutation { put }', ...withFile(source) });
    void read(post);
    await source.begun;
    heard.handle?.cancel();
    await source.left;
  });

  test('gives up an order to stop that the network fails, without a word', async () => {
    const { start, client, opening } = bound(await openStream());
    const { heard, post } = start();
    post.answer(202);
    heard.handle?.cancel();
    (await client.stop()).fail();
    expect(opening.clock.pending).toBe(0);
  });

  test('is not told again to a server that has understood', async () => {
    const { start, client } = bound(await openStream());
    const { heard, post } = start();
    heard.handle?.cancel();
    post.answer(204);
    expect(await client.stops()).toHaveLength(1);
  });

  test('while files are on their way stops sending them', async () => {
    const { start } = bound(await openStream());
    const { heard, post } = start({ kind: 'mutation', query: 'mutation { put }', ...withFile() });
    heard.handle?.cancel();
    expect(post.cancelled).toBe(true);
  });

  test('gives up an order to stop that nobody answers', async () => {
    const { start, client, opening } = bound(await openStream({ limits: { openTimeoutMs: 2_000 } }));
    const { heard, post } = start();
    post.answer(202);
    heard.handle?.cancel();
    await opening.clock.advance(2_000);
    expect((await client.stop()).cancelled).toBe(true);
    expect(opening.clock.pending).toBe(0);
  });

  test('of what is over does nothing', async () => {
    const { start, stream, client } = bound(await openStream());
    const { id, heard, post } = start();
    post.answer(202);
    stream.write(complete(id));
    heard.handle?.cancel();
    expect(await client.stops()).toHaveLength(0);
  });
});
