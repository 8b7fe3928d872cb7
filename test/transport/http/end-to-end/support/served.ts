// Sessions over undici against servers of node:http that answer what a test says.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { SessionOptions } from '../../../../../src/session/options.js';
import { createSession, type Session } from '../../../../../src/session/session.js';
import { type UndiciOptions, undici } from '../../../../../src/transport/undici/index.js';
import { type Counted, httpServer } from '../../../undici/support/servers.js';

export interface Asked {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** One request as the server has it. `body`: what was asked for, or a list of that. */
export interface Arrival {
  readonly number: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: unknown;
}

export interface Served extends Counted {
  readonly arrivals: Arrival[];
}

/** Calls back with every request, from number 1, when its body has come. */
export async function served(answer: (arrival: Arrival) => void): Promise<Served> {
  const arrivals: Arrival[] = [];
  const counted = await httpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const arrival: Arrival = { number: arrivals.length + 1, request, response, body };
      arrivals.push(arrival);
      answer(arrival);
    });
  });
  return { ...counted, arrivals };
}

export function send(
  { response }: Pick<Arrival, 'response'>,
  body: unknown,
  status: number = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Closed with its test. Waits between sends are short. */
export function sessionTo(url: string, options: Partial<SessionOptions> = {}, http: UndiciOptions = {}): Session {
  const session = createSession({
    transport: undici(url, http),
    retry: { execute: { delayMs: () => 1 }, subscribe: { delayMs: () => 1 } },
    ...options,
  });
  onTestFinished(() => session.close({ graceMs: 0 }));
  return session;
}

export const once: Partial<SessionOptions> = { retry: { execute: false, subscribe: false } };
