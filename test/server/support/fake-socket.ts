// The socket seam without a socket: keeps what the connection does, and lets a test be the peer.

import type { Socket } from '../../../src/server/websocket/socket.js';
import type { Frame } from './client.js';

export class FakeSocket implements Socket {
  readonly frames: Frame[] = [];
  /** Every close the connection asked for: never more than one. */
  readonly closes: { readonly code: number; readonly reason: string }[] = [];
  pings = 0;
  terminated = 0;
  paused = false;
  backlog = 0;

  send(text: string): void {
    this.frames.push(JSON.parse(text) as Frame);
  }

  ping(): void {
    this.pings += 1;
  }

  close(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }

  terminate(): void {
    this.terminated += 1;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}
