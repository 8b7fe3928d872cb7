// The limit: `ws` and nothing else. No reconnect, no deadline, no cancellation, no check of anything; a promise for each
// call, a Map, JSON.parse, and messages joined from constant text.

import { WebSocket } from 'ws';
import { query, subscription } from '../documents.js';

const start = '{"type":"subscribe","id":"';
const queryPart = `","payload":{"query":${JSON.stringify(query)},"variables":`;
const subscriptionPart = `","payload":{"query":${JSON.stringify(subscription)},"variables":`;

export async function open(url) {
  const webSocket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  const listeners = new Map();
  const held = [];
  let lastId = 0;
  await new Promise((ready, failed) => {
    webSocket.on('error', failed);
    webSocket.on('open', () => webSocket.send('{"type":"connection_init"}'));
    webSocket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      if (message.type === 'connection_ack') ready();
      else listeners.get(message.id)?.(message);
    });
  });

  function ask(part, variables, listener) {
    lastId += 1;
    const id = String(lastId);
    listeners.set(id, listener);
    webSocket.send(`${start}${id}${part}${JSON.stringify(variables)}}}`);
    return id;
  }

  return {
    call: (variables) =>
      new Promise((resolve) => {
        const id = ask(queryPart, variables, ({ payload }) => {
          listeners.delete(id);
          resolve(payload.data);
        });
      }),

    receive: (variables) =>
      new Promise((resolve) => {
        let received = 0;
        const id = ask(subscriptionPart, variables, ({ type, payload }) => {
          if (type === 'next') received += payload.data === undefined ? 0 : 1;
          else {
            listeners.delete(id);
            resolve(received);
          }
        });
      }),

    hold: {
      next: (variables) => ask(subscriptionPart, variables, ({ payload }) => held.push(payload.data)),
    },
  };
}
