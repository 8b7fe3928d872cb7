// From what a client sends for a document to its text: the text itself, the id of a document that the server keeps (GraphQL
// over HTTP, appendix "Persisted Documents"), or the hash of one that was sent before (automatic persisted queries, as Apollo
// has defined them).

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import { isJsonObject } from '../../protocol/json.js';
import type { GraphQLError } from '../../protocol/result.js';
import { toGraphQLError } from '../../protocol/to-graphql-error.js';
import { bounded, isPromiseLike, type Report } from '../call-hook.js';
import type { ResolvedOptions } from '../options.js';
import { sha256 } from '../sha256.js';
import type { Timers } from '../timers.js';
import { isMeantForClients } from './masking.js';
import { RecentlyUsed } from './recently-used.js';

/** The text, or why there is none; `failed`: the application could not say. */
export type Lookup =
  | { readonly text: string; readonly fault?: undefined }
  | { readonly fault: GraphQLError; readonly failed?: boolean };

/** What the texts may take that are kept for clients that send hashes, bytes. Those not used lately go first. */
const capacityBytes = 8 * 1024 * 1024;
/** A text that takes more than this is not kept: it would push out many ordinary ones. */
const largestBytes = capacityBytes / 16;
/** What one takes beside its characters: a client may send any number of tiny ones. */
const bytesPerEntry = 512;

export class DocumentLookup {
  readonly #options: Pick<ResolvedOptions, 'documents' | 'hookTimeoutMs'>;
  readonly #timers: Timers;
  readonly #report: Report;
  /** By hash. */
  readonly #sent = new RecentlyUsed<string, string>(capacityBytes);

  constructor(options: Pick<ResolvedOptions, 'documents' | 'hookTimeoutMs'>, timers: Timers, report: Report) {
    this.#options = options;
    this.#timers = timers;
    this.#report = report;
  }

  /** Never throws or rejects. */
  find(payload: OperationPayload): Lookup | Promise<Lookup> {
    const { query, documentId, extensions } = payload;
    const hash = hashIn(extensions?.persistedQuery);
    const { documents } = this.#options;
    if (documentId === undefined && hash === undefined) {
      if (documents?.only === true) return notKept;
      return query === '' ? noText : { text: query };
    }
    const id = documentId ?? hash ?? '';
    if (documents !== undefined && (query === '' || documents.only)) return this.#ask(documents, id, hash);
    if (documentId !== undefined) return query === '' ? notSupported : { text: query };
    return query === '' ? this.#recall(id) : this.#keep(id, query);
  }

  #ask(
    { find, only }: NonNullable<ResolvedOptions['documents']>,
    id: string,
    hash: string | undefined,
  ): Lookup | Promise<Lookup> {
    const judge = (text: unknown): Lookup => {
      if (typeof text === 'string') return { text };
      return hash === undefined || only ? unknownId : this.#recall(hash);
    };
    const failed = (error: unknown): Lookup => {
      if (isMeantForClients(error)) return { fault: toGraphQLError(error) };
      this.#report(error, 'documents');
      return unavailable;
    };
    try {
      const found = bounded('documents.find', () => find(id), this.#options.hookTimeoutMs, this.#timers);
      return isPromiseLike(found) ? found.then(judge, failed) : judge(found);
    } catch (error) {
      return failed(error);
    }
  }

  #recall(hash: string): Lookup {
    const text = this.#sent.get(hash.toLowerCase());
    return text === undefined ? notFound : { text };
  }

  async #keep(hashAsSent: string, text: string): Promise<Lookup> {
    const hash = hashAsSent.toLowerCase();
    if (this.#sent.get(hash) === text) return { text };
    if ((await sha256(text)) !== hash) return wrongHash;
    const bytes = bytesPerEntry + 2 * text.length;
    if (bytes <= largestBytes && this.#sent.get(hash) === undefined) this.#sent.add(hash, text, bytes);
    return { text };
  }
}

function hashIn(persistedQuery: unknown): string | undefined {
  if (!isJsonObject(persistedQuery)) return undefined;
  const { sha256Hash } = persistedQuery;
  return typeof sha256Hash === 'string' ? sha256Hash : undefined;
}

function refusal(message: string, code: string): { readonly fault: GraphQLError } {
  return { fault: { message, extensions: { code } } };
}

const noText: Lookup = refusal('The document is empty: "query" must hold an operation.', 'DOCUMENT_MISSING');
const notKept: Lookup = refusal(
  'Only documents that this server keeps are run: send the id of one (option "documents.only").',
  'PERSISTED_QUERY_ONLY',
);
const notSupported: Lookup = refusal(
  'This server keeps no documents: send the text (option "documents").',
  'PERSISTED_QUERY_NOT_SUPPORTED',
);
const unknownId: Lookup = refusal('This server keeps no document with this id.', 'PERSISTED_QUERY_NOT_FOUND');
const unavailable: Lookup = {
  ...refusal('The document could not be looked up. Try again.', 'DOCUMENTS_UNAVAILABLE'),
  failed: true,
};
/** The words are the protocol's: clients wait for them. */
const notFound: Lookup = refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
const wrongHash: Lookup = refusal('"extensions.persistedQuery.sha256Hash" is not the hash of "query".', 'BAD_REQUEST');
