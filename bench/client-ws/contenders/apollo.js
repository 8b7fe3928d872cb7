// Apollo Client over its link for graphql-ws, without its cache: what a program pays that uses it as a plain client.

import { ApolloClient, gql, InMemoryCache } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import * as documents from '../documents.js';

const query = gql(documents.query);
const subscription = gql(documents.subscription);
const fetchPolicy = 'no-cache';

export async function open(url) {
  const socket = createClient({ url, webSocketImpl: WebSocket, lazy: false });
  await new Promise((connected) => socket.on('connected', connected));
  const client = new ApolloClient({ link: new GraphQLWsLink(socket), cache: new InMemoryCache() });
  const subscribe = (variables) => client.subscribe({ query: subscription, variables, fetchPolicy });
  const held = [];
  return {
    call: async (variables) => (await client.query({ query, variables, fetchPolicy })).data,

    receive: (variables) =>
      new Promise((resolve, reject) => {
        let received = 0;
        subscribe(variables).subscribe({
          next: ({ data }) => {
            received += data === undefined ? 0 : 1;
          },
          error: reject,
          complete: () => resolve(received),
        });
      }),

    hold: {
      next: (variables) => subscribe(variables).subscribe(({ data }) => held.push(data)),
    },
  };
}
