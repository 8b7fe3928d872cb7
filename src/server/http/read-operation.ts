// From an HTTP request to what it asks for: GraphQL over HTTP, sections "GET" and "POST"; QUERY is a GET that has a body. Nothing
// is run that a page of another site can send without asking first: a body is JSON, or a form with a header of its own.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { OperationKind } from '../../protocol/result.js';
import type { ServerCore } from '../core.js';
import { type Answer, badRequest, fault } from './answer.js';
import { contentCoding, isJsonContent } from './headers.js';
import type { BodyText, PlainRequest } from './plain.js';
import { readList } from './read-list.js';
import { readQuery, readRequest } from './read-request.js';
import { isForm, readUpload } from './uploads/read-upload.js';

/** What to run, or what to answer instead; `gone` where nobody waits for an answer any more. */
export type Asked =
  | { readonly payload: OperationPayload }
  | { readonly list: readonly OperationPayload[] }
  | { readonly fault: Answer }
  | 'gone';

export const operationMethods: readonly string[] = ['GET', 'POST', 'QUERY'];

type Parts = Pick<ServerCore, 'options' | 'telemetry'>;

/** The method must be one of those above. `read` is called once, and at once where nothing has to be waited for. */
export function readOperation(core: Parts, request: PlainRequest, read: (asked: Asked | Promise<Asked>) => void): void {
  const { headers, method, parsedBody } = request;
  const contentType = headers['content-type'];
  const coding = method === 'GET' ? undefined : contentCoding(headers['content-encoding']);
  if (method === 'GET') read(asked(readQuery(splitUrl(request.url).search)));
  else if (coding !== undefined) read({ fault: wrongCoding(coding) });
  else if (!isJsonContent(contentType)) read(isForm(contentType) ? readForm(core, request) : { fault: wrongType });
  else if (parsedBody !== undefined) read(readBody(core, parsedBody));
  else request.readText(core.options.limits.messageBytes, (body) => read(readJson(core, body)));
}

/** GET and QUERY are safe methods (RFC 9110, section 9.2.1): they change nothing. */
export function kindsFor(method: string | undefined, subscriptions: boolean): readonly OperationKind[] {
  if (method === 'POST') return subscriptions ? all : ['query', 'mutation'];
  return subscriptions ? ['query', 'subscription'] : ['query'];
}

const all: readonly OperationKind[] = ['query', 'mutation', 'subscription'];

export function splitUrl(url: string): { readonly path: string; readonly search: string } {
  const end = url.indexOf('?');
  return end < 0 ? { path: url, search: '' } : { path: url.slice(0, end), search: url.slice(end + 1) };
}

function readJson(core: Parts, body: BodyText): Asked {
  if (body === 'gone') return body;
  if (body === 'too-large') {
    core.telemetry.limited('limits.messageBytes');
    return { fault: tooLarge(core.options.limits.messageBytes) };
  }
  let value: unknown;
  try {
    value = JSON.parse(body.text);
  } catch {
    return asked('The body is not valid JSON.');
  }
  return readBody(core, value);
}

async function readForm(core: Parts, request: PlainRequest): Promise<Asked> {
  const { uploads, limits } = core.options;
  const read = await readUpload(request, { uploads, messageBytes: limits.messageBytes });
  if (read === 'gone') return read;
  if ('operations' in read) return readBody(core, read.operations);
  const { status, message, code } = read.fault;
  return { fault: { ...fault(status, message, code), dropsRequest: read.dropsRequest } };
}

function readBody(core: Parts, value: unknown): Asked {
  if (!Array.isArray(value)) return asked(readRequest(value));
  const list = readList(core, value);
  return 'result' in list ? { fault: list } : { list };
}

function asked(read: OperationPayload | string): Asked {
  return typeof read === 'string' ? { fault: badRequest(read) } : { payload: read };
}

const wrongType: Answer = fault(
  415,
  'Send GraphQL requests as JSON, with the Content-Type "application/json".',
  'UNSUPPORTED_MEDIA_TYPE',
);

function wrongCoding(coding: string): Answer {
  const message = `The body has the Content-Encoding ${JSON.stringify(coding)}, which is not read here: send it without one.`;
  return fault(415, message, 'UNSUPPORTED_MEDIA_TYPE', { 'Accept-Encoding': 'identity' });
}

function tooLarge(limit: number): Answer {
  const message = `The body is larger than ${limit} bytes, the server's option "limits.messageBytes".`;
  return { ...fault(413, message, 'LIMIT_EXCEEDED'), dropsRequest: true };
}
