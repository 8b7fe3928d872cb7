// Apollo Client on the client of subscriptions-transport-ws, through its WebSocketLink, against our server.

import { ApolloClient, CombinedGraphQLErrors, gql, InMemoryCache } from '@apollo/client';
import { WebSocketLink } from '@apollo/client/link/ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import { rejection, until } from '../../../session/behaviour/support/waiting.js';
import { ourServer } from '../support/our-server.js';
import { theirClient } from '../support/their-client.js';

test('Apollo Client queries, mutates, fails and subscribes over it', async () => {
  // It says that the link is old.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const { url, world, server } = await ourServer();
  const apollo = new ApolloClient({
    link: new WebSocketLink(theirClient(url, { connectionParams: { user: 'ann' } }).client),
    cache: new InMemoryCache(),
  });
  expect(await apollo.query({ query: gql`{ whoami }` })).toEqual({ data: { whoami: 'ann' } });
  const ADD = gql`mutation Add($key: String!) { add(key: $key) }`;
  expect(await apollo.mutate({ mutation: ADD, variables: { key: 'a' } })).toEqual({ data: { add: 1 } });
  expect(world.journal).toEqual(['a']);

  // Its link hands on the `error` message as it is, and Apollo Client takes only an Error for one.
  expect(await rejection(apollo.query({ query: gql`{ unknown }` }))).toMatchObject({
    name: 'UnconventionalError',
    cause: { message: 'Cannot query field "unknown" on type "Query".' },
  });
  const partial = await rejection(apollo.query({ query: gql`{ fails }` }));
  expect(CombinedGraphQLErrors.is(partial)).toBe(true);

  const events: unknown[] = [];
  const subscription = apollo.subscribe({ query: gql`subscription { numbers }` }).subscribe((event) => {
    events.push(event.data);
  });
  await until(() => world.subscribers === 1);
  world.publish(1, 2);
  await until(() => events.length === 2);
  expect(events).toEqual([{ numbers: 1 }, { numbers: 2 }]);
  subscription.unsubscribe();
  await until(() => world.subscribers === 0 && server.stats().operations === 0);
  apollo.stop();
});
