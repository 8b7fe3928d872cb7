// Answers of one part: GraphQL over HTTP, sections "Response" and "Status Codes".

import type { Execution } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import { unserialisable } from '../../protocol/to-graphql-error.js';
import type { Report } from '../call-hook.js';
import { forResult } from './accept.js';
import type { Exchange } from './exchange.js';

/** What is sent: a status, a result, and headers beside the ones that every answer has. */
export interface Answer {
  readonly status: number;
  readonly result: Result;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export function fault(status: number, message: string, headers?: Answer['headers']): Answer {
  return { status, result: { errors: [{ message }] }, headers };
}

/**
 * `precise`: the client knows the GraphQL media type. Under `application/json` any well-formed request is answered with
 * 200, because an intermediary could have answered with another status.
 */
export function toAnswer(execution: Extract<Execution, { kind: 'result' | 'refused' }>, precise: boolean): Answer {
  if (execution.kind === 'result') return { status: 200, result: execution.result };
  const { errors, disallowed } = execution;
  switch (disallowed) {
    case 'subscription':
      return { status: 400, result: { errors: [needsStream] } };
    case 'mutation':
      return fault(405, 'Send mutations with POST.', { Allow: 'POST' });
    default:
      return { status: precise ? 400 : 200, result: { errors } };
  }
}

const streamTypes = ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'];

const needsStream = {
  message: `A subscription is answered with a stream. Send the header "Accept: ${streamTypes.join('" or "Accept: ')}", or subscribe over WebSocket.`,
  extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM', accept: streamTypes },
};

/** Sends it as JSON. A result that is no JSON becomes 500, and is reported. */
export function sendAnswer({ response, accepted }: Exchange, answer: Answer, report: Report): void {
  let { status } = answer;
  let text: string;
  try {
    text = JSON.stringify(answer.result);
  } catch (error) {
    report(error, 'result');
    status = 500;
    text = JSON.stringify({ errors: [unserialisable] });
  }
  const type = forResult(accepted) === 'graphql-response' ? 'application/graphql-response+json' : 'application/json';
  const body = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': body.length,
    ...answer.headers,
  });
  response.end(body);
}

/** What is no GraphQL. It is meant for this one request: nobody is to keep it. */
export function sendText({ response }: Exchange, status: number, text: string): void {
  const head = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  response.writeHead(status, status === 204 ? {} : { ...head, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
