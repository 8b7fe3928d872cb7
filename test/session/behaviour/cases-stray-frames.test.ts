// Frames that belong to nobody, or come at a bad moment, on real sockets: they reach no operation, cost no connection that is
// sound, and never hold up the end of a session.

import { describe, expect, test } from 'vitest';
import { holdsOperations, type Script, type ScriptedConnection } from '../../../src/testing/index.js';
import { countOf, nextEvent, open, openReady, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';
import { rejection, turns, until } from './support/waiting.js';

/** Ids that no operation of a session has, some of them names that every object of JavaScript knows. */
const strangers = ['999', '0', '-1', 'nobody', '__proto__', 'constructor', 'toString', 'x'.repeat(10_000)];

const limits = { maxMessageBytes: 20_000 };

/** Every kind of message about an operation, the last one larger than an operation may be sent. */
function sendAll(connection: ScriptedConnection | undefined, id: string): void {
  connection?.next(id, { data: { ok: 'stray' } });
  connection?.error(id, [{ message: 'stray' }]);
  connection?.complete(id);
  connection?.next(id, { data: { ok: 'x'.repeat(30_000) } });
}

describe.each(dialects)('over %s', (dialect) => {
  test('messages under ids that nobody has are ignored, whatever their id, kind and size', async () => {
    const held = holdsOperations({ matching: ({ operationName }) => operationName === 'Held' });
    const server = await serve(dialect, { script: held });
    const session = await openReady(server, { limits });
    const [connection] = server.connections;
    const call = session.execute('query Held { ok }');
    const subscription = session.subscribe('subscription { n }');
    await server.received('start', { count: 2 });
    for (const id of strangers) sendAll(connection, id);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    server.publish({ data: { n: 1 } });
    held.release();
    expect(await call).toEqual({ ok: true });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'data', data: { n: 1 } });
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
    expect(countOf(server, 'stop')).toBe(0);
  });

  test('messages under the id that comes next belong to nobody either', async () => {
    const held = holdsOperations();
    const server = await serve(dialect, { script: held });
    const session = await openReady(server, { limits });
    const [connection] = server.connections;
    for (const id of ['1', '2']) sendAll(connection, id);
    await session.ping();
    const calls = [session.execute('{ ok }'), session.execute('mutation { ok }')];
    await server.received('start', { count: 2 });
    expect(server.executions.map(({ id }) => id)).toEqual(['1', '2']);
    held.release();
    expect(await Promise.all(calls)).toEqual([{ ok: true }, { ok: true }]);
  });

  test('a subscription that is left between the open socket and the acknowledgement is never started', async () => {
    let connection: ScriptedConnection | undefined;
    const script: Script = {
      init: (event) => {
        connection = event.connection;
      },
    };
    const server = await serve(dialect, { script });
    const session = open(server);
    const left = session.subscribe('subscription Left { n }');
    const kept = session.subscribe('subscription Kept { n }');
    await until(() => connection !== undefined);
    const pending = left.next();
    await left.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    connection?.ack();
    await server.received('start');
    server.publish({ data: { n: 1 } });
    expect(await nextEvent(kept)).toMatchObject({ data: { n: 1 } });
    expect(server.executions.map(({ operationName }) => operationName)).toEqual(['Kept']);
    expect(countOf(server, 'stop')).toBe(0);
  });

  test.each([
    ['an acknowledgement whose payload is a list', '{"type":"connection_ack","payload":[]}'],
    ['an acknowledgement in a list', '[{"type":"connection_ack"}]'],
    ['an acknowledgement of another subprotocol', '{"type":"init_success"}'],
  ])('%s costs an attempt, and the next one comes through', async (_what, text) => {
    let first = true;
    const script: Script = {
      init: ({ connection }, proceed) => {
        if (!first) return proceed();
        first = false;
        connection.raw(text);
      },
    };
    const server = await serve(dialect, { script });
    const session = open(server);
    expect(await session.execute('mutation { ok }')).toEqual({ ok: true });
    expect(await server.connections[0]?.ended).toMatchObject({ code: 4004 });
    expect(session.state).toMatchObject({ generation: 2 });
    expect(server.executions).toHaveLength(1);
  });

  test('nonsense while a session closes ends what it waits for, and close() with it', async () => {
    const server = await serve(dialect, { script: holdsOperations() });
    const session = await openReady(server);
    const calls = ['{ ok }', 'mutation { ok }'].map((text) => rejection(session.execute(text)));
    const events = session.subscribe('subscription { n }').next();
    await server.received('start', { count: 3 });
    const closed = session.close({ graceMs: 3_600_000 });
    server.connections[0]?.raw('{"type":');
    await closed;
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ name: 'SessionClosedError', delivery: 'unknown' });
    }
    expect(await events).toEqual({ done: true, value: undefined });
    await turns(20);
    expect([session.state, session.operations, server.upgrades]).toEqual([{ status: 'closed' }, 0, 1]);
  });
});
