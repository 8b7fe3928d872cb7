// Operations on one connection, in both subprotocols: what their sinks hear, in which order, and when the server is told to stop.

import { describe, expect, test } from 'vitest';
import { type Subprotocol, webSocket } from '../../../src/transport/websocket/index.js';
import { ask, open, startServer } from './support/opening.js';

const hold = { operation: () => {} };

describe.each<Subprotocol>(['graphql-transport-ws', 'graphql-ws'])('over %s', (dialect) => {
  const protocols = [dialect];
  const stop = dialect === 'graphql-ws' ? 'stop' : 'complete';

  test('a sink hears that its request is about to be sent before the server does', async () => {
    const server = await startServer();
    const asked = ask(await open(webSocket(server.url, { protocols })), '{ ok }');
    expect(asked.heard).toEqual(['sending']);
    expect(server.executions).toEqual([]);
    await asked.answer;
    expect(server.executions).toHaveLength(1);
  });

  test('a query ends with its answer, whether or not a complete follows', async () => {
    const server = await startServer({
      script: { operation: ({ connection, id }) => connection.next(id, { data: {} }) },
    });
    const opened = await open(webSocket(server.url, { protocols }));
    const asked = ask(opened, '{ ok }');
    await asked.answer;
    asked.handle.cancel();
    const [connection] = server.connections;
    const [{ id } = { id: '' }] = server.executions;
    connection?.next(id, { data: { again: true } });
    connection?.complete(id);
    await ask(opened, '{ ok }').answer;
    expect(asked.heard).toEqual(['sending', 'next']);
    expect(connection?.received.map(({ type }) => type)).not.toContain(stop);
  });

  test('a subscription hears every event and its end, and nothing after it', async () => {
    const server = await startServer();
    const opened = await open(webSocket(server.url, { protocols }));
    const asked = ask(opened, 'subscription { n }', undefined, 'subscription');
    await server.received('start');
    const [operation] = server.subscriptions;
    for (const n of [1, 2]) operation?.next({ data: { n } });
    operation?.complete();
    operation?.connection.next(operation.id, { data: { n: 3 } });
    operation?.connection.complete(operation.id);
    operation?.connection.error(operation.id, [{ message: 'too late' }]);
    await ask(opened, '{ ok }').answer;
    expect(asked.heard).toEqual(['sending', 'next', 'next', 'complete']);
  });

  test('cancelling tells the server once, and the sink nothing any more', async () => {
    const server = await startServer({ script: hold });
    const opened = await open(webSocket(server.url, { protocols }));
    const asked = ask(opened, '{ ok }');
    await server.received('start');
    const [operation] = [...(server.connections[0]?.operations.values() ?? [])];
    asked.handle.cancel();
    asked.handle.cancel();
    await server.received(stop);
    operation?.connection.next(operation.id, { data: {} });
    operation?.connection.complete(operation.id);
    const next = ask(opened, '{ ok }');
    await server.received('start', { count: 2 });
    next.handle.cancel();
    await server.received(stop, { count: 2 });
    expect(asked.heard).toEqual(['sending']);
    expect(server.connections[0]?.received.filter(({ type }) => type === stop)).toHaveLength(2);
  });
});
