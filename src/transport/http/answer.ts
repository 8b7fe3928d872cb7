// What the body of an HTTP answer says. GraphQL over HTTP, section "Response": a well-formed GraphQL response is the answer
// whatever the status is, because intermediaries and servers disagree about statuses; anything else is a failure that quotes
// how the body begins.

import { readResult } from '../../protocol/dialects/read-answer.js';
import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import type { Result } from '../../protocol/result.js';
import type { Failure, ResponseHead } from '../contract.js';
import { parseRetryAfter } from './retry-after.js';

export type Answer = { readonly result: Result } | { readonly failure: Failure };

/** Where an answer came from and how it is read. */
export interface AnswerContext {
  /** The address, without credentials. */
  readonly place: string;
  readonly parse: (text: string) => unknown;
  readonly now: () => number;
}

export function readAnswer(text: string, head: ResponseHead, context: AnswerContext): Answer {
  let value: unknown;
  try {
    value = context.parse(text);
  } catch {
    return { failure: unusableFailure('no JSON', text, head, context) };
  }
  return readEntry(value, text, head, context);
}

/** The same for one entry of a batch, which is parsed already. */
export function readEntry(value: unknown, text: string, head: ResponseHead, context: AnswerContext): Answer {
  if (!isJsonObject(value)) return { failure: unusableFailure('no GraphQL response', text, head, context) };
  const result = readResult(withListOfErrors(value));
  return typeof result === 'string'
    ? { failure: unusableFailure('no GraphQL response', text, head, context) }
    : { result };
}

/** Some servers send one error, or a text, where a list belongs. They refused the operation all the same. */
function withListOfErrors(body: JsonObject): JsonObject {
  const { errors } = body;
  const isListOrAbsent = errors === undefined || errors === null || Array.isArray(errors);
  return isListOrAbsent ? body : { ...body, errors: [errors] };
}

/** An answer that is no GraphQL response. `what`: what its body is, as in "no JSON". */
export function unusableFailure(what: string, text: string, head: ResponseHead, context: AnswerContext): Failure {
  const { status, headers } = head;
  const fine = status >= 200 && status < 300;
  const message = fine
    ? `${context.place} answered with HTTP status ${status}, but its body is ${what}: ${quote(text)}`
    : `${context.place} answered with HTTP status ${status}: ${quote(text)}`;
  return {
    code: fine ? 'protocol-error' : 'http-status',
    phase: 'operation',
    message,
    status,
    headers,
    retryAfterMs: parseRetryAfter(headers['retry-after'], context.now()),
    delivery: 'answered',
  };
}

const quotedLength = 200;

/** How a body begins, on one line. */
export function quote(text: string): string {
  const line = text
    .slice(0, quotedLength * 4)
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '') return 'the body is empty.';
  return line.length > quotedLength ? `"${line.slice(0, quotedLength)}..."` : `"${line}"`;
}
