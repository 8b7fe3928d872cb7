// A WebSocket client for tests that speaks raw frames: what it was sent it keeps in order, and a test waits for the next.

import { WebSocket } from 'ws';

export type Frame = { readonly type: string; readonly id?: string; readonly payload?: unknown };

export interface Ending {
  readonly code: number;
  readonly reason: string;
}

export class RawClient {
  readonly ws: WebSocket;
  /** How it ended. */
  readonly ended: Promise<Ending>;
  readonly #frames: Frame[] = [];
  readonly #waiting: ((frame: Frame | Ending) => void)[] = [];
  #end: Ending | undefined;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as Frame;
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#frames.push(frame);
      else waiting(frame);
    });
    ws.on('error', () => {});
    this.ended = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        this.#end = { code, reason: reason.toString() };
        for (const waiting of this.#waiting.splice(0)) waiting(this.#end);
        resolve(this.#end);
      });
    });
  }

  static async open(url: string, protocols: string | string[] = 'graphql-transport-ws'): Promise<RawClient> {
    const ws = new WebSocket(url, protocols);
    const client = new RawClient(ws);
    await new Promise((resolve, reject) => {
      ws.once('open', resolve);
      ws.once('error', reject);
    });
    return client;
  }

  /** Open and accepted. Legacy: the first `ka` is read as well. */
  static async accepted(
    url: string,
    protocol: 'graphql-transport-ws' | 'graphql-ws' = 'graphql-transport-ws',
    params?: unknown,
  ): Promise<RawClient> {
    const client = await RawClient.open(url, protocol);
    client.send({ type: 'connection_init', payload: params });
    await client.next('connection_ack');
    if (protocol === 'graphql-ws') await client.next('ka');
    return client;
  }

  send(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next frame, which must be of this type if one is given; rejects when the socket ends first. */
  async next(type?: string): Promise<Frame> {
    const got =
      this.#frames.shift() ??
      this.#end ??
      (await new Promise<Frame | Ending>((resolve) => this.#waiting.push(resolve)));
    if (!('type' in got))
      throw new Error(`The socket was closed with ${got.code} ${got.reason} instead of sending ${type}`);
    if (type !== undefined && got.type !== type) throw new Error(`Expected ${type}, got ${JSON.stringify(got)}`);
    return got;
  }

  /** Everything that was sent before the server read what we sent last: it is asked, and must answer. */
  async settled(): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    if (this.ws.protocol === 'graphql-transport-ws') {
      const mark = { mark: Math.random() };
      this.send({ type: 'ping', payload: mark });
      for (;;) {
        const frame = await this.next();
        if (frame.type === 'pong' && JSON.stringify(frame.payload) === JSON.stringify(mark)) return frames;
        frames.push(frame);
      }
    }
    await new Promise<void>((resolve) => {
      this.ws.once('pong', () => resolve());
      this.ws.ping();
    });
    return this.#frames.splice(0);
  }

  /** Frames that have arrived and were not asked for yet. */
  get unread(): readonly Frame[] {
    return this.#frames;
  }

  async close(): Promise<void> {
    this.ws.close(1000);
    await this.ended;
  }

  /** The network goes: no close frame. */
  cut(): void {
    this.ws.terminate();
  }
}
