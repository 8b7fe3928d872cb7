// Apollo Client over the platform's fetch, without its cache: what a program pays that uses it as a plain client.

import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import * as question from '../question.js';

const query = gql(question.query);

export function open({ http1 }) {
  const client = new ApolloClient({ link: new HttpLink({ uri: http1 }), cache: new InMemoryCache() });
  return async (variables) => (await client.query({ query, variables, fetchPolicy: 'no-cache' })).data;
}
