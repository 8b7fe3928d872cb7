// What an interceptor changes of a request is what is sent; what the session goes by cannot be changed.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { JsonText } from '../../../src/protocol/json-text.js';
import { InterceptorError } from '../../../src/session/errors/interceptor-error.js';
import { mapRequest } from '../../../src/session/map-request.js';
import type { Request } from '../../../src/transport/contract.js';
import { readySession, rejection, watch } from '../support/harness.js';
import { changing, KeepsRequests } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const levels = ['call', 'attempt'] as const;
const two = 'query One($n: Int) { a } query Two { b }';

function changed(request: Request): Request {
  return {
    ...request,
    query: two,
    operationName: 'One',
    variables: JsonText.of({ ...request.variables?.value, n: 1 }),
    extensions: JsonText.of({ ...request.extensions?.value, signature: 's' }),
    headers: { ...request.headers, 'x-trace': 't' },
  };
}

describe.each(levels)('an interceptor of %ss', (level) => {
  test('changes document, operation name, variables, extensions and headers of what is sent', async () => {
    const { session, connection } = await readySession({ interceptors: { [level]: [mapRequest(changed)] } });
    watch(session.execute('{ a }', { m: 2 }, { extensions: { given: true }, headers: { 'x-given': 'g' } }));
    const { request } = connection.latest;
    expect(request).toMatchObject({ kind: 'query', query: two, operationName: 'One' });
    expect(request.variables?.value).toEqual({ m: 2, n: 1 });
    expect(request.extensions?.value).toEqual({ given: true, signature: 's' });
    expect(request.headers).toEqual({ 'x-given': 'g', 'x-trace': 't' });
  });

  test('changes it after waiting for something', async () => {
    const { session, connection, settle } = await readySession({
      interceptors: { [level]: [mapRequest(async (request) => changed(request))] },
    });
    const call = watch(session.execute('{ a }'));
    expect(connection.requests).toHaveLength(0);
    await settle();
    expect(connection.latest.request.extensions?.value).toEqual({ signature: 's' });
    connection.latest.data({ a: 1 });
    await settle();
    expect(call.value).toEqual({ a: 1 });
  });

  test.each([
    [
      'a promise of another maker',
      (request: Request) => Object.fromEntries([['then', (go: (made: Request) => void) => go(changed(request))]]),
    ],
    ['the request itself', changed],
  ])('takes %s from mapRequest', async (_name, change) => {
    const { session, connection, settle } = await readySession({
      interceptors: { [level]: [mapRequest(change as (request: Request) => Request)] },
    });
    watch(session.execute('{ a }'));
    await settle();
    expect(connection.latest.request.operationName).toBe('One');
  });

  test.each([
    ['another kind', (request: Request): Request => ({ ...request, kind: 'mutation' }), 'made a mutation of a query'],
    [
      'a document of another kind',
      (request: Request): Request => ({ ...request, query: 'mutation { a }' }),
      'made a mutation of a query',
    ],
    [
      'an operation of another kind in the same document',
      (request: Request): Request => ({ ...request, query: 'query Q { a } mutation M { b }', operationName: 'M' }),
      'made a mutation of a query',
    ],
    ['a document that is cut off', (request: Request): Request => ({ ...request, query: '{ a' }), 'document'],
    [
      'a plain object as variables',
      (request: Request): Request => ({ ...request, variables: { n: 1 } as never }),
      'JsonText.of',
    ],
    ['text as extensions', (request: Request): Request => ({ ...request, extensions: '{}' as never }), 'JsonText.of'],
    ['another id', (request: Request): Request => ({ ...request, id: 'my-own' }), 'under the id it came with'],
    ['nothing', () => undefined as never, 'passed on undefined'],
  ])('that passes %s on ends the call at once, and nothing is sent', async (_name, change, message) => {
    for (const maybeAsync of [change, async (request: Request) => change(request)]) {
      const { session, connection } = await readySession({ interceptors: { [level]: [mapRequest(maybeAsync)] } });
      const error = await rejection(session.execute('{ a }'), InterceptorError);
      expect(error.message).toContain(message);
      expect(error).toMatchObject({ delivery: 'not-sent', code: 'interceptor' });
      expect(connection.requests).toHaveLength(0);
      expect(session.operations).toBe(0);
    }
  });
});

test('What interceptors of calls changed is in meta.request', async () => {
  const { session, connection, settle } = await readySession({ interceptors: { call: [mapRequest(changed)] } });
  const call = watch(session.result('{ a }'));
  connection.latest.data({ a: 1 });
  await settle();
  expect(call.value?.meta.request).toMatchObject({ query: two, operationName: 'One' });
  expect(call.value?.meta.request.extensions?.value).toEqual({ signature: 's' });
  expect(call.value?.meta.request).not.toHaveProperty('id');
});

test('What interceptors of attempts change is made anew for each send', async () => {
  let sends = 0;
  const numbering = mapRequest((request) => {
    sends += 1;
    return { ...request, extensions: JsonText.of({ ...request.extensions?.value, [`send${sends}`]: true }) };
  });
  const { session, connection, accept } = await readySession({ interceptors: { attempt: [numbering] } });
  watch(session.execute('{ a }', undefined, { extensions: { given: 1 } }));
  connection.lose();
  const next = await accept();
  expect(connection.latest.request.extensions?.value).toEqual({ given: 1, send1: true });
  expect(next.latest.request.extensions?.value).toEqual({ given: 1, send2: true });
});

test('A result that an interceptor changes is what the caller gets', async () => {
  const upper = changing({
    sink: (sink) => ({ next: (result, bytes) => sink.next({ ...result, data: { a: 'changed' } }, bytes) }),
  });
  for (const level of levels) {
    const { session, connection, settle } = await readySession({ interceptors: { [level]: [upper] } });
    const call = watch(session.execute('{ a }'));
    connection.latest.data({ a: 'given' });
    await settle();
    expect(call.value).toEqual({ a: 'changed' });
  }
});

test('What the caller changes after the call does not reach an interceptor that keeps it', async () => {
  const keeps = new KeepsRequests();
  const { session, connection } = await readySession({ interceptors: { call: [keeps.interceptor] } });
  const variables = { n: 1 };
  watch(session.execute('query ($n: Int) { a }', variables));
  variables.n = 2;
  keeps.latest.pass();
  expect(connection.latest.request.variables?.value).toEqual({ n: 1 });
});
