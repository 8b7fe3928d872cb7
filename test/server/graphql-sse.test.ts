import { type Client, createClient } from 'graphql-sse';
import { describe, expect, test } from 'vitest';
import { nothing, startServer, until } from './support/serving.js';

describe.each([
  ['distinct connections', false],
  ['a single connection', true],
])('the client of graphql-sse with %s', (_, singleConnection) => {
  const make = (url: string): Client<boolean> => createClient({ url, singleConnection, retryAttempts: 0 });

  test('gets the events of subscriptions, several at a time, and the answer to a query', async () => {
    await using t = await startServer();
    const client = make(t.url);
    const all = async (query: string): Promise<unknown[]> => {
      const results: unknown[] = [];
      for await (const result of client.iterate({ query })) results.push(result.data);
      return results;
    };
    const gated = all('subscription { gated(gate: "g") }');
    await until(() => t.probe.began.includes('gated'));
    expect(await all('subscription { count(to: 3) }')).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    expect(await all('query ($name: String) { hello(name: $name) }')).toEqual([{ hello: 'Hello world' }]);
    t.probe.open('g');
    expect(await gated).toEqual([{ gated: 1 }, { gated: 2 }]);
    client.dispose();
    await until(() => t.server.stats().operations === 0 && t.server.stats().sources === 0);
    expect(t.server.stats()).toMatchObject(nothing);
  });

  test('leaves a subscription, and its source is closed', async () => {
    await using t = await startServer();
    const client = make(t.url);
    for await (const result of client.iterate({ query: 'subscription { forever(name: "f") }' })) {
      expect(result.data).toEqual({ forever: 1 });
      break;
    }
    await until(() => t.probe.finalised.includes('f') && t.server.stats().operations === 0);
    client.dispose();
  });

  test('hears of a document that is not valid', async () => {
    await using t = await startServer();
    const client = make(t.url);
    const results = client.iterate({ query: 'subscription { nothing }' });
    if (singleConnection) await expect(results.next()).rejects.toThrow(/400/);
    else expect((await results.next()).value?.errors?.[0]?.message).toContain('nothing');
    client.dispose();
  });

  test('a server that closes is a failure for it, not an end', async () => {
    await using t = await startServer();
    const client = make(t.url);
    const results = client.iterate({ query: 'subscription { forever(name: "f") }' });
    await results.next();
    const failed = expect(results.next()).rejects.toThrow();
    await t.serving.close({ graceMs: 10 });
    await failed;
    client.dispose();
  });
});
