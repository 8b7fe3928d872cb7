// What a server does that knows documents by hashes and ids: it keeps texts that it was sent under a hash, and registered ones
// under ids. A server of a test forgets the former when it is restarted.

import { createHash } from 'node:crypto';

export interface Sent {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An entry of `errors`, with the code that servers give it. */
export interface Refused {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

export class DocumentStore {
  /** How each document came, in order: `hash`, `hash and text`, `text` or the id. */
  readonly received: string[] = [];
  readonly #byHash = new Map<string, string>();
  readonly #byId: Readonly<Record<string, string>>;

  constructor(byId: Readonly<Record<string, string>> = {}) {
    this.#byId = byId;
  }

  forget(): void {
    this.#byHash.clear();
  }

  /** The text to run, or why there is none. */
  find({ query, documentId, extensions }: Sent): string | Refused {
    const text = typeof query === 'string' ? query : '';
    const hash = (extensions?.persistedQuery as { readonly sha256Hash: string } | undefined)?.sha256Hash;
    if (typeof documentId === 'string') {
      this.received.push(documentId);
      return this.#byId[documentId] ?? refused('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    }
    if (hash === undefined) {
      this.received.push('text');
      return text;
    }
    this.received.push(text === '' ? 'hash' : 'hash and text');
    if (text === '') {
      return this.#byHash.get(hash) ?? refused('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    }
    if (createHash('sha256').update(text).digest('hex') !== hash) {
      return refused('The hash is not that of the text', 'PERSISTED_QUERY_HASH_MISMATCH');
    }
    this.#byHash.set(hash, text);
    return text;
  }
}

function refused(message: string, code: string): Refused {
  return { message, extensions: { code } };
}
