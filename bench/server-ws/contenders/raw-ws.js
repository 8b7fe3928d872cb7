// The limit: `ws` and nothing else. Every answer is in a drawer, found by the variables of its request.

import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { questions } from '../../shop/questions.js';

const answers = new Map(questions.small.map(({ variables, data }) => [variables.id, JSON.stringify({ data })]));

export async function listen() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/graphql' });
  server.on('connection', (webSocket) => {
    webSocket.on('message', (bytes) => {
      const { type, id, payload } = JSON.parse(bytes.toString());
      if (type === 'connection_init') webSocket.send('{"type":"connection_ack"}');
      else if (type === 'subscribe') {
        webSocket.send(`{"id":"${id}","type":"next","payload":${answers.get(payload.variables.id)}}`);
        webSocket.send(`{"id":"${id}","type":"complete"}`);
      }
    });
  });
  await once(server, 'listening');
  return server.address().port;
}
