import { expect, test } from 'vitest';
import { transportWsServer } from '../../src/protocol/dialects/index.js';
import type { Result } from '../../src/protocol/result.js';
import { Operation } from '../../src/server/websocket/operation.js';
import { Operations } from '../../src/server/websocket/operations.js';
import { accepted } from './support/fake-connection.js';

const subscribe = (id: string) => JSON.stringify({ type: 'subscribe', id, payload: { query: '{ any }' } });

test('frames that follow a bad one are not even read', () => {
  let read = 0;
  const dialect = {
    ...transportWsServer,
    receive: (text: string) => {
      read += 1;
      return transportWsServer.receive(text);
    },
  };
  const { connection, socket } = accepted(dialect);
  read = 0;
  connection.message('[');
  connection.message('{"type":"ping"}');
  connection.message('[');
  connection.binary();
  expect(read).toBe(1);
  expect(socket.closes.map(({ code }) => code)).toEqual([4400]);
});

test('the end of a connection lets a socket be read again that was held back, for its close frame', () => {
  const { connection, socket } = accepted(transportWsServer);
  socket.backlog = 2 ** 21;
  connection.send('{"type":"next","id":"1","payload":{}}');
  expect(socket.paused).toBe(true);
  connection.close(1001, 'bye');
  expect(socket.paused).toBe(false);
});

test('a source that never waits lets the event loop go on', async () => {
  let pulled = 0;
  const events: AsyncIterator<Result, undefined> = {
    next() {
      pulled += 1;
      // The test fails instead of hanging where nothing stops it.
      return Promise.resolve(pulled < 100_000 ? { done: false, value: {} } : { done: true, value: undefined });
    },
    return: () => Promise.resolve({ done: true, value: undefined }),
  };
  const { connection } = accepted(transportWsServer, 0, { kind: 'stream', events });
  connection.message(subscribe('1'));
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  connection.message('{"type":"complete","id":"1"}');
  const stopped = pulled;
  await new Promise((resolve) => setImmediate(resolve));
  expect(pulled).toBeLessThanOrEqual(stopped + 1);
  expect(stopped).toBeLessThan(10_000);
});

test('what is left of an old operation does not remove the new one with its id', () => {
  const { connection, counters } = accepted(transportWsServer);
  const core = {
    options: { limits: { idBytes: 10, operationsPerConnection: 10, messageBytes: 100 } },
    counters,
    report: () => {},
  };
  const operations = new Operations(core as unknown as ConstructorParameters<typeof Operations>[0], connection);
  operations.start('1', { query: '{ any }' }, 20);
  operations.ended(new Operation('1', { query: '{ other }' }, operations), '{}');
  expect(counters.operations).toBe(1);
  operations.stop('1');
  expect(counters.operations).toBe(0);
});
