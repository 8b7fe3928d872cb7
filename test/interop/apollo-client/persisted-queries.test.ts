// Apollo Client's PersistedQueryLink against our server: automatic persisted queries by hash, and ids of documents that the
// server keeps.

import { createHash } from 'node:crypto';
import { type ApolloClient, type ApolloLink, gql, HttpLink } from '@apollo/client';
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { print } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { ServerOptions } from '../../../src/server/index.js';
import { rejection } from '../../session/behaviour/support/waiting.js';
import { startOurServer } from '../graphql-ws/support/our-server.js';
import { type Sent, seenFetch } from '../server/support/seen-fetch.js';
import { startApollo, watch } from './support/apollo.js';

const hello = gql('query Hello($name: String) { hello(name: $name) }');
const add = gql('mutation Add($amount: Int!) { add(amount: $amount) }');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function start(options: Partial<ServerOptions>, persisted: ApolloLink) {
  const t = await startOurServer(options);
  const { fetch, sent } = seenFetch();
  return { ...t, sent, apollo: startApollo(persisted.concat(new HttpLink({ uri: t.url, fetch }))) };
}

/** Of each request: its method, and whether it held a hash, a text, or both. */
const shapes = (sent: readonly Sent[]): string[] =>
  sent.map(({ method, search, body }) => {
    const { query = search.get('query'), extensions = search.get('extensions') } = (body ?? {}) as {
      readonly query?: string | null;
      readonly extensions?: object | string | null;
    };
    const hash = JSON.stringify(extensions ?? '').includes('sha256Hash');
    return [method, ...(hash ? ['hash'] : []), ...(typeof query === 'string' ? ['text'] : [])].join(' ');
  });

const answers = async (apollo: ApolloClient): Promise<unknown[]> => {
  const data: unknown[] = [];
  for (const name of ['Ada', 'Bob']) data.push((await apollo.query({ query: hello, variables: { name } })).data);
  return data;
};

const both = [{ hello: 'Hello Ada' }, { hello: 'Hello Bob' }];

describe("Apollo Client's automatic persisted queries", () => {
  test('send the text once, after the hash was not found, and hashes from then on', async () => {
    const { apollo, sent } = await start({}, createPersistedQueryLink({ sha256 }));
    expect(await answers(apollo)).toEqual(both);
    for (const amount of [1, 2]) await apollo.mutate({ mutation: add, variables: { amount } });
    expect(shapes(sent)).toEqual([
      'POST hash',
      'POST hash text',
      'POST hash',
      'POST hash',
      'POST hash text',
      'POST hash',
    ]);
  });

  test('send hashes by GET where they are told to, and texts by POST', async () => {
    const { apollo, sent } = await start({}, createPersistedQueryLink({ sha256, useGETForHashedQueries: true }));
    expect(await answers(apollo)).toEqual(both);
    expect(shapes(sent)).toEqual(['GET hash', 'POST hash text', 'GET hash']);
  });

  test('find a document that another client has sent', async () => {
    const { apollo, url } = await start({}, createPersistedQueryLink({ sha256 }));
    await answers(apollo);
    const { fetch, sent } = seenFetch();
    const other = startApollo(createPersistedQueryLink({ sha256 }).concat(new HttpLink({ uri: url, fetch })));
    expect(await answers(other)).toEqual(both);
    expect(shapes(sent)).toEqual(['POST hash', 'POST hash']);
  });

  test('work for subscriptions too', async () => {
    const { apollo, sent } = await start({}, createPersistedQueryLink({ sha256 }));
    for (let i = 0; i < 2; i++) {
      const { results, ended } = watch(apollo, 'subscription { count(to: 2) }');
      expect(await ended).toBe('complete');
      expect(results.map(({ data }) => data)).toEqual([{ count: 1 }, { count: 2 }]);
    }
    expect(shapes(sent)).toEqual(['POST hash', 'POST hash text', 'POST hash']);
  });

  test('with a wrong hash are refused, and run nothing', async () => {
    const link = createPersistedQueryLink({ sha256: (text) => sha256(`${text} and more`) });
    const { apollo, probe } = await start({}, link);
    expect(await rejection(apollo.query({ query: hello }))).toMatchObject({
      errors: [{ message: expect.stringContaining('not the hash'), extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(probe.began).toEqual([]);
  });
});

describe('documents that the server keeps', () => {
  const kept = new Map([[sha256(print(hello)), print(hello)]]);
  const documents = { find: (id: string) => kept.get(id), only: true };

  test('are run by the ids that Apollo Client sends for them, and no text is needed', async () => {
    const { apollo, sent } = await start({ documents }, createPersistedQueryLink({ sha256 }));
    expect(await answers(apollo)).toEqual(both);
    expect(shapes(sent)).toEqual(['POST hash', 'POST hash']);
  });

  test('are all that is run: a text that comes after its id was not found is refused too', async () => {
    const { apollo, sent, probe } = await start({ documents }, createPersistedQueryLink({ sha256 }));
    expect(await rejection(apollo.mutate({ mutation: add, variables: { amount: 1 } }))).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(shapes(sent)).toEqual(['POST hash', 'POST hash text']);
    expect(probe.began).toEqual([]);
  });
});
