// Both sides of each subprotocol agree: whatever one writes, the other reads as it was meant.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientDialect,
  legacyWsClient,
  legacyWsServer,
  serverDialect,
  subprotocols,
  transportWsClient,
  transportWsServer,
} from '../../../src/protocol/dialects/index.js';
import type { JsonObject } from '../../../src/protocol/json.js';

const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
const object = fc
  .dictionary(fc.string(), json, { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const optionalObject = fc.option(object, { nil: undefined });
const id = fc.oneof(fc.nat().map(String), fc.string({ minLength: 1, unit: 'binary' }), fc.constant('__proto__'));
const operation = fc.record({
  query: fc.string({ unit: 'binary' }),
  operationName: fc.option(fc.string(), { nil: undefined }),
  variables: optionalObject,
  extensions: optionalObject,
});
const error = fc.record(
  {
    message: fc.string(),
    path: fc.array(fc.oneof(fc.string(), fc.nat())),
    locations: fc.array(fc.record({ line: fc.nat(), column: fc.nat() })),
    extensions: object,
  },
  { requiredKeys: ['message'] },
);
const errors = fc.tuple(error, fc.array(error, { maxLength: 2 })).map(([first, rest]) => [first, ...rest] as const);
const result = fc.record(
  { data: fc.option(object), errors, extensions: object, hasNext: fc.boolean() },
  { requiredKeys: ['data'] },
);

/** How a value looks after it went over a wire. */
const carried = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each([
  ['graphql-transport-ws', transportWsClient, transportWsServer],
  ['graphql-ws', legacyWsClient, legacyWsServer],
] as const)('%s', (subprotocol, client, server) => {
  it('is found by its name', () => {
    expect(clientDialect(subprotocol)).toBe(client);
    expect(serverDialect(subprotocol)).toBe(server);
    expect(client.subprotocol).toBe(subprotocol);
    expect(server.subprotocol).toBe(subprotocol);
    expect(Object.isFrozen(client) && Object.isFrozen(server)).toBe(true);
  });

  it('carries init and ack', () => {
    fc.assert(
      fc.property(optionalObject, (payload) => {
        const init = subprotocol === 'graphql-ws' ? (payload ?? {}) : payload;
        expect(server.receive(client.init(payload))).toEqual({ type: 'init', payload: init });
        expect(client.receive(server.ack(payload))).toEqual({ type: 'ack', payload });
      }),
    );
  });

  it('carries the start and the stop of an operation', () => {
    fc.assert(
      fc.property(id, operation, (name, payload) => {
        expect(server.receive(client.start(name, payload))).toEqual({ type: 'start', id: name, payload });
        expect(server.receive(client.stop(name) ?? '')).toEqual({ type: 'stop', id: name });
      }),
    );
  });

  it('carries a result, errors and the end', () => {
    fc.assert(
      fc.property(id, result, errors, (name, answer, failures) => {
        const next = client.receive(server.next(name, answer));
        expect(carried(next)).toEqual({ type: 'next', id: name, result: carried(answer) });
        expect(client.receive(server.complete(name))).toEqual({ type: 'complete', id: name });
        const failed = client.receive(server.error(name, failures));
        if (failed.type !== 'error') throw new Error(`an error became ${failed.type}`);
        expect(failed.id).toBe(name);
        expect(carried(failed.errors)).toEqual(carried(failures));
      }),
    );
  });
});

it('graphql-transport-ws carries ping and pong both ways', () => {
  fc.assert(
    fc.property(optionalObject, (payload) => {
      const { ping, pong } = transportWsClient;
      expect(transportWsServer.receive(ping(payload) ?? '')).toEqual({ type: 'ping', payload });
      expect(transportWsServer.receive(pong(payload) ?? '')).toEqual({ type: 'pong', payload });
      expect(transportWsClient.receive(transportWsServer.ping(payload))).toEqual({ type: 'ping', payload });
      expect(transportWsClient.receive(transportWsServer.pong(payload) ?? '')).toEqual({ type: 'pong', payload });
    }),
  );
});

it('graphql-ws carries a sign of life, a refusal and a farewell', () => {
  fc.assert(
    fc.property(object, (payload) => {
      expect(legacyWsClient.receive(legacyWsServer.ping(payload))).toEqual({ type: 'alive', payload });
      const refusal = legacyWsServer.connectionError(payload) ?? '';
      expect(legacyWsClient.receive(refusal)).toEqual({ type: 'refused', payload });
    }),
  );
  expect(legacyWsServer.receive(legacyWsClient.terminate() ?? '')).toEqual({ type: 'terminate' });
});

it('a dialect says where it has no such message', () => {
  expect(transportWsClient.terminate()).toBeUndefined();
  expect(transportWsServer.connectionError({ message: 'no' })).toBeUndefined();
  expect(legacyWsClient.ping({})).toBeUndefined();
  expect(legacyWsClient.pong({})).toBeUndefined();
  expect(legacyWsServer.pong({})).toBeUndefined();
});

it('messages are written as the subprotocols spell them', () => {
  const payload = { query: '{ a }', operationName: undefined, variables: { v: '"' }, extensions: undefined };
  const failure = { message: 'no' };
  expect([
    transportWsClient.init(undefined),
    transportWsClient.start('7', payload),
    transportWsClient.stop('a"b'),
    transportWsServer.next('7', { data: null }),
    transportWsServer.error('7', [failure]),
    legacyWsClient.init(undefined),
    legacyWsClient.start('7', payload),
    legacyWsClient.stop('7'),
    legacyWsServer.next('7', { data: null }),
    legacyWsServer.error('7', [failure]),
    legacyWsServer.ping(undefined),
  ]).toEqual([
    '{"type":"connection_init"}',
    '{"type":"subscribe","id":"7","payload":{"query":"{ a }","variables":{"v":"\\""}}}',
    '{"type":"complete","id":"a\\"b"}',
    '{"type":"next","id":"7","payload":{"data":null}}',
    '{"type":"error","id":"7","payload":[{"message":"no"}]}',
    '{"type":"connection_init","payload":{}}',
    '{"type":"start","id":"7","payload":{"query":"{ a }","variables":{"v":"\\""}}}',
    '{"type":"stop","id":"7"}',
    '{"type":"data","id":"7","payload":{"data":null}}',
    '{"type":"error","id":"7","payload":{"message":"no"}}',
    '{"type":"ka"}',
  ]);
});

it('several legacy errors travel as one object that lists them all', () => {
  const text = legacyWsServer.error('1', [{ message: 'a' }, { message: 'b' }]);
  expect(JSON.parse(text)).toEqual({
    type: 'error',
    id: '1',
    payload: { message: 'a', errors: [{ message: 'a' }, { message: 'b' }] },
  });
});

it('the newer subprotocol is preferred, and a stranger is not known', () => {
  expect(subprotocols).toEqual(['graphql-transport-ws', 'graphql-ws']);
  for (const name of ['', 'graphql-subscriptions', 'constructor', 'Graphql-WS']) {
    expect(clientDialect(name)).toBeUndefined();
    expect(serverDialect(name)).toBeUndefined();
  }
});
