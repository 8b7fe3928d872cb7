// Request lines with the whole address, as clients send them to proxies, made what they are without it: an origin server has to
// take them, and the host that they name counts instead of the header Host. RFC 9112, sections 3.2.1 and 3.2.2. Only on a port of our
// own: where an application or framework stands in front, what it has checked of the address is what counts.

import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from './message.js';

/**
 * Scheme, a plain authority, and where that ends. Whatever else stands there, user information too, is no address to us:
 * RFC 9110, section 4.2.4.
 */
const absolute = /^https?:\/\/((?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?)(?=[/?]|$)/i;

/** Path and query alone, and the host in the header; a target that is no address stays what it is. */
export function toOriginForm(request: HttpRequest | IncomingMessage): void {
  const { url = '' } = request;
  if (url.startsWith('/')) return;
  const [address, host] = absolute.exec(url) ?? [];
  if (address === undefined || host === undefined) return;
  const rest = url.slice(address.length);
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  request.headers.host = host;
}
