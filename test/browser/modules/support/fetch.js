// Requests of the fetch client in a page, without a session: what is told of each, told on to the test.

import { FetchClient } from '/dist/transport/fetch/client.js';

const clock = {
  now: () => Date.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

const post = {
  method: 'POST',
  path: '/graphql',
  headers: { 'content-type': 'application/json' },
  body: '{"query":"{ ok }"}',
  longLived: false,
};

export function clientOf(origin, credentials) {
  const fetch = globalThis.fetch;
  return new FetchClient({ fetch, credentials, origin, place: `${origin}/graphql` }, clock);
}

/** Sends one request. `order`, `head`, `text` and `failure` are filled; `over` resolves with all of them. */
export function send(client, request, heard = () => {}) {
  const told = { order: [], text: '' };
  const decoder = new TextDecoder();
  let exchange;
  const over = new Promise((resolve) => {
    const tell = (name) => {
      told.order.push(name);
      heard(name, told, exchange);
      if (name === 'end' || name === 'failed') resolve(told);
    };
    exchange = client.send(
      { ...post, ...request },
      {
        sending: () => tell('sending'),
        head: (head) => {
          told.head = head;
          tell('head');
        },
        chunk: (bytes) => {
          told.text += decoder.decode(bytes, { stream: true });
          tell('chunk');
        },
        end: () => tell('end'),
        failed: ({ cause, ...failure }) => {
          told.failure = { ...failure, cause: String(cause) };
          tell('failed');
        },
      },
    );
  });
  return { told, exchange, over };
}
