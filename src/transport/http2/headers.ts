// Headers as HTTP/2 carries them: RFC 9113, section 8.2 (names, values, what concerns a connection of HTTP/1.1 and may not be
// sent) and section 8.3 (the pseudo headers of a request and of an answer).

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import type { ResponseHead } from '../contract.js';
import type { HttpRequest } from '../http/exchange.js';

/** Where requests go, as pseudo headers say it. */
export interface Origin {
  readonly scheme: 'http' | 'https';
  readonly authority: string;
}

const notAName = /[^\w!#$%&'*+.^`|~-]/;
const notAValue = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * A text instead of headers says what makes it impossible to send them. Checked here because Node ends the whole connection
 * for the sake of one wrong name, and hands wrong values on to the server.
 */
export function requestHeaders(request: HttpRequest, origin: Origin): OutgoingHttpHeaders | string {
  const { body, headers } = request;
  const fields: OutgoingHttpHeaders = {
    ':method': request.method,
    ':scheme': origin.scheme,
    ':authority': origin.authority,
    ':path': request.path,
  };
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body?.length;
  if (length !== undefined) fields['content-length'] = length;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (concernsConnection(name, value)) continue;
    if (name === '' || notAName.test(name)) return `A header has a name that cannot be sent: ${JSON.stringify(name)}.`;
    if (notAValue.test(value)) return `The header "${name}" holds a character that cannot be sent.`;
    fields[name] = value;
  }
  return fields;
}

function concernsConnection(name: string, value: string): boolean {
  switch (name) {
    case 'connection':
    case 'keep-alive':
    case 'proxy-connection':
    case 'transfer-encoding':
    case 'upgrade':
    case 'http2-settings':
    case 'host':
    // Counted from the body itself.
    case 'content-length':
      return true;
    case 'te':
      return value !== 'trailers';
    default:
      return false;
  }
}

/** Node has joined what came several times. Without cookies, which are credentials: heads reach errors and diagnostics. */
export function responseHead(fields: IncomingHttpHeaders & { readonly ':status'?: number | undefined }): ResponseHead {
  const headers: Record<string, string> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined || name === ':status' || name === 'set-cookie') continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: fields[':status'] ?? 0, headers };
}
