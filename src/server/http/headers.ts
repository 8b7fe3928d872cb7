// Request headers as the rest of the server sees them, those that decide how a body is read, and what an answer depends on:
// RFC 9110, sections 8.3, 8.4 and 12.5.5.

import type { RequestHeaders } from '../hook-types.js';

/** As Node and others hand them over: one that came several times may be a list. */
export type GivenHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Names in lower case; a header that came several times is one, joined with commas. HTTP/2 has no `host` but an `:authority`,
 * which is the same; what else begins with a colon is no header. RFC 9113, section 8.3.1.
 */
export function readHeaders(request: { readonly headers: GivenHeaders }): RequestHeaders {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const text = typeof value === 'object' ? value.join(', ') : value;
    if (!name.startsWith(':')) headers[name] = text;
    else if (name === ':authority') headers.host ??= text;
  }
  return headers;
}

/** Whether a Content-Type header says JSON in UTF-8, which is what JSON is in unless it says otherwise. */
export function isJsonContent(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return type === 'application/json' && (charset === undefined || /^"?utf-?8"?$/.test(charset));
}

/** The coding of a body, where it has one. */
export function contentCoding(contentEncoding: string | undefined): string | undefined {
  const coding = contentEncoding?.trim().toLowerCase();
  return coding === undefined || coding === '' || coding === 'identity' ? undefined : coding;
}

/** What an answer depends on, from two who each know of a part: RFC 9110, section 12.5.5. */
export function joinVary(...values: readonly string[]): string {
  const names = new Map<string, string>();
  for (const name of values.flatMap((value) => value.split(','))) {
    const trimmed = name.trim();
    if (trimmed !== '' && !names.has(trimmed.toLowerCase())) names.set(trimmed.toLowerCase(), trimmed);
  }
  return [...names.values()].join(', ');
}
