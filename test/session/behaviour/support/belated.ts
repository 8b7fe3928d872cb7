// A WebSocket transport whose first socket speaks late: from the moment it is muted, whatever arrives on it, its end included,
// waits until the test lets it through.

import type { Transport } from '../../../../src/transport/contract.js';
import { nodeSocketOpener } from '../../../../src/transport/websocket/node.js';
import { resolveWebSocketOptions, type WebSocketOptions } from '../../../../src/transport/websocket/options.js';
import type { SocketEvents } from '../../../../src/transport/websocket/socket.js';
import { webSocketTransport } from '../../../../src/transport/websocket/transport.js';

export class BelatedSocket {
  readonly transport: Transport;
  /** What waits, as the names of the calls. */
  readonly waiting: string[] = [];
  readonly #late: (() => void)[] = [];
  #events: SocketEvents | undefined;
  #muted = false;

  constructor(address: string, options: WebSocketOptions = {}) {
    const resolved = resolveWebSocketOptions(address, options);
    const openSocket = nodeSocketOpener(resolved);
    this.transport = webSocketTransport(resolved, (request, opening) =>
      openSocket(request, {
        failed: (failure) => opening.failed(failure),
        opened: (socket, subprotocol) => {
          const events = opening.opened(socket, subprotocol);
          if (this.#events !== undefined) return events;
          this.#events = events;
          return this.#belated(events);
        },
      }),
    );
  }

  mute(): void {
    this.#muted = true;
  }

  /** Lets everything through that waits, in order, and then what `more` makes of it. */
  release(more?: (events: SocketEvents) => void): void {
    this.#muted = false;
    for (const deliver of this.#late.splice(0)) deliver();
    if (this.#events !== undefined) more?.(this.#events);
  }

  #belated(events: SocketEvents): SocketEvents {
    const pass = (name: string, deliver: () => void): void => {
      if (this.#muted) {
        this.waiting.push(name);
        this.#late.push(deliver);
      } else {
        deliver();
      }
    };
    return {
      text: (data, bytes) => pass('text', () => events.text(data, bytes)),
      binary: () => pass('binary', () => events.binary()),
      heard: () => pass('heard', () => events.heard()),
      pong: () => pass('pong', () => events.pong()),
      drained: () => pass('drained', () => events.drained()),
      socketClosed: (end) => pass('socketClosed', () => events.socketClosed(end)),
    };
  }
}
