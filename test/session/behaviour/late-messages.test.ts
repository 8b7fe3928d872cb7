// What a server may still say about operations that are over, and what it may not say at all.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { holdsOperations } from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { dialects, startScripted, startSession } from './support/starting.js';
import { readyAgain, rejection } from './support/waiting.js';

describe.each(dialects)('over %s', (dialect) => {
  const resultType = dialect === 'graphql-ws' ? 'data' : 'next';

  test('late messages about operations that ended on our side concern nobody', async () => {
    const held = holdsOperations();
    const server = await startScripted({ subprotocols: [dialect], script: held });
    const session = startSession({ transport: webSocket(server.url) });
    const abort = new AbortController();
    const call = rejection(session.execute('{ ok }', {}, { signal: abort.signal }));
    const events = session.subscribe('subscription { n }');
    await server.received('start', { count: 2 });
    const [first, second] = server.executions;
    abort.abort();
    await events.return?.();
    expect(await call).toBeInstanceOf(CancelledError);
    await server.received('stop', { count: 2 });
    const [connection] = server.connections;
    for (const id of [first?.id ?? '', second?.id ?? '', 'nobody']) {
      connection?.next(id, { data: { late: true } });
      connection?.error(id, [{ message: 'late' }]);
      connection?.complete(id);
      connection?.complete(id);
    }
    const later = session.execute('{ ok }');
    await server.received('start', { count: 3 });
    held.release();
    expect(await later).toEqual({ ok: true });
    expect(session.state).toMatchObject({ generation: 1 });
    expect(session.operations).toBe(0);
  });

  test('a second acknowledgement, unasked pongs and keep-alives change nothing', async () => {
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url) });
    await session.ready();
    const [connection] = server.connections;
    connection?.ack({ again: true });
    if (dialect === 'graphql-ws') connection?.keepAlive();
    else connection?.pong({ unasked: true });
    connection?.pongFrame('unasked');
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(session.state).toMatchObject({ generation: 1 });
  });

  test.each([
    ['no JSON', '{"type":'],
    ['no object', '[]'],
    ['no type', '{"id":"1"}'],
    ['an unknown type', '{"type":"surprise"}'],
    ['a result without an id', JSON.stringify({ type: resultType, payload: { data: {} } })],
    ['a result without a payload', JSON.stringify({ type: resultType, id: '1' })],
    ['an error without errors', JSON.stringify({ type: 'error', id: '1', payload: [] })],
  ])('a message that is %s ends the connection with 4004, and the session is back at once', async (_what, text) => {
    const server = await startScripted({ subprotocols: [dialect] });
    const session = startSession({ transport: webSocket(server.url) });
    await session.ready();
    server.connections[0]?.raw(text);
    expect(await server.connections[0]?.ended).toMatchObject({ code: 4004 });
    await readyAgain(session, 2);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
  });
});

test('a legacy error is an object or a list: the operation fails with it either way and does not hang', async () => {
  for (const payload of [
    { message: 'No', extensions: { code: 'X' } },
    [{ message: 'No', extensions: { code: 'X' } }],
  ]) {
    const server = await startScripted({
      subprotocols: ['graphql-ws'],
      script: { operation: ({ connection, id }) => connection.raw(JSON.stringify({ type: 'error', id, payload })) },
    });
    const session = startSession({ transport: webSocket(server.url) });
    const error = await rejection(session.execute('{ ok }'));
    expect(error).toBeInstanceOf(GraphQLResultError);
    expect(error).toMatchObject({ errors: [{ message: 'No', extensions: { code: 'X' } }] });
    const events = session.subscribe('subscription { n }');
    expect(await rejection(events.next())).toMatchObject({ errors: [{ message: 'No' }] });
    expect(session.state).toMatchObject({ generation: 1 });
  }
});
