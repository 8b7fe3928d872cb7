// Messages that are no messages, and messages that are too large, on real sockets: the connection is recycled, nothing
// hangs, and an operation that provokes it again and again is found and never sent any more.

import { describe, expect, test } from 'vitest';
import { ConnectionLostError } from '../../../src/session/errors/connection-lost-error.js';
import { OperationRejectedError } from '../../../src/session/errors/operation-rejected-error.js';
import { OutcomeUnknownError } from '../../../src/session/errors/outcome-unknown-error.js';
import { ResponseError } from '../../../src/session/errors/response-error.js';
import {
  answersWithGarbage,
  garbageKinds,
  holdsOperations,
  type Script,
  type ScriptedOperation,
} from '../../../src/testing/index.js';
import { countOf, nextEvent, open, rejection, serve } from './support/sessions.js';
import { dialects } from './support/starting.js';

const named = (name: string) => ({
  matching: ({ operationName }: ScriptedOperation): boolean => operationName === name,
});

describe.each(dialects)('a server of %s that talks nonsense', (dialect) => {
  test.each(garbageKinds)(
    'with "%s" in the place of an answer fails a call that may not be sent twice',
    async (kind) => {
      const server = await serve(dialect, { script: answersWithGarbage(kind, { times: 1 }) });
      const session = open(server, { retry: { execute: false } });
      const error = await rejection(session.execute('{ ok }'), ConnectionLostError);
      expect(error).toMatchObject({ code: 'protocol-error', delivery: 'unknown', attempts: 1, closeCode: 4004 });
      expect(await server.connections[0]?.ended).toEqual({ code: 4004, reason: 'Bad response' });
      expect(await session.execute('{ ok }')).toEqual({ ok: true });
      expect(session.state).toMatchObject({ status: 'ready', generation: 2 });
    },
  );

  test.each<[string, string]>([
    ['an empty payload', '{}'],
    ['a payload without data and errors', '{"extensions":{}}'],
    ['data that is no object', '{"data":"text"}'],
    ['errors that are no list', '{"data":null,"errors":"text"}'],
    ['an empty list of errors and no data', '{"errors":[]}'],
  ])('with a result of %s fails such a call too', async (_what, payload) => {
    const type = dialect === 'graphql-ws' ? 'data' : 'next';
    const script: Script = {
      operation: ({ connection, id }) => connection.raw(`{"type":"${type}","id":"${id}","payload":${payload}}`),
    };
    const server = await serve(dialect, { script });
    const session = open(server, { retry: { execute: false } });
    expect(await rejection(session.execute('{ ok }'), ConnectionLostError)).toMatchObject({ code: 'protocol-error' });
    expect(await server.connections[0]?.ended).toMatchObject({ code: 4004 });
  });

  test('gets a query once more, on a new connection', async () => {
    const server = await serve(dialect, { script: answersWithGarbage('not-json', { times: 1 }) });
    const session = open(server);
    const result = await session.result('{ ok }');
    expect(result).toMatchObject({ data: { ok: true }, meta: { attempts: 2, generation: 2 } });
    expect(server.connections).toHaveLength(2);
  });

  test('gets a mutation never again, and its caller learns that it may have run', async () => {
    const server = await serve(dialect, { script: answersWithGarbage('array', { times: 1 }) });
    const session = open(server);
    expect(await rejection(session.execute('mutation { pay }'), OutcomeUnknownError)).toMatchObject({
      delivery: 'unknown',
      attempts: 1,
    });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.executions.filter(({ kind }) => kind === 'mutation')).toHaveLength(1);
  });

  test('whenever it reads one query, loses that query after its second try, and everything else lives on', async () => {
    const others = holdsOperations({ ...named('Other'), times: 5 });
    const server = await serve(dialect, { script: [answersWithGarbage('number', named('Bad')), others] });
    const session = open(server);
    const calls = Array.from({ length: 5 }, () => session.execute('query Other { ok }'));
    const subscription = session.subscribe('subscription Feed { n }');
    await server.received('start', { count: 6 });
    const bad = await rejection(session.execute('query Bad { ok }'), OperationRejectedError);
    expect(bad).toMatchObject({ code: 'operation-rejected', attempts: 2 });
    expect(await Promise.all(calls)).toEqual(calls.map(() => ({ ok: true })));
    await server.received('start', { connection: 2 });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'gap', gap: { reason: 'connection-lost' } });
    server.publish({ data: { n: 1 } });
    expect(await nextEvent(subscription)).toMatchObject({ type: 'data', data: { n: 1 } });
    expect(server.executions.filter(({ operationName }) => operationName === 'Bad')).toHaveLength(2);
    expect(server.connections).toHaveLength(3);
  });

  test('while nothing is asked of it is left for a new connection', async () => {
    const server = await serve(dialect);
    const session = open(server);
    await session.ready();
    server.connections[0]?.raw('null');
    expect(await server.connections[0]?.ended).toMatchObject({ code: 4004 });
    expect(await session.execute('{ ok }')).toEqual({ ok: true });
    expect(server.connections).toHaveLength(2);
  });
});

describe.each(dialects)('an answer over %s that is too large', (dialect) => {
  const limits = { maxMessageBytes: 1_000 };
  const answer = ({ operationName, variables }: ScriptedOperation) => ({
    data: { text: operationName === 'Large' ? 'x'.repeat(Number(variables?.size)) : 'small' },
  });

  test('fails its operation alone, with a message that names the limit', async () => {
    const held = holdsOperations(named('Other'));
    const server = await serve(dialect, { answer, script: held });
    const session = open(server, { limits });
    const other = session.execute('query Other { text }');
    const error = await rejection(session.execute('query Large { text }', { size: 3_900 }), ResponseError);
    expect(error).toMatchObject({ code: 'too-large', delivery: 'answered', attempts: 1 });
    expect(error.message).toMatch(/has 3\d{3} bytes; limits\.maxMessageBytes allows 1000/);
    await server.received('start', { count: 2 });
    held.release();
    expect(await other).toEqual({ text: 'small' });
    expect(server.connections).toHaveLength(1);
  });

  test('fails a subscription alone, which the server is told to stop', async () => {
    const server = await serve(dialect);
    const session = open(server, { limits });
    const [large, other] = [session.subscribe('subscription Large { n }'), session.subscribe('subscription { n }')];
    await server.received('start', { count: 2 });
    const { connection, id } = server.subscriptions.find(({ operationName }) => operationName === 'Large') ?? {};
    connection?.next(id ?? '', { data: { n: 'x'.repeat(2_000) } });
    expect(await rejection(large.next(), ResponseError)).toMatchObject({ code: 'too-large' });
    await server.received('stop');
    server.publish({ data: { n: 1 } });
    expect(await nextEvent(other)).toMatchObject({ data: { n: 1 } });
    expect(countOf(server, 'stop')).toBe(1);
  });

  test('beyond four times the limit ends the connection, and fails a call that may not be sent twice', async () => {
    const server = await serve(dialect, { answer });
    const session = open(server, { limits, retry: { execute: false } });
    const error = await rejection(session.execute('query Large { text }', { size: 4_100 }), ConnectionLostError);
    expect(error).toMatchObject({ code: 'too-large', closeCode: 1009, delivery: 'unknown' });
    expect(error.message).toContain('four times limits.maxMessageBytes');
    expect(await server.connections[0]?.ended).toMatchObject({ code: 1009 });
    expect(await session.execute('query Other { text }')).toEqual({ text: 'small' });
    expect(server.connections).toHaveLength(2);
  });

  test('beyond four times the limit twice marks its query as the one that is not sent any more', async () => {
    const held = holdsOperations({ ...named('Other'), times: 1 });
    const server = await serve(dialect, { answer, script: held });
    const session = open(server, { limits });
    const other = session.execute('query Other { text }');
    const error = await rejection(session.execute('query Large { text }', { size: 9_000 }), OperationRejectedError);
    expect(error).toMatchObject({ attempts: 2, failure: { code: 'too-large' } });
    expect(await other).toEqual({ text: 'small' });
    expect(server.executions.filter(({ operationName }) => operationName === 'Large')).toHaveLength(2);
  });
});
