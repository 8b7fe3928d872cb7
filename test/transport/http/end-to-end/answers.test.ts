// What a program gets from a server over HTTP, whatever the server answers.

import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/session/clock.js';
import { GraphQLResultError } from '../../../../src/session/errors/graphql-result-error.js';
import { ProtocolError } from '../../../../src/session/errors/protocol-error.js';
import { ResponseError } from '../../../../src/session/errors/response-error.js';
import { ServerError } from '../../../../src/session/errors/server-error.js';
import { SessionClosedError } from '../../../../src/session/errors/session-closed-error.js';
import type { Clock } from '../../../../src/transport/contract.js';
import { rejection } from '../../../session/support/harness.js';
import { once, send, served, sessionTo } from './support/served.js';

const page = '<!doctype html><title>Oops</title>';
const html = { 'content-type': 'text/html' };

test('An answer has its data, its status, its headers and its times', async () => {
  const { url } = await served((arrival) => send(arrival, { data: { ok: true } }, 200, { 'x-node': '7' }));
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => ++now };
  const { data, meta } = await sessionTo(url, { clock }).result('{ ok }');
  expect(data).toEqual({ ok: true });
  expect(meta).toMatchObject({ attempts: 1, status: 200, headers: { 'x-node': '7' } });
  const { calledAt, sentAt = Number.NaN, answeredAt } = meta.timings;
  expect([calledAt < sentAt, sentAt < answeredAt, answeredAt <= now]).toEqual([true, true, true]);
});

describe.each([400, 401, 403, 404, 429, 500, 502])('status %i', (status) => {
  const headers = { 'x-node': '7', ...(status === 429 ? { 'retry-after': '0' } : undefined) };

  test('without GraphQL is an error with status, headers and the start of the body', async () => {
    const { url, arrivals } = await served((arrival) => send(arrival, page, status, { ...headers, ...html }));
    const error = await rejection(sessionTo(url, once).execute('{ ok }'), ServerError);
    expect(error).toMatchObject({ code: 'http-status', status, headers: { 'x-node': '7' }, delivery: 'answered' });
    expect(error.message).toContain(page);
    expect(arrivals).toHaveLength(1);
  });

  test('with GraphQL errors is an error with the errors, status and headers', async () => {
    const body = { data: { half: 1 }, errors: [{ message: 'no', extensions: { code: 'NO' } }] };
    const { url, arrivals } = await served((arrival) => send(arrival, body, status, headers));
    const session = sessionTo(url);
    const error = await rejection(session.execute('{ ok }'), GraphQLResultError);
    expect(error).toMatchObject({ ...body, status, headers: { 'x-node': '7' } });
    expect(await session.result('{ ok }')).toMatchObject({ ...body, meta: { status, headers: { 'x-node': '7' } } });
    expect(arrivals).toHaveLength(2);
  });

  test('with GraphQL errors ends a subscription with them', async () => {
    const { url } = await served((arrival) => send(arrival, { errors: [{ message: 'no' }] }, status, headers));
    const error = await rejection(sessionTo(url, once).subscribe('subscription { s }').next(), GraphQLResultError);
    expect(error).toMatchObject({ errors: [{ message: 'no' }], status, headers: { 'x-node': '7' } });
  });
});

test.each([
  ['a list of texts', ['no']],
  ['an object', { message: 'no' }],
  ['a number', 5],
  ['a text', 'no'],
])('Errors as %s are GraphQL errors', async (_what, errors) => {
  const { url } = await served((arrival) => send(arrival, { errors }));
  const error = await rejection(sessionTo(url).execute('{ ok }'), GraphQLResultError);
  expect(error.errors).toMatchObject([{ message: errors === 5 ? expect.any(String) : 'no' }]);
});

test.each(['{}', '{"ok":1}', page, '', '5', 'null', '[]', '{"errors":[]}', '{"data":5}'])(
  'The body %j is an error that quotes it and says the status, which is a ResponseError too',
  async (body) => {
    const { url, arrivals } = await served((arrival) => send(arrival, body));
    const error = await rejection(sessionTo(url).execute('{ ok }'), ProtocolError);
    expect(error).toBeInstanceOf(ResponseError);
    expect(error).toMatchObject({ code: 'protocol-error', status: 200, headers: expect.anything() });
    expect(error.message).toContain('HTTP status 200');
    expect(error.message).toContain(body === '' ? 'the body is empty' : `"${body}"`);
    // It may have run: it is not asked for again.
    expect(arrivals).toHaveLength(1);
  },
);

test('An answer that is too large fails alone, and is not read to its end', async () => {
  let written = 0;
  const { url } = await served(({ body, response }) => {
    if (!JSON.stringify(body).includes('large')) {
      send({ response }, { data: { ok: true } });
      return;
    }
    const more = (): void => {
      written += 65_536;
      if (written > 2 ** 28) response.end();
      else if (!response.destroyed) response.write('x'.repeat(65_536), more);
    };
    more();
  });
  const session = sessionTo(url, { limits: { maxMessageBytes: 100_000 } });
  const [error, data] = await Promise.all([
    rejection(session.execute('{ large }'), ResponseError),
    session.execute('{ ok }'),
  ]);
  expect(error).toMatchObject({ code: 'too-large', status: 200 });
  expect(data).toEqual({ ok: true });
  expect(written).toBeLessThan(2 ** 28);
});

test('Headers of a call are sent beside those of transport, credentials and address, and win over them', async () => {
  const { url, arrivals } = await served((arrival) => send(arrival, { data: { ok: true } }));
  const withUser = url.replace('//', '//ada:p%40ss@');
  const session = sessionTo(
    withUser,
    { credentials: { headers: { 'X-Two': 'credentials' } } },
    { headers: { 'x-one': 'transport', 'x-two': 'transport', 'x-three': 'transport' } },
  );
  await session.execute('{ ok }', undefined, { headers: { 'X-ONE': 'call', Cookie: 'a=1' } });
  await session.execute('{ ok }');
  const [first, second] = arrivals.map(({ request }) => request.headers);
  expect(first).toMatchObject({ 'x-one': 'call', 'x-two': 'credentials', 'x-three': 'transport', cookie: 'a=1' });
  expect(first?.authorization).toBe(`Basic ${btoa('ada:p@ss')}`);
  expect(second).toMatchObject({ 'x-one': 'transport' });
  expect(second).not.toHaveProperty('cookie');
});

test('Queries go by GET where that is wanted, mutations never do', async () => {
  const { url, arrivals } = await served((arrival) => send(arrival, { data: { ok: true } }));
  const session = sessionTo(`${url}?tenant=1`, {}, { queryMethod: 'GET' });
  await session.execute('query A($n: Int) { ok(n: $n) }', { n: 1 });
  await session.execute('mutation { ok }');
  expect(arrivals.map(({ request }) => request.method)).toEqual(['GET', 'POST']);
  const [asked] = arrivals.map(({ request }) => new URL(request.url ?? '', url).searchParams);
  expect(Object.fromEntries(asked ?? [])).toEqual({
    tenant: '1',
    query: 'query A($n: Int) { ok(n: $n) }',
    operationName: 'A',
    variables: '{"n":1}',
  });
  expect(arrivals[1]?.request.url).toBe('/graphql?tenant=1');
});

test('Queries go by QUERY where that is wanted', async () => {
  const { url, arrivals } = await served((arrival) => send(arrival, { data: { ok: true } }));
  expect(await sessionTo(url, {}, { queryMethod: 'QUERY' }).execute('{ ok }')).toEqual({ ok: true });
  expect(arrivals.map(({ request, body }) => [request.method, body])).toEqual([['QUERY', { query: '{ ok }' }]]);
});

test('A session that is closed takes no calls', async () => {
  const { url, arrivals } = await served((arrival) => send(arrival, { data: { ok: true } }));
  const session = sessionTo(url);
  await session.execute('{ ok }');
  await session.close();
  await rejection(session.execute('{ ok }'), SessionClosedError);
  expect(arrivals).toHaveLength(1);
});
