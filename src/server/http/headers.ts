// Request headers as the rest of the server sees them, and the one that decides how a body is read.

import type { HttpRequest } from '../adapters/node/message.js';
import type { RequestHeaders } from '../hook-types.js';

/**
 * Names in lower case; a header that came several times is one, joined with commas. HTTP/2 has no `host` but an `:authority`,
 * which is the same; what else begins with a colon is no header. RFC 9113, section 8.3.1.
 */
export function readHeaders(request: Pick<HttpRequest, 'headers'>): RequestHeaders {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (!name.startsWith(':')) headers[name] = text;
    else if (name === ':authority') headers.host ??= text;
  }
  return headers;
}

/** Whether a Content-Type header says JSON in UTF-8, which is what JSON is in unless it says otherwise. RFC 9110, section 8.3. */
export function isJsonContent(contentType: string | undefined): boolean {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return type === 'application/json' && (charset === undefined || /^"?utf-?8"?$/.test(charset));
}
