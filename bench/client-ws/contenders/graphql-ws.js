// The client of graphql-ws over `ws`, as its own recipes use it: a promise around `subscribe` for a single result, a sink for
// many.

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { query, subscription } from '../documents.js';

export async function open(url) {
  const client = createClient({ url, webSocketImpl: WebSocket, lazy: false });
  await new Promise((connected) => client.on('connected', connected));
  return {
    call: (variables) =>
      new Promise((resolve, reject) => {
        let result;
        client.subscribe(
          { query, variables },
          {
            next: (answer) => {
              result = answer.data;
            },
            error: reject,
            complete: () => resolve(result),
          },
        );
      }),

    receive: (variables) =>
      new Promise((resolve, reject) => {
        let received = 0;
        client.subscribe(
          { query: subscription, variables },
          {
            next: ({ data }) => {
              received += data === undefined ? 0 : 1;
            },
            error: reject,
            complete: () => resolve(received),
          },
        );
      }),

    hold: {
      next(variables) {
        const events = client.iterate({ query: subscription, variables });
        events.next();
        return events;
      },
      async loop(variables) {
        let received = 0;
        for await (const { data } of client.iterate({ query: subscription, variables }))
          received += data === undefined ? 0 : 1;
        return received;
      },
    },
  };
}
