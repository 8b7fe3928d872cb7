// From an HTTP request to the operation that it asks for: GraphQL over HTTP, sections "GET" and "POST"; QUERY is a GET that has
// a body.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { OperationKind } from '../../protocol/result.js';
import { dropRest, type HttpRequest } from '../adapters/node/message.js';
import { type Answer, fault } from './answer.js';
import type { Exchange } from './exchange.js';
import { isJsonContent } from './headers.js';
import { readBody } from './read-body.js';
import { readQuery, readRequest } from './read-request.js';

/** What to run, or what to answer instead; `gone` where nobody waits for an answer any more. */
export type Asked = { readonly payload: OperationPayload } | { readonly fault: Answer } | 'gone';

export const operationMethods: readonly string[] = ['GET', 'POST', 'QUERY'];

/** The method must be one of those above. */
export async function readOperation({ request, response }: Exchange, limit: number): Promise<Asked> {
  if (request.method === 'GET') return asked(readQuery(readUrl(request).parameters));
  if (!isJsonContent(request.headers['content-type'])) {
    return { fault: fault(415, 'Send GraphQL requests as JSON, with the Content-Type "application/json".') };
  }
  const body = await readBody(request, limit);
  if (body === 'gone') return body;
  if (body === 'too-large') {
    dropRest(response);
    return { fault: fault(413, `The body is larger than ${limit} bytes.`) };
  }
  return asked(readRequest(body.text));
}

/** GET and QUERY are safe methods (RFC 9110, section 9.2.1): they change nothing. */
export function kindsFor(method: string | undefined): readonly OperationKind[] {
  return method === 'POST' ? ['query', 'mutation', 'subscription'] : ['query', 'subscription'];
}

export function readUrl({ url = '' }: HttpRequest): { readonly path: string; readonly parameters: URLSearchParams } {
  const end = url.indexOf('?');
  return end < 0
    ? { path: url, parameters: new URLSearchParams() }
    : { path: url.slice(0, end), parameters: new URLSearchParams(url.slice(end + 1)) };
}

function asked(read: OperationPayload | string): Asked {
  return typeof read === 'string' ? { fault: fault(400, read) } : { payload: read };
}
