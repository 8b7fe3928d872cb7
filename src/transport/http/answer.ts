// What the body of an HTTP answer says. GraphQL over HTTP, section "Response": a well-formed GraphQL response is the answer
// whatever the status is, because intermediaries and servers disagree about statuses; anything else is a failure that quotes
// how the body begins.

import { readResult } from '../../protocol/dialects/read-answer.js';
import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import { describe } from '../../protocol/options.js';
import type { Result } from '../../protocol/result.js';
import type { Failure, ResponseHead } from '../contract.js';
import type { BodyText } from './body-text.js';
import { parseRetryAfter } from './retry-after.js';
import { unfinishedAnswer } from './stream-failures.js';

export type Answer = { readonly result: Result } | { readonly failure: Failure };

/** Where an answer came from and how it is read. */
export interface AnswerContext {
  /** The address, without credentials. */
  readonly place: string;
  readonly parse: (text: string) => unknown;
  readonly now: () => number;
}

export function readAnswer(body: BodyText, head: ResponseHead, context: AnswerContext): Answer {
  let value: unknown;
  try {
    value = context.parse(body.read());
  } catch (cause) {
    return { failure: { ...unusableFailure('no JSON', body.toString(), head, context), cause } };
  }
  return readValue(value, head, context) ?? { failure: unusableFailure(noResponse, body.toString(), head, context) };
}

/** The same for what one entry of a batch was answered with. */
export function readEntry(value: unknown, head: ResponseHead, context: AnswerContext): Answer {
  const what = 'a list that has no GraphQL response in the place of this operation';
  return readValue(value, head, context) ?? { failure: unusableFailure(what, shown(value), head, context) };
}

const noResponse = 'no GraphQL response';

/** Undefined where it is no GraphQL response. */
function readValue(value: unknown, head: ResponseHead, { place }: AnswerContext): Answer | undefined {
  const result = isJsonObject(value) ? readResult(withListOfErrors(value)) : '';
  if (typeof result === 'string') return undefined;
  return result.hasNext === true ? { failure: unfinishedAnswer(place, head) } : { result };
}

function shown(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // What a codec of the program made of it.
    return describe(value);
  }
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
  const answered = { phase: 'operation', status, headers, delivery: 'answered' } as const;
  const told = `${context.place} answered with HTTP status ${status}`;
  if (isSuccess(head)) {
    return { ...answered, code: 'protocol-error', message: `${told}, but its body is ${what}: ${quote(text)}` };
  }
  const advice = status < 400 ? ' Redirects are not followed: give the address that it leads to.' : '';
  const retryAfterMs = parseRetryAfter(headers['retry-after'], context.now());
  return { ...answered, code: 'http-status', message: `${told}: ${quote(text)}${advice}`, retryAfterMs };
}

export function isSuccess({ status }: ResponseHead): boolean {
  return status >= 200 && status < 300;
}

/** A server that is overloaded may say so beside an answer. */
export function withRetryAfter(head: ResponseHead, { now }: AnswerContext): ResponseHead {
  if (head.status !== 429 && head.status !== 503) return head;
  return { ...head, retryAfterMs: parseRetryAfter(head.headers['retry-after'], now()) };
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
