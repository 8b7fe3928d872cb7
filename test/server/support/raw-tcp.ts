// A peer below every library: performs the opening handshake of RFC 6455 and then sends whatever bytes a test wants.

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export class RawTcp {
  readonly socket: Socket;
  /** The status line and headers of the answer. */
  readonly head: string;
  #received: Buffer;

  private constructor(socket: Socket, head: string, rest: Buffer) {
    this.socket = socket;
    this.head = head;
    this.#received = rest;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    socket.on('error', () => {});
  }

  static async upgrade(url: string, protocol: string | undefined): Promise<RawTcp> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `${protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`}\r\n`,
    );
    return new Promise((resolve, reject) => {
      let bytes = Buffer.alloc(0);
      const onData = (chunk: Buffer): void => {
        bytes = Buffer.concat([bytes, chunk]);
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', onData);
        resolve(new RawTcp(socket, bytes.subarray(0, end).toString(), bytes.subarray(end + 4)));
      };
      socket.on('data', onData);
      socket.once('error', reject);
    });
  }

  /** What came after the head of the answer. */
  get received(): Buffer {
    return this.#received;
  }

  /** A masked frame, as a client must send it. `first` is FIN, RSV and opcode. */
  frame(first: number, payload: Buffer): void {
    const mask = randomBytes(4);
    const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] as number)));
    const length =
      payload.length < 126
        ? Buffer.from([0x80 | payload.length])
        : Buffer.from([0xfe, payload.length >> 8, payload.length & 0xff]);
    this.socket.write(Buffer.concat([Buffer.from([first]), length, mask, masked]));
  }

  text(message: unknown): void {
    this.frame(0x81, Buffer.from(JSON.stringify(message)));
  }

  /** Every close frame the server sent, once it has ended the socket. */
  async closeCodes(): Promise<readonly number[]> {
    if (!this.socket.readableEnded && !this.socket.destroyed) {
      await new Promise((resolve) => this.socket.once('close', resolve));
    }
    const codes: number[] = [];
    for (let at = 0; at + 2 <= this.#received.length; ) {
      const opcode = (this.#received[at] as number) & 0x0f;
      let length = (this.#received[at + 1] as number) & 0x7f;
      at += 2;
      if (length === 126) {
        length = this.#received.readUInt16BE(at);
        at += 2;
      }
      if (opcode === 8) codes.push(this.#received.readUInt16BE(at));
      at += length;
    }
    return codes;
  }
}
