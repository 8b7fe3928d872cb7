// Interrupting a piece of work at every point of its life: a test runs it again and again, and each time something happens
// one step later, until a run ends undisturbed. Steps are what a socket does, or everything that goes on in the process.

import { createHook } from 'node:async_hooks';
import type { Transport } from '../../../../src/transport/contract.js';
import { nodeSocketOpener } from '../../../../src/transport/websocket/node.js';
import { resolveWebSocketOptions, type WebSocketOptions } from '../../../../src/transport/websocket/options.js';
import type { Socket, SocketEvents } from '../../../../src/transport/websocket/socket.js';
import { webSocketTransport } from '../../../../src/transport/websocket/transport.js';

/** Counts steps, and acts once, at the n-th. */
export class Countdown {
  readonly #at: number;
  readonly #act: () => void;
  #steps = 0;

  constructor(at: number, act: () => void) {
    this.#at = at;
    this.#act = act;
  }

  step(): void {
    this.#steps += 1;
    if (this.#steps === this.#at) this.#act();
  }

  get acted(): boolean {
    return this.#steps >= this.#at;
  }
}

/** What is written in JavaScript can be interrupted before it goes on; Node's own events only once they were handled. */
const interruptible: ReadonlySet<string> = new Set(['PROMISE', 'Microtask', 'TickObject', 'Immediate', 'Timeout']);

/** Runs `work` while every continuation in this process is a step: what follows an await, a callback, an event. */
export async function atEveryContinuation<T>(countdown: Countdown, work: () => Promise<T>): Promise<T> {
  const types = new Map<number, string>();
  const hook = createHook({
    init: (id, type) => {
      types.set(id, type);
    },
    before: (id) => {
      if (interruptible.has(types.get(id) ?? '')) countdown.step();
    },
    after: (id) => {
      if (!interruptible.has(types.get(id) ?? '')) countdown.step();
    },
  });
  hook.enable();
  try {
    return await work();
  } finally {
    hook.disable();
  }
}

/** The number of steps differs a little from run to run: as many undisturbed runs in a row are the end. */
const undisturbedInARow = 10;

/** Runs with n = 1, 2, ... until runs end before their n-th step. Gives the number of runs that were disturbed. */
export async function atEveryPoint(run: (n: number) => Promise<{ readonly disturbed: boolean }>): Promise<number> {
  let disturbed = 0;
  for (let n = 1, quiet = 0; quiet < undisturbedInARow; n++) {
    const outcome = await run(n);
    quiet = outcome.disturbed ? 0 : quiet + 1;
    disturbed += outcome.disturbed ? 1 : 0;
  }
  return disturbed;
}

/**
 * A WebSocket transport whose first socket is killed at its n-th step. A step is a write or a message, before and after it
 * is passed on, bytes that arrive, and each look at whether the socket can be written to. A dead socket hands on nothing.
 */
export function killedAt(
  n: number,
  address: string,
  options: WebSocketOptions,
): { transport: Transport; kill: Countdown } {
  const resolved = resolveWebSocketOptions(address, options);
  const openSocket = nodeSocketOpener(resolved);
  let victim: Socket | undefined;
  const kill = new Countdown(n, () => victim?.terminate());
  const transport = webSocketTransport(resolved, (request, opening) => {
    openSocket(request, {
      failed: (failure) => opening.failed(failure),
      opened: (socket, subprotocol) => {
        if (victim !== undefined) return opening.opened(socket, subprotocol);
        victim = socket;
        return steppingEvents(opening.opened(steppingSocket(socket, kill), subprotocol), kill);
      },
    });
  });
  return { transport, kill };
}

function steppingSocket(socket: Socket, kill: Countdown): Socket {
  return {
    get writable() {
      const { writable } = socket;
      kill.step();
      return writable;
    },
    send: (text) => {
      kill.step();
      socket.send(text);
      kill.step();
    },
    ping: () => socket.ping?.(),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    pending: () => socket.pending(),
  };
}

function steppingEvents(events: SocketEvents, kill: Countdown): SocketEvents {
  return {
    text: (data, bytes) => {
      kill.step();
      if (kill.acted) return;
      events.text(data, bytes);
      kill.step();
    },
    heard: () => {
      kill.step();
      events.heard();
    },
    binary: () => events.binary(),
    pong: () => events.pong(),
    drained: () => events.drained(),
    socketClosed: (end) => events.socketClosed(end),
  };
}
