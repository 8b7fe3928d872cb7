// Answers an upgrade request with an ordinary HTTP response, and is done with its socket: RFC 9110, section 7.8.

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PlainResponse } from '../../http/plain.js';

export type Refusal = PlainResponse & { readonly body: string };

export function refuseUpgrade(socket: Duplex, { status, headers, body }: Refusal): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}` +
      `Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const text = { 'Content-Type': 'text/plain; charset=utf-8' };

export const notFound: Refusal = { status: 404, headers: text, body: 'No WebSocket is served here.\n' };

export const shuttingDown: Refusal = {
  status: 503,
  headers: { ...text, 'Retry-After': '1' },
  body: 'The server is shutting down. Connect again.\n',
};
