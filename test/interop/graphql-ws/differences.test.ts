// Where servers of graphql-transport-ws differ, our session treats them the same: how a start fails, what surrounds the
// acknowledgement, pongs, ends without an answer, and members that nobody has specified.

import { describe, expect, test } from 'vitest';
import { GraphQLResultError } from '../../../src/session/errors/graphql-result-error.js';
import { OperationRejectedError } from '../../../src/session/errors/operation-rejected-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import {
  closesOnOperation,
  completesWithoutData,
  type Script,
  type ScriptedConnection,
  type ScriptedOperation,
} from '../../../src/testing/index.js';
import { nextEvent, open, openReady, rejection, serve } from '../../session/behaviour/support/sessions.js';
import { reached, readyAgain } from '../../session/behaviour/support/waiting.js';

const dialect = 'graphql-transport-ws';
const error = { message: 'Cannot do that', path: ['ok'], extensions: { code: 'NO' } };
const named = (name: string) => ({
  matching: ({ operationName }: ScriptedOperation): boolean => operationName === name,
});

/** Sends what a test wants for the operation `Bad`, and answers the others. */
function saysOfBad(say: (operation: ScriptedOperation) => void): Script {
  return {
    operation: (operation, proceed) => (operation.operationName === 'Bad' ? say(operation) : proceed()),
  };
}

const raw =
  (payload: unknown, type = 'next') =>
  ({ connection, id }: ScriptedOperation): void =>
    connection.raw(JSON.stringify({ type, id, payload }));

describe('a start that fails', () => {
  test.each<[string, (operation: ScriptedOperation) => void]>([
    ['as an "error"', raw([error], 'error')],
    ['as an "error" that is one object', raw(error, 'error')],
    ['as an "error" that holds a list', raw({ errors: [error] }, 'error')],
    [
      'as an "error", and a "complete" after it',
      (operation) => {
        raw([error], 'error')(operation);
        operation.complete();
      },
    ],
    ['as a result without data, and no "complete"', raw({ errors: [error] })],
    ['as a result without data', (operation) => operation.answer({ errors: [error] })],
    ['as a result whose data is null', (operation) => operation.answer({ data: null, errors: [error] })],
    [
      'as a result with more members than there are',
      (operation) => {
        raw({ errors: [error], data: null, extensions: null, path: null, label: null })(operation);
        operation.complete();
      },
    ],
  ])('%s is the same to whoever called', async (_how, say) => {
    const server = await serve(dialect, { script: saysOfBad(say) });
    const session = open(server);
    for (const document of ['query Bad { ok }', 'mutation Bad { ok }']) {
      const thrown = await rejection(session.execute(document), GraphQLResultError);
      expect(thrown).toMatchObject({ code: 'graphql-errors', delivery: 'answered', attempts: 1, errors: [error] });
      expect((await session.result(document)).errors).toEqual([expect.objectContaining(error)]);
    }
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(session.operations).toBe(0);
    expect(server.connections).toHaveLength(1);
  });

  test.each<[string, (operation: ScriptedOperation) => void]>([
    ['as an "error"', raw([error], 'error')],
    ['as an "error" that is one object', raw(error, 'error')],
    [
      'as an "error", and a "complete" after it',
      (operation) => {
        raw([error], 'error')(operation);
        operation.complete();
      },
    ],
    ['as a result without data, and no "complete"', raw({ errors: [error] })],
    ['as a result without data', (operation) => operation.answer({ errors: [error] })],
  ])('%s ends a subscription with the errors', async (_how, say) => {
    const server = await serve(dialect, { script: saysOfBad(say) });
    const session = open(server);
    const subscription = session.subscribe('subscription Bad { n }');
    expect(await rejection(subscription.next(), GraphQLResultError)).toMatchObject({ errors: [error] });
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
  });

  test('as a result whose data is null is an event with errors, which no loop over the data overlooks', async () => {
    const script = saysOfBad((operation) => operation.answer({ data: null, errors: [error] }));
    const server = await serve(dialect, { script });
    const session = open(server);
    const events = session.subscribe('subscription Bad { n }');
    expect(await nextEvent(events)).toMatchObject({ type: 'data', data: null, errors: [error] });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    const data = session.subscribe('subscription Bad { n }').data({ onGap: 'continue' });
    expect(await rejection(data.next(), GraphQLResultError)).toMatchObject({ errors: [error] });
    expect(await data.next()).toEqual({ done: true, value: undefined });
    expect(session.operations).toBe(0);
  });

  test.each([4400, 4500])('as a close with %i is the end of that operation alone', async (code) => {
    const server = await serve(dialect, {
      script: closesOnOperation({ ...named('Bad'), code, reason: 'Syntax Error' }),
    });
    const session = open(server);
    const subscription = session.subscribe('subscription Bad { n }');
    // It was started a second time, to find out.
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    const thrown = await rejection(subscription.next(), OperationRejectedError);
    expect(thrown).toMatchObject({ code: 'operation-rejected', closeCode: code, attempts: 2 });
    expect(thrown.message).toContain('Syntax Error');
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.executions.filter(({ operationName }) => operationName === 'Bad')).toHaveLength(2);
  });
});

describe('an end without an answer', () => {
  test('fails a query and a mutation, which the server has answered with nothing', async () => {
    const server = await serve(dialect, { script: completesWithoutData() });
    const session = open(server);
    for (const document of ['{ ok }', 'mutation { ok }']) {
      const thrown = await rejection(session.execute(document), ResponseError);
      expect(thrown).toMatchObject({ code: 'no-answer', delivery: 'answered', attempts: 1 });
    }
    expect(server.executions).toHaveLength(2);
  });

  test('is a subscription without events', async () => {
    const server = await serve(dialect, { script: completesWithoutData() });
    const subscription = open(server).subscribe('subscription { n }');
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });

  test('with a payload, or said twice, or for what we have stopped ourselves, is an end like any other', async () => {
    const script: Script = {
      operation: ({ connection, id, kind, operationName }, proceed) => {
        if (operationName !== 'Done') return proceed();
        if (kind === 'query') connection.next(id, { data: { ok: true } });
        connection.raw(JSON.stringify({ type: 'complete', id, payload: null }));
        connection.raw(JSON.stringify({ type: 'complete', id, payload: { why: 'done' } }));
      },
      // As servers do that answer a stop, which this subprotocol does not ask for.
      stop: ({ connection, id }) => connection.complete(id),
    };
    const server = await serve(dialect, { script });
    const session = open(server);
    expect(await session.execute('query Done { ok }')).toEqual({ ok: true });
    expect(await session.subscribe('subscription Done { n }').next()).toEqual({ done: true, value: undefined });
    const stopped = session.subscribe('subscription { n }');
    await server.received('start', { count: 3 });
    await stopped.return?.();
    await server.received('stop');
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
  });
});

describe('around the acknowledgement', () => {
  test.each<[string, string]>([
    ['null', '{"type":"connection_ack","payload":null}'],
    ['an empty object', '{"type":"connection_ack","payload":{}}'],
    ['what another server puts there', '{"type":"connection_ack","payload":{"connectionTimeoutMs":300000,"a":[null]}}'],
    ['an id and members that nobody has specified', '{"id":"1","extra":{"a":[1]},"type":"connection_ack"}'],
    ['white space', ' {\n "type" : "connection_ack" } \n'],
  ])('a payload is optional: %s', async (_what, text) => {
    const script: Script = {
      init: ({ connection }, proceed) => {
        connection.raw(text);
        // The scripted server takes operations after an acknowledgement of its own; a second one changes nothing.
        return proceed();
      },
    };
    const server = await serve(dialect, { script });
    expect(await open(server).execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(1);
  });

  test('pings, pongs that nobody has asked for, and ping frames may come first', async () => {
    const script: Script = {
      open: (connection) => {
        connection.pong();
        connection.pong({ n: 1 });
        connection.raw('{"type":"ping","payload":null}');
        connection.pingFrame('hello');
        connection.pongFrame();
      },
    };
    const server = await serve(dialect, { script });
    const session = await openReady(server);
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    const [pong] = await server.received('pong');
    expect(pong?.text).toBe('{"type":"pong"}');
    expect(server.connections).toHaveLength(1);
  });
});

describe('pongs', () => {
  test.each<[string, NonNullable<Script['ping']>, unknown]>([
    ['without a payload', ({ connection }) => connection.pong(), undefined],
    ['with null', ({ connection }) => connection.raw('{"type":"pong","payload":null}'), undefined],
    ['with a payload of their own', ({ connection }) => connection.pong({ at: 5 }), { at: 5 }],
    ['with our payload', ({ connection, payload }) => connection.pong(payload), { n: 1 }],
  ])('%s answer a ping', async (_what, ping, payload) => {
    const server = await serve(dialect, { script: { ping } });
    const session = await openReady(server);
    expect((await session.ping({ n: 1 })).payload).toEqual(payload);
    // One after the other, although none says which ping it answers.
    await Promise.all([session.ping({ n: 1 }), session.ping({ n: 1 })]);
    expect(session.state).toMatchObject({ status: 'ready', generation: 1 });
  });
});

test('members that nobody has specified are ignored in every message', async () => {
  const extra = { extra: [1, { a: null }], seq: 7, timestamp: 'now' };
  const send = (connection: ScriptedConnection, message: object): void =>
    connection.raw(JSON.stringify({ ...extra, ...message, more: true }));
  const script: Script = {
    init: ({ connection }, proceed) => {
      send(connection, { type: 'connection_ack' });
      return proceed();
    },
    ping: ({ connection }) => send(connection, { type: 'pong' }),
    operation: ({ connection, id, operationName }) => {
      if (operationName === 'Bad') {
        send(connection, { type: 'error', id, payload: [{ ...error, ...extra }] });
        return;
      }
      send(connection, { type: 'ping', id: 'no operation' });
      send(connection, { type: 'next', id, payload: { data: { ok: true }, ...extra } });
      send(connection, { type: 'complete', id });
    },
  };
  const server = await serve(dialect, { script });
  const session = await openReady(server);
  expect(await session.execute('{ ok }')).toEqual({ ok: true });
  const subscription = session.subscribe('subscription { ok }');
  expect(await nextEvent(subscription)).toMatchObject({ type: 'data', data: { ok: true } });
  expect(await subscription.next()).toEqual({ done: true, value: undefined });
  expect(await rejection(session.execute('query Bad { ok }'), GraphQLResultError)).toMatchObject({ errors: [error] });
  await session.ping();
  await server.received('pong', { count: 2 });
  expect(server.connections).toHaveLength(1);
});

test('a server that closes a quiet connection with 1000 whenever it has answered costs nothing but the connections', async () => {
  const script: Script = {
    operation: async ({ connection }, proceed) => {
      await proceed();
      connection.close(1000, 'Normal Closure');
    },
  };
  const server = await serve(dialect, { script });
  const session = open(server);
  for (let n = 1; n <= 5; n++) {
    await readyAgain(session, n);
    // What is sent while the close is on its way is on no quiet connection.
    const closed = reached(session, 'waiting');
    expect(await session.result('mutation { ok }')).toMatchObject({ data: { ok: true }, meta: { attempts: 1 } });
    expect((await closed).cause).toMatchObject({ closeCode: 1000 });
  }
  expect(server.executions).toHaveLength(5);
});
