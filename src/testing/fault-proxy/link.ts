// One proxied connection: the client's socket, the socket to the server, and a lane each way. It ends when both sockets have
// closed; an end or a reset on one side reaches the other, unless the link was made half-open.

import type { Socket } from 'node:net';
import type { Clock } from '../../transport/contract.js';
import { Lane, type Weather } from './lane.js';

/** `up`: from the client to the server; `down`: from the server to the client. */
export type Direction = 'up' | 'down';

export class Link {
  /** Settles when both sockets have closed. */
  readonly over: Promise<void>;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #up: Lane;
  readonly #down: Lane;
  #live = true;
  #halfOpen = false;

  constructor(client: Socket, server: Socket, weather: Readonly<Record<Direction, Weather>>, clock: Clock) {
    this.#client = client;
    this.#server = server;
    this.#up = new Lane(client, server, weather.up, clock);
    this.#down = new Lane(server, client, weather.down, clock);
    this.over = Promise.all([this.#watch(client, server), this.#watch(server, client)]).then(() => {
      this.#live = false;
    });
  }

  /** False from the moment it is cut or reset, though its sockets may take a turn longer to close. */
  get live(): boolean {
    return this.#live;
  }

  /** The weather changed. */
  update(): void {
    this.#up.update();
    this.#down.update();
  }

  cut(): void {
    this.#end((socket) => socket.destroy());
  }

  reset(): void {
    this.#end(reset);
  }

  halfOpen(): void {
    this.#halfOpen = true;
    this.#up.vanish();
    this.#down.vanish();
    this.#endWhereAbandoned();
  }

  #end(how: (socket: Socket) => void): void {
    this.#live = false;
    this.#up.clear();
    this.#down.clear();
    how(this.#client);
    how(this.#server);
  }

  #watch(socket: Socket, other: Socket): Promise<void> {
    // What went wrong is passed on below, as a reset; the error itself belongs to the side that caused it.
    socket.on('error', () => {});
    socket.on('end', () => this.#endWhereAbandoned());
    return new Promise((resolve) => {
      socket.on('close', (hadError) => {
        if (this.#halfOpen) this.#endWhereAbandoned();
        else if (hadError) reset(other);
        resolve();
      });
    });
  }

  /** Neither side of a half-open link hears from the other, so it has ended when both have ended it for themselves. */
  #endWhereAbandoned(): void {
    const gone = (socket: Socket) => socket.readableEnded || socket.destroyed;
    if (this.#halfOpen && gone(this.#client) && gone(this.#server)) this.cut();
  }
}

/** Ends a socket with a TCP RST; one that is not connected yet has nobody to tell. */
export function reset(socket: Socket): void {
  if (socket.destroyed) return;
  // While its end is on its way Node can neither reset a socket nor, having tried, close it.
  const ending = socket.writableEnded && !socket.writableFinished;
  if (socket.connecting || ending) socket.destroy();
  else socket.resetAndDestroy();
}
