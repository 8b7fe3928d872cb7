// Servers of the legacy subprotocol that its reference server has left behind, each with ways of its own: how a start can fail,
// and what may be missing when an operation ends. Our client treats them all the same.

import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../../../src/session/errors/graphql-result-error.js';
import { type Script, VirtualClock } from '../../../../src/testing/index.js';
import type { ScriptedOperation } from '../../../../src/testing/scripted-server/operation.js';
import { startScripted } from '../../../session/behaviour/support/starting.js';
import { rejection, until } from '../../../session/behaviour/support/waiting.js';
import { nextOf, ourClient } from '../support/our-client.js';

const legacy = (script: Script) => startScripted({ subprotocols: ['graphql-ws'], script });

const says = ({ connection, id }: ScriptedOperation, type: string, payload?: unknown): void =>
  connection.raw(JSON.stringify({ type, id, payload }));

describe('a start that fails, told as', () => {
  const errors = [{ message: 'No such field', extensions: { code: 'X' } }, { message: 'No such type' }];
  test.each<[string, (operation: ScriptedOperation) => void, readonly object[]]>([
    [
      'an error that is bare text',
      (operation) => says(operation, 'error', 'No such field'),
      [{ message: 'No such field' }],
    ],
    [
      'a list of bare texts',
      (operation) => says(operation, 'error', ['No such field']),
      [{ message: 'No such field' }],
    ],
    ['an object that holds the list', (operation) => says(operation, 'error', { errors }), errors],
    [
      'data that holds nothing but errors, and nothing more',
      (operation) => says(operation, 'data', { errors }),
      errors,
    ],
    [
      'data that holds nothing but errors, and the end',
      (operation) => {
        says(operation, 'data', { errors });
        says(operation, 'complete');
      },
      errors,
    ],
    [
      'an error and then the end, which should not come',
      (operation) => {
        says(operation, 'error', errors[0]);
        says(operation, 'complete', null);
      },
      errors.slice(0, 1),
    ],
  ])('%s: the call and the subscription fail alone, with it', async (_how, fail, expected) => {
    const server = await legacy({
      operation: (operation, proceed) => (operation.operationName === 'Bad' ? fail(operation) : proceed()),
    });
    const session = ourClient(server);
    const good = session.subscribe('subscription Good { n }');
    const called = await rejection(session.execute('query Bad { ok }'));
    expect(called).toBeInstanceOf(GraphQLResultError);
    expect(called).toMatchObject({ errors: expected, delivery: 'answered', attempts: 1 });
    expect((await session.result('mutation Bad { ok }')).errors).toMatchObject(expected);
    const events = session.subscribe('subscription Bad { n }').data({ onGap: 'continue' });
    const subscribed = await rejection(events.next());
    expect(subscribed).toBeInstanceOf(GraphQLResultError);
    expect(subscribed).toMatchObject({ errors: expected });
    expect(await events.next()).toEqual({ done: true, value: undefined });

    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    server.publish({ data: { n: 1 } });
    expect(await nextOf(good)).toEqual({ n: 1 });
    expect(session.state).toMatchObject({ generation: 1 });
    expect(session.operations).toBe(1);
  });
});

describe('a server that leaves out', () => {
  test('the end of queries and mutations keeps nobody waiting, close() included', async () => {
    const clock = new VirtualClock();
    const server = await legacy({ operation: (operation) => operation.next({ data: { ok: operation.id } }) });
    const session = ourClient(server, { clock });
    for (let n = 0; n < 3; n++) {
      const { ok } = await session.execute<{ ok: string }>('{ ok }');
      expect(await session.execute('mutation { ok }')).toEqual({ ok: String(Number(ok) + 1) });
      expect(session.operations).toBe(0);
    }
    // Time stands still: no grace can pass.
    await session.close();
    expect(session.state.status).toBe('closed');
    expect(server.connections).toHaveLength(1);
  });

  test('every reaction to stop, and goes on sending, reaches no consumer but those that are left', async () => {
    const server = await legacy({ stop: () => {} });
    const session = ourClient(server);
    const left = session.subscribe('subscription Left { n }');
    const kept = session.subscribe('subscription Kept { n }');
    await server.received('start', { count: 2 });
    const [first] = server.executions;
    await left.return?.();
    await server.received('stop');
    const again = session.subscribe('subscription Again { n }');
    await server.received('start', { count: 3 });
    server.connections[0]?.next(first?.id ?? '', { data: { n: 'unwanted' } });
    server.publish({ data: { n: 1 } });
    expect(await nextOf(kept)).toEqual({ n: 1 });
    expect(await nextOf(again)).toEqual({ n: 1 });
    expect(await left.next()).toEqual({ done: true, value: undefined });
    expect(session.operations).toBe(2);
    expect(session.state).toMatchObject({ generation: 1 });
    await until(() => server.subscriptions.length === 2);
  });
});
