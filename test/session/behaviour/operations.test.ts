// Queries and mutations on one connection, on real sockets: answers go to their callers, errors to theirs, and nothing that
// goes wrong with one operation costs another anything.

import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../src/session/errors/cancelled-error.js';
import { ConnectError } from '../../../src/session/errors/connect-error.js';
import { DeadlineError } from '../../../src/session/errors/deadline-error.js';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import {
  answersUnderWrongId,
  completesWithoutData,
  holdsOperations,
  type ScriptedOperation,
  VirtualClock,
} from '../../../src/testing/index.js';
import { webSocket } from '../../../src/transport/websocket/index.js';
import { countOf, open, rejection, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';
import { reached } from './support/waiting.js';

const echo = ({ variables }: ScriptedOperation) => ({ data: { echo: variables?.n ?? null } });
const ask = 'query ($n: Int) { echo(n: $n) }';

/** The script helpers pick operations by name. */
const named = (name: string) => ({
  matching: ({ operationName }: ScriptedOperation): boolean => operationName === name,
});

describe.each(dialects)('operations over %s', (dialect) => {
  test('one after the other, each gets its own answer', async () => {
    const server = await serve(dialect, { answer: echo });
    const session = open(server);
    expect(await session.execute(ask, { n: 1 })).toEqual({ echo: 1 });
    expect(await session.execute(ask, { n: 2 })).toEqual({ echo: 2 });
    expect(server.connections).toHaveLength(1);
    expect(session.operations).toBe(0);
  });

  test('in parallel and answered in another order, each gets its own answer', async () => {
    const held = holdsOperations();
    const server = await serve(dialect, { script: held });
    const session = open(server);
    const calls = Array.from({ length: 20 }, (_, n) => session.execute(ask, { n }));
    await server.received('start', { count: 20 });
    for (const operation of held.held.toReversed()) operation.answer(echo(operation));
    expect(await Promise.all(calls)).toEqual(calls.map((_, n) => ({ echo: n })));
    expect(server.connections).toHaveLength(1);
    expect(new Set(server.executions.map(({ id }) => id)).size).toBe(20);
  });

  test('of several sessions on one transport do not disturb one another', async () => {
    const server = await serve(dialect, { answer: echo });
    const transport = webSocket(server.url);
    const sessions = Array.from({ length: 5 }, () => open(server, { transport }));
    const answers = await Promise.all(
      sessions.flatMap((session, s) => [0, 1, 2].map((n) => session.execute(ask, { n: s * 10 + n }))),
    );
    expect(answers).toEqual(sessions.flatMap((_, s) => [0, 1, 2].map((n) => ({ echo: s * 10 + n }))));
    expect(server.connections).toHaveLength(5);
  });

  test("an answer under an unknown id is nobody's, and the next call works", async () => {
    const server = await serve(dialect, { script: answersUnderWrongId({ times: 1, afterwards: 'answer' }) });
    const session = open(server);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    server.connections[0]?.error('nobody', [{ message: 'not yours' }]);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
  });

  test('completed without an answer, a call fails alone', async () => {
    const server = await serve(dialect, { script: completesWithoutData({ times: 1 }) });
    const session = open(server);
    const error = await rejection(session.execute('query Empty { ok }'), ResponseError);
    expect(error).toMatchObject({ code: 'no-answer', delivery: 'answered', attempts: 1 });
    expect(error.message).toContain('Query "Empty"');
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
  });

  test('answered with errors, only that call fails, with all of them and their extensions', async () => {
    const held = holdsOperations();
    const server = await serve(dialect, { script: held });
    const session = open(server);
    const bad = rejection(session.execute('query Bad { a }'), GraphQLResultError);
    const good = session.execute('query Good { a }');
    await server.received('start', { count: 2 });
    const errors = [
      { message: 'no such field', path: ['a', 0], locations: [{ line: 1, column: 3 }], extensions: { code: 'FIELD' } },
      { message: 'no such user', extensions: { code: 'USER', id: 7 } },
    ] as const;
    held.held[0]?.error(errors);
    const error = await bad;
    expect(error.errors).toEqual(errors);
    expect(error).toMatchObject({ code: 'graphql-errors', delivery: 'answered', attempts: 1 });
    expect(error.message).toContain('no such field');
    expect(error.message).toContain('1 more');
    held.release();
    expect(await good).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
    expect(server.executions).toHaveLength(2);
  });

  test('result() answers with data, errors and extensions as they are, and throws for none of them', async () => {
    const answer = { data: { ok: null }, errors: [{ message: 'half' }], extensions: { cost: 3 } };
    const server = await serve(dialect, { answer: () => answer });
    const session = open(server);
    const result = await session.result('query Half { ok }');
    expect(result).toMatchObject(answer);
    expect(result.meta).toMatchObject({ attempts: 1, generation: 1, request: { operationName: 'Half' } });
    const error = await rejection(session.execute('{ ok }'), GraphQLResultError);
    expect(error).toMatchObject({ data: { ok: null }, extensions: { cost: 3 } });
  });

  test('answered with null and no errors, a call fails with a typed error', async () => {
    const server = await serve(dialect, { answer: () => ({ data: null }) });
    const session = open(server);
    const error = await rejection(session.execute('{ ok }'), ResponseError);
    expect(error).toMatchObject({ code: 'no-answer', delivery: 'answered' });
    expect(error.message).toContain('neither data nor errors');
    expect((await session.result('{ ok }')).data).toBeNull();
    expect(server.connections).toHaveLength(1);
  });

  test('past its deadline a call fails, the server is told to stop, and the connection goes on', async () => {
    const clock = new VirtualClock(1_000);
    const held = holdsOperations(named('Slow'));
    const server = await serve(dialect, { script: held });
    const session = open(server, { clock, deadlineMs: 2_000 });
    const late = rejection(session.execute('query Slow { ok }'), DeadlineError);
    const patient = session.execute('query Slow { ok }', {}, { deadlineMs: 3_000 });
    await server.received('start', { count: 2 });
    await clock.advance(2_000);
    const error = await late;
    expect(error).toMatchObject({ code: 'deadline', delivery: 'unknown', deadlineMs: 2_000, attempts: 1 });
    await server.received(dialect === 'graphql-ws' ? 'stop' : 'complete');
    expect(held.held.map(({ live }) => live)).toEqual([false, true]);
    // An answer that was on its way already is nobody's.
    const [slow] = held.held;
    slow?.connection.next(slow.id, { data: { ok: 'late' } });
    held.release();
    expect(await patient).toEqual({ ok: true });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
    expect(countOf(server, 'stop')).toBe(1);
    expect(session.operations).toBe(0);
  });

  test('cancelled by its signal, a call fails at once with the reason, and the server is told to stop', async () => {
    const server = await serve(dialect, { script: holdsOperations(named('Slow')) });
    const session = open(server);
    const cancelling = new AbortController();
    const call = rejection(session.execute('query Slow { ok }', {}, { signal: cancelling.signal }), CancelledError);
    await server.received('start');
    const reason = new Error('nobody looks any more');
    cancelling.abort(reason);
    expect(await call).toMatchObject({ code: 'cancelled', delivery: 'unknown', cause: reason });
    await server.received('stop');
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
  });

  test('cancelled before it was sent, a call never reaches the server', async () => {
    const server = await serve(dialect);
    await server.stop();
    const session = open(server);
    await reached(session, 'waiting');
    const cancelling = new AbortController();
    const call = rejection(session.execute('query Never { ok }', {}, { signal: cancelling.signal }), CancelledError);
    const later = rejection(
      session.execute('query Never { ok }', {}, { signal: AbortSignal.abort('too late') }),
      CancelledError,
    );
    cancelling.abort();
    expect(await call).toMatchObject({ delivery: 'not-sent', attempts: 0 });
    expect(await later).toMatchObject({ delivery: 'not-sent', attempts: 0, cause: 'too late' });
    await server.start();
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.executions.map(({ operationName }) => operationName)).toEqual([undefined]);
  });

  test('on a session that does not reconnect, calls after the server closed fail at once', async () => {
    const server = await serve(dialect);
    const clock = new VirtualClock();
    const session = open(server, { clock, retry: { connect: false } });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    // However long the connection has been good: it was the only one.
    await clock.advance(12_000);
    server.connections[0]?.close(1001, 'going home');
    await reached(session, 'failed');
    for (const attempt of ['second', 'third']) {
      const error = await rejection(session.execute(`query ${attempt} { ok }`), ConnectError);
      expect(error).toMatchObject({ code: 'closed', closeCode: 1001, delivery: 'not-sent', retryable: false });
      expect(error.message).toContain('going home');
    }
    expect(server.upgrades).toBe(1);
    expect(session.operations).toBe(0);
  });

  test('on a session that does not reconnect, a query that was in flight fails with the connection', async () => {
    const server = await serve(dialect, { script: holdsOperations() });
    const session = open(server, { retry: { connect: false } });
    const call = rejection(session.execute('{ ok }'), ConnectError);
    await server.received('start');
    server.connections[0]?.drop();
    expect(await call).toMatchObject({ code: 'closed', closeCode: 1006 });
  });
});
