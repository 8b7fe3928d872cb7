// A peer that writes frames of HTTP/2 by hand, for what no proper server can be made to send. RFC 9113, sections 4.1 and 6.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished } from 'vitest';
import { certificate, key } from '../../websocket/support/certificate.js';
import { patience } from './clients.js';

export const FrameType = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const;

export const ErrorCode = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  refusedStream: 7,
  cancel: 8,
  enhanceYourCalm: 11,
  http11Required: 13,
} as const;

export const Setting = { maxConcurrentStreams: 3, initialWindowSize: 4 } as const;

const endStream = 1;
const endHeaders = 4;
const ack = 1;

/** The `:status: 200` of HPACK's static table. */
const status200 = Buffer.from([0x88]);

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

export function settings(values: Readonly<Record<number, number>> = {}): Buffer {
  const entries = Object.entries(values).map(([id, value]) => Buffer.concat([uint16(Number(id)), uint32(value)]));
  return frame(FrameType.settings, 0, 0, Buffer.concat(entries));
}

export function goAway(lastStreamId: number, code: number = ErrorCode.noError, detail: string = ''): Buffer {
  return frame(FrameType.goAway, 0, 0, Buffer.concat([uint32(lastStreamId), uint32(code), Buffer.from(detail)]));
}

export function windowUpdate(streamId: number, bytes: number): Buffer {
  return frame(FrameType.windowUpdate, 0, streamId, uint32(bytes));
}

export function rstStream(streamId: number, code: number): Buffer {
  return frame(FrameType.rstStream, 0, streamId, uint32(code));
}

/** `:status: 200`, and nothing after it where `last`. */
export function head(streamId: number, last: boolean = false): Buffer {
  return frame(FrameType.headers, endHeaders | (last ? endStream : 0), streamId, status200);
}

export function data(streamId: number, text: string, last: boolean = true): Buffer {
  return frame(FrameType.data, last ? endStream : 0, streamId, Buffer.from(text));
}

/** A whole answer. */
export function answer(streamId: number, text: string = '{}'): Buffer {
  return Buffer.concat([head(streamId), data(streamId, text)]);
}

export class FramePeer {
  readonly socket: Socket;
  /** What came in, without settings and window updates. */
  readonly frames: Frame[] = [];
  /** Acknowledges settings and pings, as every peer must. */
  polite = true;
  closed = false;
  #bytes: Buffer = Buffer.alloc(0);
  #prefaceLeft = preface.length;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
    socket.on('data', (bytes) => this.#read(bytes));
  }

  write(...frames: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The ids of the streams that were opened, in order. */
  get opened(): number[] {
    return this.#ids(FrameType.headers);
  }

  /** The error codes of the streams that were reset, by id. */
  get resets(): Record<number, number> {
    const resets = this.frames.filter(({ type }) => type === FrameType.rstStream);
    return Object.fromEntries(resets.map(({ streamId, payload }) => [streamId, payload.readUInt32BE()]));
  }

  count(type: number): number {
    return this.#ids(type).length;
  }

  async untilOpened(...ids: readonly number[]): Promise<void> {
    await expect.poll(() => this.opened, patience).toEqual(ids);
  }

  /** All of these requests has come, their bodies too. */
  async untilEnded(...ids: readonly number[]): Promise<void> {
    const ended = (): number[] =>
      this.frames
        .filter(({ type, flags }) => type <= FrameType.headers && (flags & endStream) !== 0)
        .map(({ streamId }) => streamId);
    await expect.poll(ended, patience).toEqual(ids);
  }

  #ids(type: number): number[] {
    return this.frames.filter((one) => one.type === type).map(({ streamId }) => streamId);
  }

  #read(bytes: Buffer): void {
    const skipped = Math.min(this.#prefaceLeft, bytes.length);
    this.#prefaceLeft -= skipped;
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(skipped)]);
    while (this.#bytes.length >= 9) {
      const length = this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < 9 + length) return;
      const [type, flags, streamId] = [this.#bytes[3] ?? 0, this.#bytes[4] ?? 0, this.#bytes.readUInt32BE(5)];
      const payload = this.#bytes.subarray(9, 9 + length);
      this.#bytes = this.#bytes.subarray(9 + length);
      this.#take({ type, flags, streamId, payload });
    }
  }

  #take(one: Frame): void {
    if (one.type === FrameType.windowUpdate) return;
    if (this.polite && (one.flags & ack) === 0) {
      if (one.type === FrameType.settings) this.write(frame(FrameType.settings, ack, 0));
      if (one.type === FrameType.ping) this.write(frame(FrameType.ping, ack, 0, one.payload));
    }
    this.frames.push(one);
  }
}

export interface FrameServer {
  readonly address: string;
  readonly server: Server;
  /** One for each TCP connection, in order. */
  readonly peers: readonly FramePeer[];
}

/** `greet` is called with each peer as soon as it is connected: it sends the SETTINGS. */
export async function serveFrames(
  greet: (peer: FramePeer) => void = (peer) => peer.write(settings()),
  secure: boolean = false,
): Promise<FrameServer> {
  const peers: FramePeer[] = [];
  const accept = (socket: Socket): void => {
    const peer = new FramePeer(socket);
    peers.push(peer);
    greet(peer);
  };
  const server = secure
    ? createTlsServer({ cert: certificate, key, ALPNProtocols: ['h2'] }, accept)
    : createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const { socket } of peers) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `${secure ? 'https' : 'http'}://127.0.0.1:${port}/graphql`, server, peers };
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
