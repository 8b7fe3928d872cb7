// Apollo Client on a link of a test's choice, stopped when its test is over, and a subscription of it with all that it was told.

import { ApolloClient, type ApolloLink, gql, InMemoryCache, type OperationVariables } from '@apollo/client';
import type { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { onTestFinished } from 'vitest';

export function startApollo(link: ApolloLink, handler?: Defer20220824Handler | GraphQL17Alpha9Handler): ApolloClient {
  const apollo = new ApolloClient({
    link,
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: 'no-cache' } },
    ...(handler && { incrementalHandler: handler as NonNullable<ApolloClient.Options['incrementalHandler']> }),
  });
  onTestFinished(() => apollo.stop());
  return apollo;
}

export interface Watched {
  readonly results: { readonly data?: unknown; readonly error?: unknown }[];
  /** How it ended: completed, or with what its observer was given. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

export function watch(apollo: ApolloClient, query: string, variables: OperationVariables = {}): Watched {
  const results: Watched['results'] = [];
  let stop = (): void => {};
  const ended = new Promise<unknown>((resolve) => {
    const subscription = apollo.subscribe({ query: gql(query), variables }).subscribe({
      next: ({ data, error }) => results.push({ data, error }),
      error: resolve,
      complete: () => resolve('complete'),
    });
    stop = () => subscription.unsubscribe();
  });
  return { results, ended, stop: () => stop() };
}
