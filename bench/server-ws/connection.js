// One connection of the load: WebSocket by hand (RFC 6455), with the messages of graphql-transport-ws. It costs as little as
// possible, so that the server is what waits for work least.

import { connect } from 'node:net';

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 };

/** Any but zero: servers do less for that. */
const mask = Buffer.from([0x5a, 0x3c, 0xa7, 0x11]);

const upgrade = `${[
  'GET /graphql HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
].join('\r\n')}\r\n\r\n`;

const init = frame(opcodes.text, Buffer.from('{"type":"connection_init"}'));

/** @param {number} opcode @param {Buffer} payload Up to 65,535 bytes. */
function frame(opcode, payload) {
  const { length } = payload;
  const start = length < 126 ? 6 : 8;
  const bytes = Buffer.allocUnsafe(start + length);
  bytes[0] = 0x80 | opcode;
  bytes[1] = 0x80 | (length < 126 ? length : 126);
  if (start === 8) bytes.writeUInt16BE(length, 2);
  bytes.set(mask, start - 4);
  for (let at = 0; at < length; at += 1) bytes[start + at] = payload[at] ^ mask[at & 3];
  return bytes;
}

/** The frame that begins there, once it is whole. Servers do not mask. @param {Buffer} bytes @param {number} at */
function readFrame(bytes, at) {
  const short = bytes[at + 1];
  if (short > 126) throw new Error('A frame is larger than any answer.');
  if (short < 126) return cut(bytes, at, 2, short);
  return bytes.length < at + 4 ? undefined : cut(bytes, at, 4, bytes.readUInt16BE(at + 2));
}

function cut(bytes, at, head, length) {
  const end = at + head + length;
  // Also where there is no second byte yet, and so no length.
  return end <= bytes.length ? { opcode: bytes[at] & 15, payload: bytes.subarray(at + head, end), end } : undefined;
}

export class Connection {
  /** Told of every message but the ack. */
  onMessage = () => {};
  #socket;
  #rest = Buffer.alloc(0);
  #upgraded = false;
  #acknowledged;

  /** @param {import('node:net').Socket} socket @param {() => void} acknowledged */
  constructor(socket, acknowledged) {
    this.#socket = socket;
    this.#acknowledged = acknowledged;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('end', () => {
      throw new Error('The server ended a connection that was to be kept.');
    });
    socket.write(upgrade);
  }

  /** Resolves when the server has accepted it. @param {number} port @returns {Promise<Connection>} */
  static open(port) {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        const connection = new Connection(socket, () => resolve(connection));
      });
    });
  }

  /** @param {string} text */
  send(text) {
    this.#socket.write(frame(opcodes.text, Buffer.from(text)));
  }

  /** What is sent meanwhile goes out as one. @param {() => void} send */
  together(send) {
    this.#socket.cork();
    send();
    this.#socket.uncork();
  }

  /** At once: nothing of it is left waiting in the kernel. */
  close() {
    this.#socket.resetAndDestroy();
  }

  #read(chunk) {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = this.#upgraded ? 0 : this.#readHead(bytes);
    this.together(() => {
      for (let one = this.#frameAt(bytes, at); one !== undefined; one = this.#frameAt(bytes, at)) {
        at = one.end;
        this.#hear(one);
      }
    });
    this.#rest = bytes.subarray(at);
  }

  #frameAt(bytes, at) {
    return this.#upgraded ? readFrame(bytes, at) : undefined;
  }

  #readHead(bytes) {
    const end = bytes.indexOf('\r\n\r\n') + 4;
    if (end < 4) return 0;
    const head = bytes.latin1Slice(0, end);
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`Refused with ${head}`);
    this.#upgraded = true;
    this.#socket.write(init);
    return end;
  }

  #hear({ opcode, payload }) {
    if (opcode === opcodes.ping) this.#socket.write(frame(opcodes.pong, payload));
    else if (opcode === opcodes.close)
      throw new Error(`Closed with ${payload.length > 1 ? payload.readUInt16BE() : ''}`);
    else if (opcode === opcodes.text) this.#receive(JSON.parse(payload.latin1Slice()));
    else throw new Error(`The server sent a frame of type ${opcode}.`);
  }

  #receive(message) {
    if (message.type === 'connection_ack') this.#acknowledged();
    else if (message.type === 'ping') this.send('{"type":"pong"}');
    else this.onMessage(message);
  }
}
