// A server that answers from a drawer, in a process of its own: so cheap that the clients are what is measured. Opened with
// `ws`; its frames are written by hand and those of one turn go out as one, because all their text is ASCII.

import { WebSocketServer } from 'ws';
import { answerTasks } from '../measuring/worker.js';
import { payloadOf } from './payloads.js';

/** Messages of a subscription that are written at once, before the kernel is asked whether it takes more. */
const batch = 500;

/** An unmasked text frame of ASCII text (RFC 6455, section 5.2), as Latin-1. Longer ones than 65,535 bytes are not needed. */
function frame(text) {
  const { length } = text;
  const head = length < 126 ? [length] : [126, length >> 8, length & 255];
  return String.fromCharCode(0x81, ...head) + text;
}

const next = (id, bytes) => frame(`{"id":"${id}","type":"next","payload":${payloadOf(bytes)}}`);
const complete = (id) => frame(`{"id":"${id}","type":"complete"}`);

/** @param {import('ws').WebSocket} webSocket @param {import('node:net').Socket} socket */
function serve(webSocket, socket) {
  let turn = '';
  const flush = () => {
    socket.write(turn, 'latin1');
    turn = '';
  };
  const write = (frames) => {
    if (turn === '') setImmediate(flush);
    turn += frames;
  };
  const publish = (id, count, bytes) => {
    const some = Math.min(count, batch);
    const taken = socket.write(next(id, bytes).repeat(some), 'latin1');
    if (count === some) socket.write(complete(id), 'latin1');
    else if (taken) setImmediate(publish, id, count - some, bytes);
    else socket.once('drain', () => publish(id, count - some, bytes));
  };
  webSocket.on('message', (data) => {
    const { type, id, payload } = JSON.parse(data.toString());
    if (type === 'connection_init') write(frame('{"type":"connection_ack"}'));
    else if (type === 'ping') write(frame('{"type":"pong"}'));
    else if (type === 'subscribe') {
      const { count, bytes } = payload.variables;
      if (count === undefined) write(next(id, bytes) + complete(id));
      else if (count > 0) publish(id, count, bytes);
    }
  });
}

answerTasks(async () => {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: () => 'graphql-transport-ws',
    perMessageDeflate: false,
  });
  server.on('connection', (webSocket, request) => serve(webSocket, request.socket));
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `ws://127.0.0.1:${server.address().port}/graphql` };
});
