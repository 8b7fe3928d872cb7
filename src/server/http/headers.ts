// Request headers as the rest of the server sees them, and the two that decide how a request is read and answered.

import type { IncomingMessage } from 'node:http';
import type { RequestHeaders } from '../hook-types.js';

/** Names in lower case; a header that came several times is one, joined with commas. */
export function readHeaders(request: IncomingMessage): RequestHeaders {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** Whether a Content-Type header says JSON in UTF-8, which is what JSON is in unless it says otherwise. RFC 9110, section 8.3. */
export function isJsonContent(contentType: string | undefined): boolean {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return type === 'application/json' && (charset === undefined || /^"?utf-?8"?$/.test(charset));
}

/** Whether an Accept header names `mediaType` and does not rule it out with `q=0`. RFC 9110, section 12.5.1. */
export function accepts(accept: string | undefined, mediaType: string): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === mediaType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
