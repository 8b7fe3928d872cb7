// The extension `persistedQuery`, as Apollo has defined it and many servers understand it: a document is known by a hash, and
// the server says when it does not know it, or does not know of hashes at all.

import { mayComeInParts } from '../../protocol/document.js';
import { JsonText } from '../../protocol/json-text.js';
import type { GraphQLError } from '../../protocol/result.js';
import type { Request } from '../../transport/contract.js';

/** The same request, with `sha256Hash` among its extensions. */
export function withPersistedQuery(request: Request, sha256Hash: string): Request {
  const member = { persistedQuery: { version: 1, sha256Hash } };
  return { ...request, extensions: request.extensions?.with(member) ?? JsonText.of(member) };
}

/** The same request, without its text. How its answer may come is read from the text while it is there. */
export function withoutText(request: Request): Request {
  const { query, incremental = mayComeInParts(query) } = request;
  return { ...request, query: '', incremental };
}

/**
 * How a server refuses to run what it was sent under a hash:
 * - `unknown`: it wants the text beside the hash, once; `unsupported`: it wants the text without a hash, always;
 * - `no-text`: it has looked for a text and found none, because it knows nothing of hashes.
 */
export type Refusal = 'unknown' | 'unsupported' | 'no-text';

const refusals: readonly (readonly [refusal: Refusal, message: RegExp, code?: string])[] = [
  ['unknown', /^PersistedQueryNotFound$/, 'PERSISTED_QUERY_NOT_FOUND'],
  ['unsupported', /^PersistedQueryNotSupported$/, 'PERSISTED_QUERY_NOT_SUPPORTED'],
  // What graphql-js, and servers built on it, say of a request without a text.
  [
    'no-text',
    /^(?:Must provide (?:query string|document)|Missing query|Unknown query|Syntax Error: Unexpected <EOF>)\.?$/,
  ],
];

/**
 * Undefined unless it is certain that nothing ran: the refusal is the only error, of the request itself and not of a field,
 * which has a path. A gateway may have had the same refusal from a server behind it, half-way.
 */
export function refusalIn(errors: readonly GraphQLError[] | undefined): Refusal | undefined {
  const [error, ...others] = errors ?? [];
  if (error === undefined || others.length > 0 || error.path !== undefined) return undefined;
  const code = error.extensions?.code;
  const found = refusals.find(([, message, its]) => message.test(error.message) || (its !== undefined && its === code));
  return found?.[0];
}
