// An upgrade to something else than WebSocket is declined by answering the request as if it had not asked: RFC 9110, section 7.8.
// Clients ask with every request: Java's own and `curl --http2` would rather speak HTTP/2 in the clear (`Upgrade: h2c`). Node
// hands over the socket instead of such a request wherever somebody listens for upgrades, so the request is put back.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export function isWebSocketUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** A server of Node 24.9 and later asks this first, and then hands the request over like any other, its body included. */
interface AsksFirst {
  shouldUpgradeCallback?: (this: unknown, request: IncomingMessage) => boolean;
}

/**
 * Has a server keep the requests that would be declined, where it can be told; `isOurs`: whether this one is ours to decline.
 * Earlier versions of Node hand them over, body and all, to be put back.
 */
export function declineBefore(server: object, isOurs: (request: IncomingMessage) => boolean): void {
  const asking: AsksFirst = server;
  const before = asking.shouldUpgradeCallback;
  if (before === undefined) return;
  asking.shouldUpgradeCallback = function (request) {
    return (isWebSocketUpgrade(request) || !isOurs(request)) && before.call(this, request);
  };
}

/** Puts the request back on its socket, as the only one that is answered there. The socket is for a server to read again. */
export function putBack(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!ofConnection.includes(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  lines.push('Connection: close', '', '');
  socket.unshift(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), head]));
}

const ofConnection: readonly string[] = ['connection', 'upgrade', 'http2-settings'];
