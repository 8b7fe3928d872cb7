// Answers as responses: GraphQL over HTTP, section "Response".

import type { Result } from '../../protocol/result.js';
import { unserialisable } from '../../protocol/to-graphql-error.js';
import type { Report } from '../call-hook.js';
import type { ServerCore } from '../core.js';
import type { Accepted } from './accept.js';
import { type Answer, badRequest, fault } from './answer.js';
import { IdempotencyHeader } from './idempotency-header.js';
import type { BodyStream, PlainResponse } from './plain.js';

/** As text, and whether it is what it was meant to be. */
export interface Written {
  readonly text: string;
  readonly failed: boolean;
}

export class Replies {
  readonly #report: Report;
  readonly #idempotency: IdempotencyHeader;

  constructor(core: Pick<ServerCore, 'options' | 'report' | 'timers'>) {
    this.#report = core.report;
    this.#idempotency = new IdempotencyHeader(core);
  }

  /** As JSON. What is none becomes 500, and is reported. */
  answer(accepted: Accepted, { status, result, headers, dropsRequest }: Answer): PlainResponse {
    const { text, failed } = this.write(result);
    const response = this.json(accepted, failed ? 500 : status, text, headers);
    return dropsRequest === true ? { ...response, dropsRequest } : response;
  }

  fault(accepted: Accepted, ...of: Parameters<typeof fault>): PlainResponse {
    return this.answer(accepted, fault(...of));
  }

  badRequest(accepted: Accepted, message: string): PlainResponse {
    return this.answer(accepted, badRequest(message));
  }

  /** JSON that has been written. */
  json(accepted: Accepted, status: number, body: string, more: Answer['headers']): PlainResponse {
    const headers = this.#headers(
      accepted.result === 'graphql-response'
        ? 'application/graphql-response+json; charset=utf-8'
        : 'application/json; charset=utf-8',
    );
    return { status, headers: more === undefined ? headers : Object.assign(headers, more), body };
  }

  /** An answer that stays open, or one that looks as if it had. */
  events(contentType: string, body: string | BodyStream): PlainResponse {
    const headers = this.#headers(contentType);
    headers['Cache-Control'] = 'no-cache';
    headers['X-Accel-Buffering'] = 'no';
    return { status: 200, headers, body };
  }

  write(result: Result): Written {
    try {
      return { text: JSON.stringify(result), failed: false };
    } catch (error) {
      this.#report(error, 'result');
      return { text: JSON.stringify({ errors: [unserialisable] }), failed: true };
    }
  }

  #headers(contentType: string): Record<string, string> {
    const { value } = this.#idempotency;
    return value === undefined
      ? { 'Content-Type': contentType }
      : { 'Content-Type': contentType, 'Holdfast-Idempotency': value };
  }
}

/** What is no GraphQL. It is meant for this one request: nobody is to keep it. */
export function plainText(status: number, body: string): PlainResponse {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status, headers: status === 204 ? {} : headers, body };
}

/** In place of an answer that will never be there: no client can take it for one. */
export const cutOff: PlainResponse = {
  status: 500,
  headers: {},
  body: {
    start(writer) {
      writer.cut();
      return { flushed() {}, closed() {} };
    },
  },
};
