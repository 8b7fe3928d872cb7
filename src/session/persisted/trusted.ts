// Trusted documents: the server runs only what was registered with it, and is sent ids instead of texts. Follows GraphQL over
// HTTP, appendix "Persisted Documents"; the same over HTTP, SSE and WebSocket.

import { tokenize } from '../../protocol/document/lexer.js';
import { scanOperations } from '../../protocol/document/scanner.js';
import { type PreparedDocument, prepareDocument } from '../../protocol/document.js';
import { DocumentError } from '../../protocol/errors/document-error.js';
import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { OperationRequest, Request } from '../../transport/contract.js';
import type { Interceptor } from '../interceptors.js';
import { mapRequest } from '../map-request.js';
import { withoutText, withPersistedQuery } from './extension.js';
import { canHash, hashOf } from './hash.js';

/** Undefined where the document has no id. */
export type DocumentIdOf = (document: Pick<OperationRequest, 'query' | 'operationName' | 'kind'>) => string | undefined;

/** Texts by their ids, as code generators and Relay write them. White space, commas and comments make no difference. */
export type DocumentManifest = Readonly<Record<string, string>>;

export interface TrustedDocumentsOptions {
  /**
   * Where the id is sent: as `documentId`, or as the hash in `extensions.persistedQuery`, which more servers understand
   * today. Default `documentId`.
   */
  readonly as?: 'documentId' | 'persistedQuery' | undefined;
  /**
   * What becomes of an operation whose document has no id: it fails with an InterceptorError before anything is sent, its
   * cause a DocumentError; or it is sent with its text, as while a server is being moved to trusted documents. Default `fail`.
   */
  readonly withoutId?: 'fail' | 'send-text' | undefined;
}

const sha256 = 'sha256:';

/**
 * An interceptor that sends the ids of documents instead of their texts. What was made by `documentById` keeps its id.
 *
 * @param ids A manifest, or a function that knows each document's id. Default: `sha256:` and the hash of the text, in
 * hexadecimal. A document that is passed as a syntax tree has the text that is sent for it, which is on one line: where the
 * server's ids are hashes of another text, use a manifest.
 * @throws OptionError, also where hashes are wanted and the platform has none: browsers have them on secure origins only;
 * DocumentError for a manifest that holds something else than documents.
 * @example
 * ```ts
 * import manifest from './persisted-documents.json' with { type: 'json' };
 * const session = createSession({ transport, interceptors: { call: [trustedDocuments(manifest)] } });
 * ```
 */
export function trustedDocuments(
  ids?: DocumentManifest | DocumentIdOf | undefined,
  options: TrustedDocumentsOptions = {},
): Interceptor {
  refuseUnknownOptions('the options of trustedDocuments()', options, ['as', 'withoutId']);
  const { as = 'documentId', withoutId = 'fail' } = options;
  if (as !== 'documentId' && as !== 'persistedQuery') {
    throw new OptionError('as', `Option "as" must be "documentId" or "persistedQuery"; it is ${describe(as)}.`);
  }
  if (withoutId !== 'fail' && withoutId !== 'send-text') {
    throw new OptionError(
      'withoutId',
      `Option "withoutId" must be "fail" or "send-text"; it is ${describe(withoutId)}.`,
    );
  }
  const idOf = resolveIds(ids);

  const under = (request: Request, id: string | undefined): Request => {
    if (id === undefined && withoutId === 'send-text') return request;
    if (id === undefined) throw withoutAnId(request);
    if (as === 'documentId') return { ...withoutText(request), documentId: id };
    const hash = id.startsWith(sha256) ? id.slice(sha256.length) : id;
    return { ...withPersistedQuery(withoutText(request), hash), documentId: undefined };
  };
  return mapRequest((request) => {
    const { query, documentId } = request;
    if (query === '') return documentId === undefined ? request : under(request, documentId);
    const id = idOf(request);
    return typeof id === 'object' ? id.then((hash) => under(request, hash)) : under(request, id);
  });
}

type IdOf = (request: Request) => string | undefined | Promise<string>;

function resolveIds(ids: unknown): IdOf {
  if (ids === undefined) return hashes();
  if (typeof ids === 'function') return told(ids as DocumentIdOf);
  if (typeof ids === 'object' && ids !== null && !Array.isArray(ids)) return listed(ids as DocumentManifest);
  throw new OptionError('ids', `Ids must be a function, or an object of texts by id; they are ${describe(ids)}.`);
}

function hashes(): IdOf {
  if (!canHash()) {
    throw new OptionError(
      'ids',
      'Ids cannot be computed here, because crypto.subtle is missing: browsers have it on secure origins (https, localhost) ' +
        'only. Pass a manifest or a function that knows the ids.',
    );
  }
  return ({ query }) => {
    const hash = hashOf(query);
    return typeof hash === 'string' ? sha256 + hash : hash.then((computed) => sha256 + computed);
  };
}

function told(idOf: DocumentIdOf): IdOf {
  return (request) => {
    const id: unknown = idOf(request);
    if (id === undefined || (typeof id === 'string' && id !== '')) return id;
    throw new OptionError('ids', `An id must be a text that is not empty, or undefined; it is ${describe(id)}.`);
  };
}

function listed(manifest: DocumentManifest): IdOf {
  const idByTokens = new Map<string, string>();
  for (const [id, text] of Object.entries(manifest)) {
    if (typeof text !== 'string') {
      throw new OptionError('ids', `Under the id ${describe(id)} must be the text of a document.`);
    }
    scanOperations(text);
    idByTokens.set(tokensOf(text), id);
  }
  const known = new WeakMap<PreparedDocument, string>();
  return ({ query }) => {
    const document = prepareDocument(query);
    const id = known.get(document) ?? idByTokens.get(tokensOf(query));
    if (id !== undefined) known.set(document, id);
    return id;
  };
}

/** The same for all ways to lay a document out. */
function tokensOf(text: string): string {
  return tokenize(text)
    .map((token) => token.text)
    .join(' ');
}

function withoutAnId({ kind, operationName }: Request): DocumentError {
  return new DocumentError(
    `The ${kind} ${operationName === undefined ? 'without a name' : `"${operationName}"`} has no id among the trusted ` +
      `documents, and its text is not to be sent. Add it to them, or let its text be sent with { withoutId: 'send-text' }.`,
  );
}
