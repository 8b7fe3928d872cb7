// A client below every library: it writes bytes, waits for a text among those that come back, and leaves in any way there is.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How much of what came last is kept for who waits. */
const keptCharacters = 2 ** 16;

export class Line {
  readonly #socket: Socket;
  #text = '';
  #look: (() => void) | undefined;
  #isOver = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.setNoDelay(true);
    socket.on('data', (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-keptCharacters);
      this.#look?.();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isOver = true;
      this.#look?.();
    });
  }

  static async open(port: number): Promise<Line> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Line(socket);
  }

  /** After the opening handshake of RFC 6455. */
  static async webSocket(port: number, subprotocol: string): Promise<Line> {
    const line = await Line.open(port);
    line.write(upgrade(subprotocol));
    await line.hear(/^HTTP\/1\.1 101 .*(\r\n.+)*\r\n\r\n/);
    return line;
  }

  write(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** A POST that is answered with a stream. */
  post(path: string, body: object, headers: string = ''): void {
    this.request('POST', path, `Content-Type: application/json\r\n${headers}`, JSON.stringify(body));
  }

  request(method: string, path: string, headers: string, body: string = ''): void {
    this.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`);
  }

  /** Text messages, masked with zeros. */
  message(...values: readonly object[]): void {
    this.write(values.map((value) => frame(0x81, JSON.stringify(value))).join(''));
  }

  /** The first match, once it is there; what came before it is forgotten. */
  async hear(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match.index + match[0].length);
        return match;
      }
      if (this.#isOver) throw new Error(`It ended before ${pattern}, with ${JSON.stringify(this.#text)}`);
      await this.#news();
    }
  }

  /** Waits until the other side has ended it. */
  async over(): Promise<void> {
    while (!this.#isOver) await this.#news();
  }

  /** Says goodbye with this close code, and waits for the same. */
  async close(code: number = 1000): Promise<void> {
    this.write(frame(0x88, String.fromCharCode(code >> 8, code & 0xff)));
    await this.over();
  }

  /** Says nothing more, without a goodbye. */
  async end(): Promise<void> {
    this.#socket.end();
    await this.over();
  }

  async reset(): Promise<void> {
    this.#socket.resetAndDestroy();
    await this.over();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#look = resolve;
    });
  }
}

export function upgrade(subprotocol: string): string {
  return (
    'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
    `Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: ${subprotocol}\r\n\r\n`
  );
}

/** Of at most 65,535 bytes. */
export function frame(first: number, payload: string): string {
  const { length } = payload;
  const size = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 0xff];
  return String.fromCharCode(first, ...size, 0, 0, 0, 0) + payload;
}
