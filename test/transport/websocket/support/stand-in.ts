// A stand-in for a platform's WebSocket that a test moves by hand, for what no real socket does on demand.

import type { PlatformWebSocket, WebSocketConstructor } from '../../../../src/transport/websocket/index.js';

export class StandIn implements PlatformWebSocket {
  readonly offered: readonly string[];
  readonly sent: string[] = [];
  /** What `close` was called with, in order. */
  readonly closes: { readonly code: number | undefined; readonly reason: string | undefined }[] = [];
  protocol = '';
  bufferedAmount = 0;
  readyState = 0;
  binaryType = 'blob';
  onopen: PlatformWebSocket['onopen'] = null;
  onmessage: PlatformWebSocket['onmessage'] = null;
  onerror: PlatformWebSocket['onerror'] = null;
  onclose: PlatformWebSocket['onclose'] = null;

  constructor(offered: readonly string[]) {
    this.offered = offered;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(code?: number, reason?: string): void {
    this.closes.push({ code, reason });
    this.readyState = 2;
  }

  open(protocol: string): void {
    this.protocol = protocol;
    this.readyState = 1;
    this.onopen?.({} as never);
  }

  message(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  error(): void {
    this.onerror?.({} as never);
  }

  /** The platform is done with it. */
  closed(code: number, reason = '', wasClean = true): void {
    this.readyState = 3;
    this.onclose?.({ code, reason, wasClean } as never);
  }

  /** Whether anything that it still did would be heard. */
  get isDetached(): boolean {
    return this.onopen === null && this.onmessage === null && this.onclose === null;
  }
}

export interface StandIns {
  readonly WebSocket: WebSocketConstructor;
  /** Each one that was made, in order. */
  readonly made: readonly StandIn[];
}

export function standIns(): StandIns {
  const made: StandIn[] = [];
  class Made extends StandIn {
    constructor(_address: string, protocols: string[]) {
      super(protocols);
      made.push(this);
    }
  }
  return { WebSocket: Made, made };
}
