// Answers in parts on real sockets, in both subprotocols: part by part to a stream, as one to a call, and over dropped
// connections.

import { describe, expect, test } from 'vitest';
import type { Result } from '../../../src/protocol/result.js';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import { holdsOperations, type ScriptedOperation } from '../../../src/testing/index.js';
import { add, all, begin, end } from '../support/parts.js';
import { countOf, open, rejection, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';
import { until } from './support/waiting.js';

const byId: readonly Result[] = [
  begin({ book: { title: 'A' }, list: [1] }, { pending: [{ id: '0', path: ['book'] }] }),
  {
    pending: [{ id: '1', path: ['list'] }],
    incremental: [
      { id: '0', data: { pages: 5 } },
      { id: '1', items: [2, 3] },
    ],
    completed: [{ id: '0' }],
    hasNext: true,
  } as Result,
  end({ completed: [{ id: '1' }] }),
];
const byPath: readonly Result[] = [
  begin({ book: { title: 'A' }, list: [1] }),
  { incremental: [{ path: ['book'], data: { pages: 5 } }], hasNext: true } as Result,
  end({ incremental: [{ path: ['list', 1], items: [2, 3] }] }),
];
const whole = { book: { title: 'A', pages: 5 }, list: [1, 2, 3] };

/** The operation that the server has read last, and not answered. */
const latest = ({ held }: { readonly held: readonly ScriptedOperation[] }): ScriptedOperation => {
  const operation = held.at(-1);
  if (operation === undefined) throw new Error('The server has read no operation.');
  return operation;
};

describe.each(dialects)('over %s', (dialect) => {
  test.each([
    ['names what was announced', byId],
    ['names paths', byPath],
  ])(
    'an answer whose parts come at once and %s is one part after the other, and the whole to a call',
    async (_, parts) => {
      const server = await serve(dialect, {
        script: {
          operation: (operation) => {
            for (const part of parts) operation.next(part);
            operation.complete();
          },
        },
      });
      const session = open(server);
      const patches = await all(session.stream('{ book }', undefined, { as: 'patch' }));
      expect(patches.map(({ hasNext }) => hasNext)).toEqual([true, true, false]);
      const snapshots = await all(session.stream('{ book }'));
      expect(snapshots.at(-1)).toMatchObject({ data: whole, hasNext: false });
      expect(await session.execute('mutation { book }')).toEqual(whole);
      await session.ping();
      expect(countOf(server, 'stop')).toBe(0);
      expect([session.operations, server.connections.length]).toEqual([0, 1]);
    },
  );

  test('each part is handed out when it comes', async () => {
    const held = holdsOperations();
    const server = await serve(dialect, { script: held });
    const session = open(server);
    const stream = session.stream<object>('{ book }');
    await server.received('start');
    for (const part of byId) {
      latest(held).next(part);
      const { value } = await stream.next();
      expect(value?.hasNext).toBe(part.hasNext);
      if (!part.hasNext) expect(value?.data).toEqual(whole);
    }
    expect((await stream.next()).done).toBe(true);
  });

  test('a stream that is left, or whose parts break the rules, is stopped on the server, and the session goes on', async () => {
    const held = holdsOperations();
    const server = await serve(dialect, { script: held });
    const session = open(server);
    const [left, broken] = [session.stream('{ left }'), session.stream('{ broken }')];
    await server.received('start', { count: 2 });
    for (const operation of held.held) operation.next(begin({ a: 1 }));
    expect((await left.next()).value?.data).toEqual({ a: 1 });
    await left.return();
    expect((await broken.next()).value?.data).toEqual({ a: 1 });
    latest(held).next(add({}, { incremental: [{ path: ['__proto__'], data: { polluted: true } }] }));
    expect(await rejection(broken.next(), ResponseError)).toMatchObject({ code: 'protocol-error' });
    await server.received('stop', { count: 2 });
    const call = session.execute('{ ok }');
    await server.received('start', { count: 3 });
    latest(held).answer({ data: { ok: true } });
    expect(await call).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
  });

  test('when the connection drops between two parts, snapshots begin anew, and patches and mutations fail', async () => {
    const held = holdsOperations();
    const server = await serve(dialect, { script: held });
    const session = open(server);
    const [snapshots, patches, mutation, call] = [
      session.stream('{ snapshots }'),
      session.stream('{ patches }', undefined, { as: 'patch' }),
      session.stream('mutation { write }'),
      session.execute('{ call }'),
    ];
    await server.received('start', { count: 4 });
    for (const operation of held.held) operation.next(begin({ old: true }));
    for (const stream of [snapshots, patches, mutation]) {
      expect((await stream.next()).value).toMatchObject({ data: { old: true }, hasNext: true });
    }
    server.connections[0]?.drop();
    expect(await rejection(patches.next(), ConnectionLostError)).toMatchObject({ delivery: 'unknown' });
    await rejection(mutation.next(), OutcomeUnknownError);
    await until(() => server.executions.length === 6);
    expect(server.executions.slice(4).map(({ query }) => query)).toEqual(['{ snapshots }', '{ call }']);
    for (const operation of held.held.slice(4)) operation.answer({ data: { new: true } });
    expect(await all(snapshots)).toMatchObject([{ data: { new: true }, hasNext: false, restarted: true }]);
    expect(await call).toEqual({ new: true });
  });
});
