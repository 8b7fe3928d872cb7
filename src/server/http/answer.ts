// The answers to HTTP requests: GraphQL over HTTP, sections "Response" and "Status Codes".

import type { ServerResponse } from 'node:http';
import type { Execution } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import { unserialisable } from '../../protocol/to-graphql-error.js';
import type { Report } from '../call-hook.js';

export const responseType = 'application/graphql-response+json';

/** What is sent: a status, a result, and headers beside the ones that every answer has. */
export interface Answer {
  readonly status: number;
  readonly result: Result;
  readonly headers?: Readonly<Record<string, string>>;
}

export function fault(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, result: { errors: [{ message }] }, headers };
}

/**
 * `precise`: the client knows the GraphQL media type. Under `application/json` any well-formed request is answered with
 * 200, because an intermediary could have answered with another status.
 */
export function toAnswer(execution: Execution, precise: boolean): Answer {
  switch (execution.kind) {
    case 'result':
      return { status: 200, result: execution.result };
    case 'refused': {
      const { errors } = execution;
      const impossible = errors[0].extensions?.code === 'SUBSCRIPTION_NEEDS_WEBSOCKET';
      return { status: precise || impossible ? 400 : 200, result: { errors } };
    }
    case 'stream':
      return fault(400, 'An answer in several parts (@defer, @stream) needs a WebSocket connection.');
  }
}

/** A result that is no JSON becomes 500, and is reported. */
export function sendAnswer(response: ServerResponse, answer: Answer, precise: boolean, report: Report): void {
  let { status } = answer;
  let text: string;
  try {
    text = JSON.stringify(answer.result);
  } catch (error) {
    report(error, 'result');
    status = 500;
    text = JSON.stringify({ errors: [unserialisable] });
  }
  const body = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': `${precise ? responseType : 'application/json'}; charset=utf-8`,
    'Content-Length': body.length,
    ...answer.headers,
  });
  response.end(body);
}
