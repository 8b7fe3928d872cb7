// The moment at which one request is done with: its answer was written, or its connection closed.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

// Node tells a response of its socket's end only when it is that response's turn: one that is pipelined behind another
// would never hear of it. So every socket is watched once, for all its responses.
const waiting = new WeakMap<Socket, Set<() => void>>();

export function whenOver(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { socket } = request;
  const waiters = waiting.get(socket) ?? watch(socket);
  return new Promise((resolve) => {
    const over = (): void => {
      waiters.delete(over);
      resolve();
    };
    waiters.add(over);
    response.once('close', over);
  });
}

function watch(socket: Socket): Set<() => void> {
  const waiters = new Set<() => void>();
  waiting.set(socket, waiters);
  socket.once('close', () => {
    for (const over of waiters) over();
  });
  return waiters;
}
