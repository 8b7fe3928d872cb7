// One request of node:http or node:http2, from its arrival to the last byte of its answer. Frameworks that stand on Node's
// requests and responses carry theirs the same way.

import type { Writable } from 'node:stream';
import type { HttpEndpoint } from '../../http/endpoint.js';
import type { BodyEvents, BodyStream, BodyWriter, PlainResponse } from '../../http/plain.js';
import {
  besideHost,
  cut,
  dropRest,
  endConnectionAfter,
  type HttpRequest,
  type HttpResponse,
  writeHead,
} from './message.js';
import { NodeRequest } from './request.js';
import { Watch } from './when-over.js';

/** Answers one request. Never throws. `parsedBody`: what a framework has made of its JSON already. */
export function carry(
  endpoint: Pick<HttpEndpoint, 'answer' | 'failed'>,
  request: HttpRequest,
  response: HttpResponse,
  parsedBody?: unknown,
): void {
  const plain = new NodeRequest(request, parsedBody);
  let events: BodyEvents | undefined;
  // What is written to a client that has just gone fails; that it has gone is told by `close`.
  response.on('error', ignore);
  const watch = new Watch(request, () => {
    if (!response.writableEnded) plain.gone();
    events?.closed();
  });
  const write = (answer: PlainResponse): void => {
    if (plain.aborted) {
      if (typeof answer.body !== 'string') answer.body.start(nobody).closed();
      return;
    }
    if (answer.endsConnection === true) endConnectionAfter(response);
    if (answer.dropsRequest === true) dropRest(response);
    const { status, body } = answer;
    const headers = besideHost(answer.headers, response);
    if (typeof body === 'string') {
      writeHead(response, status, headers, status === 204 ? undefined : Buffer.byteLength(body));
      response.end(body);
      watch.stop();
    } else {
      watch.follow(response);
      writeHead(response, status, headers, undefined);
      events = startStream(body, response, plain);
    }
  };
  endpoint.answer(plain, (answer) => {
    try {
      write(answer);
    } catch (error) {
      endpoint.failed(error);
      cut(response);
    }
  });
}

function startStream(body: BodyStream, response: HttpResponse, request: NodeRequest): BodyEvents {
  const stream: Writable = response;
  const writer: BodyWriter = {
    write: (text) => void stream.write(text),
    end: () => void stream.end(),
    cut() {
      cut(response);
      request.gone();
    },
    get backlog() {
      return stream.writableLength;
    },
  };
  const events = body.start(writer);
  response.on('drain', () => events.flushed());
  return events;
}

/** Of a client that has gone. */
const nobody: BodyWriter = { write: ignore, end: ignore, cut: ignore, backlog: 0 };

function ignore(): void {}
