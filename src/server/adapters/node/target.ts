// What a request line asks for. Servers have to take the whole address there, which clients send to proxies, and it counts instead
// of the header Host: RFC 9112, sections 3.2.1 and 3.2.2.

import type { RequestHeaders } from '../../hook-types.js';
import { readHeaders } from '../../http/headers.js';
import type { HttpRequest } from './message.js';

/** Scheme and authority. */
const absolute = /^https?:\/\/([^/?#]+)/i;

/** Path and query; a target that is no address stays what it is. */
export function originForm(target: string): string {
  if (isOriginForm(target)) return target;
  const [address] = absolute.exec(target) ?? [];
  if (address === undefined) return target;
  const rest = target.slice(address.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** With the host that the target names as `host`, where it names one. */
export function headersOf(request: Pick<HttpRequest, 'url' | 'headers'>): RequestHeaders {
  const headers = readHeaders(request);
  const [, host] = absolute.exec(request.url ?? '') ?? [];
  return host === undefined ? headers : { ...headers, host };
}

/** Path and query alone, as nearly all are. */
export function isOriginForm(target: string): boolean {
  return target.startsWith('/');
}
