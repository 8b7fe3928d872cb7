// graphql-request against our HTTP endpoint: POST, GET, batches, and how what goes wrong reaches its callers.

import { ClientError, GraphQLClient } from 'graphql-request';
import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { rejection, until } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { deferredQuery, startDeferringServer } from './support/deferring-server.js';
import { seenFetch } from './support/seen-fetch.js';

const hello = 'query Hello($name: String) { hello(name: $name) }';

type Config = ConstructorParameters<typeof GraphQLClient>[1];

async function start(options: Partial<ServerOptions> = {}, config: Config = {}) {
  const t = await startOurServer(options);
  const { fetch, sent } = seenFetch();
  return { ...t, sent, client: new GraphQLClient(t.url, { fetch, ...config }) };
}

describe('graphql-request', () => {
  test('is answered with the media type that it asks for first, for queries and mutations', async () => {
    const { client, sent } = await start();
    expect(await client.request(hello, { name: 'Ada' })).toEqual({ hello: 'Hello Ada' });
    expect(await client.request('mutation { add(amount: 2) }')).toEqual({ add: 2 });
    expect(sent.map(({ method, answer }) => [method, answer])).toEqual(
      Array(2).fill(['POST', { status: 200, contentType: 'application/graphql-response+json; charset=utf-8' }]),
    );
  });

  test('that asks by GET has its query, variables and name in the address, and sends mutations by POST', async () => {
    const { client, sent } = await start({}, { method: 'GET' });
    expect(await client.request(hello, { name: 'Zoë & 木村' })).toEqual({ hello: 'Hello Zoë & 木村' });
    expect(await client.request('mutation { add(amount: 2) }')).toEqual({ add: 2 });
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(Object.fromEntries(sent[0]?.search ?? [])).toMatchObject({ operationName: 'Hello' });
  });

  test('has the answers of a batch in the order of its list', async () => {
    const { client, sent } = await start({ batching: true });
    const documents = ['Ada', 'Bob'].map((name) => ({ document: hello, variables: { name } }));
    const answers = await client.batchRequests([...documents, { document: 'mutation { add(amount: 1) }' }]);
    expect(answers).toEqual([{ data: { hello: 'Hello Ada' } }, { data: { hello: 'Hello Bob' } }, { data: { add: 1 } }]);
    expect(sent).toHaveLength(1);
  });

  test('is told the option where batches are off', async () => {
    const { client } = await start();
    const error = await rejection(client.batchRequests([{ document: '{ hello }' }, { document: '{ hello }' }]));
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({
      response: { status: 400, errors: [{ message: expect.stringContaining('batching') }] },
    });
  });

  test.each([
    ['is no GraphQL', '{ hello', {}, /Syntax Error/],
    ['asks for an unknown field', '{ nothing }', {}, /Cannot query field "nothing"/],
    ['has a wrong variable', 'query ($n: Int!) { huge(bytes: $n) }', { n: 'x' }, /cannot represent/],
  ])(
    'has the errors of a request that %s in its ClientError, with the status 400',
    async (_what, query, variables, message) => {
      const { client } = await start();
      const error = await rejection(client.rawRequest(query, variables));
      expect(error).toBeInstanceOf(ClientError);
      expect(error).toMatchObject({
        response: { status: 400, errors: [{ message: expect.stringMatching(message) }] },
      });
    },
  );

  test('has data and errors together under its policy "all", and what a resolver threw stays on the server', async () => {
    const { client, failures } = await start({ development: false }, { errorPolicy: 'all' });
    expect(await client.rawRequest('{ hello fails }')).toMatchObject({
      status: 200,
      data: { hello: 'Hello world', fails: null },
      errors: [{ message: 'Internal server error', path: ['fails'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(failures).toMatchObject([{ source: 'resolver', error: { message: 'It failed' } }]);
  });

  test('that knows no streams is told with which media types a subscription is answered', async () => {
    const { client } = await start();
    const error = await rejection(client.request('subscription { count(to: 1) }'));
    expect(error).toMatchObject({
      response: { status: 400, errors: [{ extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM' } }] },
    });
  });

  test('that knows no parts has the answer to a deferred query as a whole', async () => {
    const t = await startDeferringServer();
    t.open();
    expect(await new GraphQLClient(t.url).request(deferredQuery)).toEqual({ hello: 'Hello', late: 'At last' });
  });

  test('gives up a query at the server as well', async () => {
    const { client, probe, server } = await start();
    const controller = new AbortController();
    const query = '{ slow(gate: "never") }';
    const answer = rejection(client.request({ document: query, signal: controller.signal }));
    await until(() => probe.began.length === 1);
    controller.abort();
    expect(await answer).toMatchObject({ name: 'AbortError' });
    await until(() => server.stats().operations === 0);
  });
});
