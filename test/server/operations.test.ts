import { expect, test } from 'vitest';
import { RawClient } from './support/client.js';
import { startServer } from './support/serving.js';

test('a query, a mutation and a subscription work over one socket', async () => {
  await using t = await startServer();
  const client = await RawClient.accepted(t.ws);
  client.send({ type: 'subscribe', id: 'q', payload: { query: '{ hello(name: "you") }' } });
  expect(await client.next()).toEqual({ type: 'next', id: 'q', payload: { data: { hello: 'Hello you' } } });
  expect(await client.next()).toEqual({ type: 'complete', id: 'q' });
  client.send({ type: 'subscribe', id: 'm', payload: { query: 'mutation { add(amount: 2) }' } });
  expect(await client.next()).toEqual({ type: 'next', id: 'm', payload: { data: { add: 2 } } });
  expect(await client.next()).toEqual({ type: 'complete', id: 'm' });
  client.send({ type: 'subscribe', id: 's', payload: { query: 'subscription { count(to: 2) }' } });
  expect(await client.next()).toEqual({ type: 'next', id: 's', payload: { data: { count: 1 } } });
  expect(await client.next()).toEqual({ type: 'next', id: 's', payload: { data: { count: 2 } } });
  expect(await client.next()).toEqual({ type: 'complete', id: 's' });
});
