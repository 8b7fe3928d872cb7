// One connection of the load: HTTP/1.1 by hand over a socket that is kept, one request at a time. It costs as little as
// possible, so that the server is what waits for work least.

import { once } from 'node:events';
import { connect } from 'node:net';

export class Connection {
  #socket;
  #text = '';
  #answered = () => {};

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#read(text));
    socket.on('end', () => {
      throw new Error('The server ended a connection that was to be kept.');
    });
  }

  /** @param {number} port */
  static async open(port) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /**
   * @param {Buffer} request
   * @param {(head: string, body: string) => void} answered The body as it came, in chunks where the server sent some.
   */
  send(request, answered) {
    this.#answered = answered;
    this.#socket.write(request);
  }

  /** At once: nothing of it is left waiting in the kernel. */
  close() {
    this.#socket.resetAndDestroy();
  }

  #read(text) {
    this.#text += text;
    const head = this.#text.indexOf('\r\n\r\n') + 4;
    if (head < 4 || !isWhole(this.#text, head)) return;
    const whole = this.#text;
    this.#text = '';
    this.#answered(whole.slice(0, head), whole.slice(head));
  }
}

/** Answers are ASCII: as many characters as bytes. RFC 9112, section 6.3. */
function isWhole(text, head) {
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length !== undefined) return text.length === head + Number(length);
  return text.endsWith('\n0\r\n\r\n');
}

/** RFC 9112, section 7.1. @param {string} body */
export function joinChunks(body) {
  let joined = '';
  for (let at = 0; ; ) {
    const from = body.indexOf('\r\n', at) + 2;
    const size = Number.parseInt(body.slice(at, from), 16);
    if (!(size > 0)) return joined;
    joined += body.slice(from, from + size);
    at = from + size + 2;
  }
}
