// Answers an upgrade request with an ordinary HTTP response, and is done with its socket: RFC 9110, section 7.8.

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PlainResponse } from '../../http/plain.js';

export function refuseUpgrade(
  socket: Duplex,
  { status, headers, body }: PlainResponse & { readonly body: string },
): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}` +
      `Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
