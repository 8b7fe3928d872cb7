// Answering POST requests: GraphQL over HTTP, sections "Request" and "Response". Queries and mutations only, one per request.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import type { Execution } from '../../protocol/executor.js';
import type { OperationKind, Result } from '../../protocol/result.js';
import type { ServerCore } from '../core.js';
import { accepts, isJsonContent, readHeaders } from './headers.js';
import { readBody } from './read-body.js';
import { readRequest } from './read-request.js';

const responseType = 'application/graphql-response+json';
const kinds: readonly OperationKind[] = ['query', 'mutation'];

/** What is sent: a status, a result, and headers beside the ones that every answer has. */
interface Answer {
  readonly status: number;
  readonly result: Result;
  readonly headers?: Readonly<Record<string, string>>;
}

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** `isClosing` says whether connections should end after their answer. */
export function httpHandler(core: ServerCore, path: string, isClosing: () => boolean): HttpHandler {
  return (request, response) => {
    answer(core, path, request, response).then(
      (given) => given !== undefined && send(core, request, response, given, isClosing()),
      (error: unknown) => {
        core.report(error, 'http');
        response.destroy();
      },
    );
  };
}

/** Undefined where nobody waits for the answer any more. */
async function answer(
  core: ServerCore,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer | undefined> {
  if (request.url?.split('?', 1)[0] !== path)
    return fault(404, `Nothing is served here. The GraphQL endpoint is ${path}.`);
  if (request.method !== 'POST') return fault(405, 'Send GraphQL requests with POST.', { Allow: 'POST' });
  if (!isJsonContent(request.headers['content-type'])) {
    return fault(415, 'Send GraphQL requests as JSON, with the Content-Type "application/json".');
  }
  const limit = core.options.limits.messageBytes;
  const body = await readBody(request, limit);
  if (body === 'gone') return undefined;
  if (body === 'too-large') return fault(413, `The body is larger than ${limit} bytes.`, { Connection: 'close' });
  const payload = readRequest(body.text);
  if (typeof payload === 'string') return fault(400, payload);

  const execution = await execute(core, payload, request, response);
  if (response.destroyed) return undefined;
  return toAnswer(execution, accepts(request.headers.accept, responseType));
}

async function execute(
  core: ServerCore,
  payload: OperationPayload,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Execution> {
  const { counters, pipeline } = core;
  const abort = new AbortController();
  const headers = readHeaders(request);
  counters.operations += 1;
  response.once('close', () => {
    counters.operations -= 1;
    if (!response.writableFinished) abort.abort(clientGone);
  });
  const context = { signal: abort.signal, headers, connectionParams: undefined, connection: {} };
  const execution = await pipeline.execute(payload, context, { kinds });
  if (execution.kind === 'stream') abort.abort(severalParts);
  return execution;
}

/** Under `application/json` any well-formed request is answered with 200: that media type says nothing of GraphQL. */
function toAnswer(execution: Execution, precise: boolean): Answer {
  switch (execution.kind) {
    case 'result':
      return { status: 200, result: execution.result };
    case 'refused': {
      const { errors } = execution;
      const impossible = errors[0].extensions?.code === 'SUBSCRIPTION_NEEDS_WEBSOCKET';
      return { status: precise || impossible ? 400 : 200, result: { errors } };
    }
    case 'stream':
      return fault(400, severalParts.message);
  }
}

function fault(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, result: { errors: [{ message }] }, headers };
}

function send(
  core: ServerCore,
  request: IncomingMessage,
  response: ServerResponse,
  given: Answer,
  closing: boolean,
): void {
  let { status } = given;
  let text: string;
  try {
    text = JSON.stringify(given.result);
  } catch (error) {
    core.report(error, 'result');
    status = 500;
    text = JSON.stringify({ errors: [{ message: 'The answer could not be serialised as JSON.' }] });
  }
  const body = Buffer.from(text);
  const type = accepts(request.headers.accept, responseType) ? responseType : 'application/json';
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': body.length,
    ...(closing ? { Connection: 'close' } : {}),
    ...given.headers,
  });
  response.end(body);
}

const clientGone = new DOMException('The client closed its connection before the answer.', 'AbortError');
const severalParts = new Error('An answer in several parts (@defer, @stream) needs a WebSocket connection.');
