// GraphiQL at the endpoint itself: the page for a browser that opens the address, and the page's scripts and styles by a
// parameter of the same address. So they are found wherever the endpoint is mounted and whatever a proxy calls it.

import type { PlainRequest, PlainResponse } from '../http/plain.js';
import { type GraphiqlFiles, readGraphiqlFiles } from './files.js';

/** Nothing but what this server has: no inline script or style, nothing from elsewhere, and in nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const everyAnswer = { 'X-Content-Type-Options': 'nosniff' };

/** What a GET asks for by GraphQL over HTTP: whoever sends one of these wants an answer and no page. */
const graphqlParameters = ['query', 'documentId', 'extensions'];

/** From one request to what GraphiQL answers; undefined, also as a promise, where it does not. Never throws or rejects. */
export type GraphiqlResponder = (
  request: PlainRequest,
  path: string,
) => PlainResponse | undefined | Promise<PlainResponse | undefined>;

/** Reads the files once, when they are first asked for. `base`: as for `readGraphiqlFiles`. */
export function graphiqlFrom(base: string | undefined): GraphiqlResponder {
  let reading: Promise<GraphiqlFiles | undefined> | undefined;
  const read = async (): Promise<GraphiqlFiles | undefined> => {
    reading ??= readGraphiqlFiles(base);
    const files = await reading;
    // They may have been unreadable only now.
    if (files === undefined) reading = undefined;
    return files;
  };
  return ({ method, url, headers }, path) => {
    if (method !== 'GET') return undefined;
    const [pathname, ...query] = url.split('?');
    if (pathname !== path) return undefined;
    const parameters = new URLSearchParams(query.join('?'));
    const name = parameters.get('graphiql');
    if (name !== null) return read().then((files) => asset(files, name));
    const holdsOperation = graphqlParameters.some((one) => parameters.has(one));
    return holdsOperation || !asksForPage(headers.accept) ? undefined : read().then(page);
  };
}

/**
 * The page for a GET at `path` that accepts `text/html` and holds no operation, or one of its files for `?graphiql=NAME` there.
 * Undefined for anything else, and on platforms that have no files.
 */
export const graphiqlResponse: GraphiqlResponder = graphiqlFrom(import.meta.url);

function page(files: GraphiqlFiles | undefined): PlainResponse | undefined {
  if (files === undefined) return undefined;
  const headers = {
    ...everyAnswer,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    // The same address answers GraphQL to who accepts something else.
    Vary: 'Accept',
    'Cache-Control': 'no-cache',
  };
  return { status: 200, headers, body: files.page };
}

function asset(files: GraphiqlFiles | undefined, name: string): PlainResponse | undefined {
  const found = files?.assets.get(name);
  if (found === undefined) return undefined;
  const headers = {
    ...everyAnswer,
    'Content-Type': found.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
  };
  return { status: 200, headers, body: found.text };
}

/** A browser names it when somebody opens an address; programs that want GraphQL do not. */
function asksForPage(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === 'text/html' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
