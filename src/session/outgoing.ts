// Makes the request of one send: its id, and the idempotency key where one is given or the server honours them.

import { JsonText } from '../protocol/json-text.js';
import type { Capabilities, Connection, Request } from '../transport/contract.js';
import type { Operation } from './operation.js';

export class Outgoing {
  /** Ids are never reused within a session, over all its connections. */
  #lastId = 0;

  request(operation: Operation, capabilities: Capabilities, now: number): Request {
    const { kind, query, documentId, incremental, operationName, variables, extensions, headers, uploads, batch } =
      operation.request;
    const key = kind === 'mutation' ? holdKey(operation, capabilities, now) : undefined;
    return {
      id: this.nextId(),
      kind,
      query,
      documentId,
      incremental,
      operationName,
      variables,
      extensions: key === undefined ? extensions : withKey(extensions, key),
      headers,
      uploads,
      batch,
    };
  }

  /** A query of the session's own, to see whether the peer answers: any answer will do. */
  probe(connection: Connection, query: string, heard: () => void): void {
    const none = undefined;
    connection.start(
      {
        id: this.nextId(),
        kind: 'query',
        query,
        operationName: none,
        variables: none,
        extensions: none,
        headers: none,
      },
      { sending: () => {}, next: heard, error: heard, complete: heard },
    );
  }

  nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }
}

/** A server that honours keys gets one for every mutation, and holds it from the first send on. */
function holdKey(
  operation: Operation,
  { idempotencyWindowMs: windowMs, idempotencyStore: store }: Capabilities,
  now: number,
): string | undefined {
  if (windowMs > 0) {
    const { key = randomKey(), heldUntil = now + windowMs, heldBy = store } = operation.key ?? {};
    operation.key = { key, heldUntil, heldBy };
  }
  return operation.key?.key;
}

function withKey(extensions: JsonText | undefined, idempotencyKey: string): JsonText {
  return extensions?.with({ idempotencyKey }) ?? JsonText.of({ idempotencyKey });
}

/** 128 random bits in hex. Not `randomUUID`: browsers have it on secure origins only. */
function randomKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
