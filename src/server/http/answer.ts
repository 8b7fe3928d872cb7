// Answers of one part, before they are written: GraphQL over HTTP, sections "Response" and "Status Codes"; the draft of 2026 tells
// documents that were refused, and data with errors, from the rest by their status.

import type { Execution } from '../../protocol/executor.js';
import type { GraphQLError, Result } from '../../protocol/result.js';

/** What is sent: a status, a result, and headers beside the ones that every answer has. */
export interface Answer {
  readonly status: number;
  readonly result: Result;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The rest of the request has not been read, and is not wanted. */
  readonly dropsRequest?: boolean | undefined;
}

/** A request that is not run; `code` is for programs. */
export function fault(status: number, message: string, code: string, headers?: Answer['headers']): Answer {
  return { status, result: { errors: [{ message, extensions: { code } }] }, headers };
}

export function badRequest(message: string): Answer {
  return fault(400, message, 'BAD_REQUEST');
}

/**
 * Undefined as `precise`: the client does not know the GraphQL media type. Under `application/json` any well-formed request is
 * answered with 200, because an intermediary could have answered with another status.
 */
export function toAnswer(
  execution: Extract<Execution, { kind: 'result' | 'refused' }>,
  precise: '2025' | '2026' | undefined,
): Answer {
  if (execution.kind === 'result') {
    const { result } = execution;
    return { status: precise === '2026' && result.errors !== undefined ? 294 : 200, result };
  }
  const { errors, disallowed, failed } = execution;
  switch (disallowed) {
    case 'subscription':
      return { status: 400, result: { errors: [needsStream] } };
    case 'mutation':
      return fault(405, 'Send mutations with POST.', 'METHOD_NOT_ALLOWED', { Allow: 'POST' });
    default:
      return { status: refusedStatus(precise, failed === true), result: { errors } };
  }
}

function refusedStatus(precise: '2025' | '2026' | undefined, failed: boolean): number {
  if (precise === undefined) return 200;
  if (failed) return 500;
  return precise === '2025' ? 400 : 422;
}

const streamTypes = ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'];

const needsStream: GraphQLError = {
  message: `A subscription is answered with a stream. Send the header "Accept: ${streamTypes.join('" or "Accept: ')}", or subscribe over WebSocket.`,
  extensions: { code: 'SUBSCRIPTION_NEEDS_STREAM', accept: streamTypes },
};
