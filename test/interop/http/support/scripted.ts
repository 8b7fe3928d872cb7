// A server over HTTP that does what a test says with each request, and the clients that the tests compare ours with.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { Client, type ClientOptions, fetchExchange } from '@urql/core';
import { parse } from 'graphql';
import { onTestFinished } from 'vitest';
import { httpServer } from '../../../transport/undici/support/servers.js';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Empty where there was no body. */
  readonly body: { readonly query?: string; readonly variables?: object };
}

export interface Scripted {
  readonly url: string;
  readonly received: Received[];
}

/** `number` counts the requests from 1. */
export type Answer = (response: ServerResponse, number: number, received: Received) => unknown;

export async function scripted(answer: Answer): Promise<Scripted> {
  const received: Received[] = [];
  const { url } = await httpServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const one = { method, url, headers, body: text === '' ? {} : JSON.parse(text) };
    await answer(response, received.push(one), one);
  });
  return { url, received };
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

type Executor = ReturnType<typeof buildHTTPExecutor>;

export interface ExecutorCall {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly signal?: AbortSignal;
}

/** @graphql-tools/executor-http. Answers with a result, or with an iterable of them. */
export function executorHttp(
  url: string,
  options: Parameters<typeof buildHTTPExecutor>[0] = {},
): (call: ExecutorCall) => unknown {
  const executor: Executor = buildHTTPExecutor({ endpoint: url, ...options });
  onTestFinished(async () => void (await executor[Symbol.asyncDispose]()));
  return ({ query, ...call }) => executor({ document: parse(query), ...call });
}

/** urql, with nothing but its exchange for HTTP. */
export function urqlClient(url: string, options: Partial<ClientOptions> = {}): Client {
  return new Client({ url, exchanges: [fetchExchange], ...options } as ClientOptions);
}
