// The moment at which one request is done with: its answer was written, or its connection or stream closed.

import type { Socket } from 'node:net';
import { Linked, LinkedList } from '../../../protocol/linked-list.js';
import type { HttpRequest, HttpResponse } from './message.js';

// Node tells a response of its socket's end only when it is that response's turn: one that is pipelined behind another
// would never hear of it. So every socket is watched once, for all its responses. (In HTTP/2 the "socket" is the stream.)
const watched = new WeakMap<object, LinkedList<Watch>>();

/** Waits for the end of one request, and calls `over` once. */
export class Watch extends Linked<Watch> {
  readonly #all: LinkedList<Watch> | undefined;
  readonly #over: () => void;

  constructor(request: HttpRequest, over: () => void) {
    super();
    this.#over = over;
    const socket: HttpRequest['socket'] | null = request.socket;
    if (socket === null || socket.destroyed) {
      over();
      return;
    }
    this.#all = watched.get(socket) ?? watch(socket);
    this.#all.add(this);
  }

  /** From now on it is over as well when this closes. */
  follow(response: HttpResponse): void {
    response.on('close', () => this.end());
  }

  end(): void {
    if (this.#all?.delete(this) === true) this.#over();
  }

  /** Nobody needs to know any more. */
  stop(): void {
    this.#all?.delete(this);
  }
}

function watch(socket: Pick<Socket, 'once'>): LinkedList<Watch> {
  const all = new LinkedList<Watch>();
  watched.set(socket, all);
  socket.once('close', () => {
    for (const one of [...all]) one.end();
  });
  return all;
}
