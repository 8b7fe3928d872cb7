// The HTTP executor of GraphQL Tools against our HTTP endpoint: operations of every kind, files, answers in parts, automatic
// persisted queries, and how what goes wrong reaches its callers.

import { buildHTTPExecutor, type HTTPExecutorOptions } from '@graphql-tools/executor-http';
import { type ExecutionResult, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { makeUploadSchema } from '../../server/adapters/upload-schema.js';
import { Probe } from '../../server/support/schema.js';
import { until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { deferredQuery, startDeferringServer } from './support/deferring-server.js';
import { startMovingServer } from './support/moving-server.js';
import { seenFetch } from './support/seen-fetch.js';

type Answer = ExecutionResult | AsyncIterable<ExecutionResult>;
type Options = Omit<HTTPExecutorOptions, 'fetch'>;

function executor(endpoint: string, options: Options = {}) {
  const { fetch, sent } = seenFetch();
  return { run: runner({ endpoint, ...options, fetch: (url, init) => fetch(url, init) }), sent };
}

function runner(options: HTTPExecutorOptions) {
  const execute = buildHTTPExecutor(options);
  return async (query: string, variables: object = {}, signal?: AbortSignal): Promise<Answer> =>
    execute({ document: parse(query), variables: { ...variables }, ...(signal && { signal }) });
}

async function start(options: Partial<ServerOptions> = {}, how: Options = {}) {
  const t = await startOurServer(options);
  return { ...t, ...executor(t.url, how) };
}

function isStream(answer: Answer): answer is AsyncIterable<ExecutionResult> {
  return Symbol.asyncIterator in answer;
}

/** Its results, each as it was when it came: it may change one and give it again. */
async function all(answer: Answer): Promise<unknown[]> {
  if (!isStream(answer)) throw new Error(`It is no stream: ${JSON.stringify(answer)}`);
  const results: unknown[] = [];
  for await (const result of answer) results.push(structuredClone(result));
  return results;
}

describe('the executor of GraphQL Tools', () => {
  test('runs queries and mutations by POST', async () => {
    const { run, sent } = await start();
    expect(await run('query ($name: String) { hello(name: $name) }', { name: 'Ada' })).toEqual({
      data: { hello: 'Hello Ada' },
    });
    expect(await run('mutation { add(amount: 2) }')).toEqual({ data: { add: 2 } });
    expect(sent.map(({ method, answer }) => [method, answer?.contentType])).toEqual(
      Array(2).fill(['POST', 'application/graphql-response+json; charset=utf-8']),
    );
  });

  test('runs queries by GET where it is told to, and mutations by POST', async () => {
    const { run, sent } = await start({}, { useGETForQueries: true });
    const name = 'Zoë & 木村';
    expect(await run('query Hello($name: String) { hello(name: $name) }', { name })).toEqual({
      data: { hello: `Hello ${name}` },
    });
    expect(await run('mutation { add(amount: 2) }')).toEqual({ data: { add: 2 } });
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('has the errors of what cannot run, and data beside masked errors', async () => {
    const { run, failures } = await start({ development: false });
    expect(await run('{ nothing }')).toMatchObject({
      errors: [{ message: 'Cannot query field "nothing" on type "Query".' }],
    });
    expect(await run('{ hello fails }')).toMatchObject({
      data: { hello: 'Hello world', fails: null },
      errors: [{ message: 'Internal server error', path: ['fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(failures).toMatchObject([{ source: 'resolver', error: { message: 'It failed' } }]);
  });

  test('gives up a query at the server as well', async () => {
    const { run, server, probe } = await start();
    const controller = new AbortController();
    const answer = run('{ slow(gate: "never") }', {}, controller.signal);
    await until(() => probe.began.length === 1);
    controller.abort();
    expect(await answer).toMatchObject({ errors: [{ message: expect.stringContaining('abort') }] });
    await until(() => server.stats().operations === 0);
  });

  test('sends hashes first, and the text once', async () => {
    const { run, sent } = await start({}, { apq: true });
    const query = 'query ($name: String) { hello(name: $name) }';
    for (const name of ['Ada', 'Bob']) expect(await run(query, { name })).toEqual({ data: { hello: `Hello ${name}` } });
    expect(sent.map(({ body }) => typeof (body as { query?: unknown }).query)).toEqual([
      'undefined',
      'string',
      'undefined',
    ]);
  });
});

describe('a subscription of the executor of GraphQL Tools', () => {
  test.each(['GET', 'POST'] as const)('by %s is a stream of server-sent events, up to its end', async (method) => {
    const { run, sent } = await start({}, { method });
    expect(await all(await run('subscription { count(to: 3) }'))).toEqual(
      [1, 2, 3].map((count) => ({ data: { count } })),
    );
    expect(sent).toMatchObject([{ method, answer: { contentType: 'text/event-stream; charset=utf-8' } }]);
  });

  test('that fails in the middle has its events and then the errors', async () => {
    const { run } = await start();
    expect(await all(await run('subscription { throwsAfterTwo }'))).toEqual([
      { data: { throwsAfterTwo: 1 } },
      { data: { throwsAfterTwo: 2 } },
      { errors: [{ message: 'Source broke' }] },
    ]);
  });

  test('that cannot begin has the errors alone', async () => {
    const { run } = await start();
    expect(await all(await run('subscription { nothing }'))).toMatchObject([
      { errors: [{ message: expect.stringContaining('"nothing"') }] },
    ]);
  });

  test('that is left closes its source', async () => {
    const { run, probe, server } = await start();
    const answer = await run('subscription { forever(name: "f") }');
    if (!isStream(answer)) throw new Error('It is no stream.');
    for await (const event of answer) {
      expect(event).toEqual({ data: { forever: 1 } });
      break;
    }
    await until(() => probe.finalised.includes('f'));
    await until(() => server.stats().operations === 0);
  });

  test('that is cut by a drain looks ended to it: its reader asks for no last word', async () => {
    const moving = await startMovingServer();
    const { run } = executor(moving.url);
    const answer = await run('subscription { forever(name: "f") }');
    if (!isStream(answer)) throw new Error('It is no stream.');
    const events = answer[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ data: { forever: 1 } });
    await moving.leave();
    expect((await events.next()).done).toBe(true);
  });
});

describe('files from the executor of GraphQL Tools', () => {
  const store = 'mutation ($file: Upload!) { store(file: $file) }';
  const storeAll = 'mutation ($files: [Upload!]!) { storeAll(files: $files) }';
  const withHeader = { headers: { 'graphql-require-preflight': '1' } };
  const file = (name: string): File => new File([`this is ${name}`], name, { type: 'text/plain' });

  // Its forms are its own, which only its own `fetch` can send.
  async function startTaking(uploads: boolean, options: Options) {
    const { url } = await startOurServer({ schema: makeUploadSchema(new Probe()), uploads });
    return runner({ endpoint: url, ...options });
  }

  test('arrive with their names and types, alone and in a list', async () => {
    const run = await startTaking(true, withHeader);
    expect(await run(store, { file: file('a.txt') })).toEqual({
      data: { store: 'a.txt text/plain 13: this is a.txt' },
    });
    expect(await run(storeAll, { files: [file('b'), file('c')] })).toEqual({
      data: { storeAll: ['b text/plain 9: this is b', 'c text/plain 9: this is c'] },
    });
  });

  test.each([
    ['without the header that no page of another site can send, which is named', true, {}, 'graphql-require-preflight'],
    ['where the server takes none, with the option that would', false, withHeader, '"uploads"'],
  ])('are refused %s', async (_where, uploads, options, named) => {
    const run = await startTaking(uploads, options);
    expect(await run(store, { file: file('a') })).toMatchObject({
      errors: [{ message: expect.stringContaining(named) }],
    });
  });
});

describe('an answer in parts', () => {
  test('reaches the executor of GraphQL Tools part by part, as multipart', async () => {
    const t = await startDeferringServer();
    const { run, sent } = executor(t.url);
    const answer = await run(deferredQuery);
    if (!isStream(answer)) throw new Error('It is no stream.');
    const results = answer[Symbol.asyncIterator]();
    expect((await results.next()).value).toEqual({ data: { hello: 'Hello' } });
    t.open();
    expect((await results.next()).value).toEqual({ data: { hello: 'Hello', late: 'At last' } });
    expect((await results.next()).done).toBe(true);
    expect(sent[0]?.answer?.contentType).toBe('multipart/mixed; boundary="-"');
  });
});
