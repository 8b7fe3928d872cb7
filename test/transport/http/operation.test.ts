// One operation over HTTP, whatever its answer: what it tells of failures, and its silence once it is over.

import { expect, test } from 'vitest';
import { HttpOperation, type OperationHost } from '../../../src/transport/http/operation.js';
import { deferred, openHttp, place, Recorder, requestOf, subscription } from './support/connection.js';
import { FakeClient, type FakeExchange, json } from './support/fake-client.js';

test('Its request is told before the answer, and every piece of the answer is a sign of life', () => {
  const { client, heard, start } = openHttp();
  const { told } = start();
  expect(told).toEqual(['sending']);
  client.latest.head().chunk('{"data"').chunk(':{}}').end();
  expect(told).toEqual(['sending', 'next']);
  expect(heard()).toBe(3);
});

test('A request that fails before its answer fails with what the client of HTTP knows, proof included', () => {
  const { client, start } = openHttp();
  const told = start();
  const cause = new Error('ECONNREFUSED');
  client.latest.fail({ phase: 'connect', delivery: 'not-sent', cause });
  expect(told.told).toEqual(['sending', 'error']);
  expect(told.failure).toEqual({
    code: 'network',
    phase: 'connect',
    message: 'The wire broke.',
    delivery: 'not-sent',
    cause,
  });
});

test('A request that fails within its answer fails with status and headers, and nobody knows what became of it', () => {
  const { client, start } = openHttp();
  const told = start({ kind: 'mutation', query: 'mutation { m }' });
  client.latest.head(200, json).chunk('{"data":');
  client.latest.fail();
  expect(told.failure).toMatchObject({ code: 'network', status: 200, headers: json, delivery: 'unknown' });
});

test('Of a call that was cancelled nothing is heard, whatever the client of HTTP still says', () => {
  const { client, start } = openHttp();
  const told = start();
  told.handle.cancel();
  told.handle.cancel();
  expect(client.latest.cancelled).toBe(true);
  client.latest.answer({ data: {} });
  expect(told.told).toEqual(['sending']);
});

test.each([
  ['answered', (exchange: FakeExchange) => exchange.answer({ data: {} })],
  ['answered with what is no answer', (exchange: FakeExchange) => exchange.answer('oops')],
  ['failed', (exchange: FakeExchange) => exchange.fail()],
  ['failed within its answer', (exchange: FakeExchange) => exchange.head().fail()],
  ['left', (_exchange: FakeExchange, operation: HttpOperation) => operation.cancel()],
])('An operation that was %s is forgotten by its connection, once', (_how, happens) => {
  const forgotten: HttpOperation[] = [];
  const host: OperationHost = {
    answers: { place, parse: JSON.parse, now: () => 0 },
    maxMessageBytes: 1_000,
    heard: () => {},
    answering: () => {},
    readerFor: () => undefined,
    watch: () => {
      throw new Error('Nothing here is a stream.');
    },
    ended: (operation) => forgotten.push(operation),
  };
  const client = new FakeClient();
  const operation = new HttpOperation(requestOf(), new Recorder(), host, undefined);
  operation.carriedBy(client.send({ method: 'POST', path: '/', headers: {}, body: '', longLived: false }, operation));
  expect(forgotten).toEqual([]);
  happens(client.latest, operation);
  operation.cancel();
  expect(forgotten).toEqual([operation]);
});

test('Only subscriptions are held back, and only where the client of HTTP can', () => {
  const { client, start } = openHttp();
  expect(start().handle.flow).toBeUndefined();
  expect(start(deferred).handle.flow).toBeUndefined();
  const held = start(subscription);
  expect(held.handle.flow).toBeDefined();
  Object.assign(client.latest, { flow: undefined });
  expect(held.handle.flow).toBeUndefined();
});
