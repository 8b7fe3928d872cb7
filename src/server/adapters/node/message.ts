// Requests and responses as node:http and the compatibility API of node:http2 hand them over, and the points where the two
// differ. RFC 9113, sections 5.4.2 and 8.1.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { joinVary } from '../../http/headers.js';

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** RFC 9113, section 7. */
const internalError = 0x2;

/** `length`: that of the whole body in bytes, where it is known. */
export function writeHead(
  response: HttpResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  length: number | undefined,
): void {
  if (isHttp2(response)) {
    response.writeHead(status, length === undefined ? headers : { ...headers, 'Content-Length': length });
    return;
  }
  // A flat list of names and values: Node reads it several times as fast as an object that was put together.
  const list: (string | number)[] = [];
  for (const name in headers) list.push(name, headers[name] ?? '');
  if (length !== undefined) list.push('Content-Length', length);
  response.writeHead(status, list);
}

/**
 * The headers of an answer beside those that an application has set on the response before: what it says of pages of other origins
 * counts alone (Fetch standard, section 3.3), and `Vary` holds what both know.
 */
export function besideHost(
  headers: Readonly<Record<string, string>>,
  response: HttpResponse,
): Readonly<Record<string, string>> {
  if (headers.Vary === undefined && headers[allowOrigin] === undefined) return headers;
  const saysOrigin = response.getHeader(allowOrigin) !== undefined;
  const varies = response.getHeader('Vary');
  if (!saysOrigin && varies === undefined) return headers;
  const kept = Object.entries(headers).filter(([name]) => !saysOrigin || !name.startsWith('Access-Control-'));
  const vary = headers.Vary === undefined ? {} : { Vary: joinVary(`${varies ?? ''}`, headers.Vary) };
  return { ...Object.fromEntries(kept), ...vary };
}

const allowOrigin = 'Access-Control-Allow-Origin';

/** Ends an answer that is not complete, in a way that no client can take for its end. */
export function cut(response: HttpResponse): void {
  // `destroy()` of an HTTP/2 response ends its stream as if that had been all.
  if (isHttp2(response)) response.stream.close(internalError);
  else response.destroy();
}

/** The connection is not used again after this answer. HTTP/2 knows no such thing for one answer. */
export function endConnectionAfter(response: HttpResponse): void {
  if (!isHttp2(response)) response.shouldKeepAlive = false;
}

/** After this answer the rest of its request is not read any more. */
export function dropRest(response: HttpResponse): void {
  // The response's own `finish` comes only when its stream has closed, which waits for the whole request.
  if (isHttp2(response)) response.stream.once('finish', () => response.stream.close());
  else endConnectionAfter(response);
}

function isHttp2(response: HttpResponse): response is Http2ServerResponse {
  return 'stream' in response;
}
