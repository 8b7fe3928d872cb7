// The moment at which one request is done with: its answer was written, or its connection or stream closed.

import type { Socket } from 'node:net';
import type { HttpRequest, HttpResponse } from './message.js';

// Node tells a response of its socket's end only when it is that response's turn: one that is pipelined behind another
// would never hear of it. So every socket is watched once, for all its responses. (In HTTP/2 the "socket" is the stream.)
const waiting = new WeakMap<object, Set<() => void>>();

/** Calls `over` once. */
export function whenOver(request: HttpRequest, response: HttpResponse, over: () => void): void {
  const socket: HttpRequest['socket'] | null = request.socket;
  if (socket === null || socket.destroyed) {
    over();
    return;
  }
  const waiters = waiting.get(socket) ?? watch(socket);
  const once = (): void => {
    if (waiters.delete(once)) over();
  };
  waiters.add(once);
  response.on('close', once);
}

function watch(socket: Pick<Socket, 'once'>): Set<() => void> {
  const waiters = new Set<() => void>();
  waiting.set(socket, waiters);
  socket.once('close', () => {
    for (const over of [...waiters]) over();
  });
  return waiters;
}
