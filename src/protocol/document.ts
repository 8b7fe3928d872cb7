// A document, prepared once however often it is run: its text, the operations in it and its hash. Takes text and graphql-js
// syntax trees alike, without the package `graphql`. GraphQL specification, September 2025, section 2.

import { print } from './document/printer.js';
import { type Operation, operationKinds, scanOperations } from './document/scanner.js';
import { DocumentError } from './errors/document-error.js';
import { OptionError } from './errors/option-error.js';
import { describe, refuseUnknownOptions } from './options.js';
import type { OperationKind } from './result.js';
import { sha256 } from './sha256.js';

export type { Operation };

/**
 * How typed documents carry their types, in the conventions of `@graphql-typed-document-node/core` and of graphql-js itself.
 * Never there at run time.
 */
export interface DocumentTypes<TResult, TVariables> {
  readonly __apiType?: ((variables: TVariables) => TResult) | undefined;
  readonly __ensureTypesOfVariablesAndResultMatching?: ((variables: TVariables) => TResult) | undefined;
}

/** A syntax tree as graphql-js's `parse` and the `gql` tags make it. */
export interface DocumentTree {
  readonly kind: string;
  readonly definitions: readonly { readonly kind: string }[];
}

/** A String object, as code generators make one to carry types beside the text. */
export interface DocumentText {
  toString(): string;
  valueOf(): string;
}

/** Everything that can be run: text, a syntax tree, or an id, with or without the types of its result and variables. */
export type DocumentSource<TResult = unknown, TVariables = never> =
  | string
  | ((DocumentTree | DocumentText | PreparedDocument) & DocumentTypes<TResult, TVariables>);

/** A document that the server knows by its id. Made by `documentById`. */
export type DocumentById<TResult = unknown, TVariables = object> = PreparedDocument &
  DocumentTypes<TResult, TVariables>;

export interface DocumentByIdOptions {
  /**
   * What the document runs. Default `mutation`, the kind that is never repeated by accident: say `query` or `subscription`
   * where it is one.
   */
  readonly kind?: OperationKind | undefined;
  /** Which operation of the document to run. Needed where it holds several. */
  readonly operationName?: string | undefined;
}

export interface PreparedDocument {
  /** Empty where the document is known by its id. */
  readonly text: string;
  /** What the server knows it by; undefined where the text is what it is sent. */
  readonly documentId: string | undefined;
  /** In the order of the text; at least one. */
  readonly operations: readonly Operation[];
  /** SHA-256 of `text` in UTF-8, in hexadecimal. Computed when first asked for. */
  hash(): Promise<string>;
}

class Prepared implements PreparedDocument {
  readonly text: string;
  readonly documentId: string | undefined;
  readonly operations: readonly Operation[];
  #hash: Promise<string> | undefined;

  constructor(text: string, operations: readonly Operation[], documentId?: string | undefined) {
    this.text = text;
    this.documentId = documentId;
    this.operations = operations;
  }

  hash(): Promise<string> {
    this.#hash ??= sha256(this.text);
    return this.#hash;
  }
}

/** So many texts at least, and twice as many at most. */
const keptTexts = 1_000;
/** The texts used last, and those before them: two tables that take turns, so that finding a text again moves nothing. */
let recent = new Map<string, PreparedDocument>();
let older = new Map<string, PreparedDocument>();
const bySource = new WeakMap<object, PreparedDocument>();

/**
 * Prepares a document, or finds it prepared: trees and String objects are remembered as long as they live (so they must not
 * be changed), at least the last 1,000 texts by their text.
 *
 * @throws DocumentError when it holds no operation, is malformed, or is no document.
 */
export function prepareDocument(source: DocumentSource): PreparedDocument {
  if (typeof source === 'string') return prepareText(source);
  const known = bySource.get(source);
  if (known !== undefined) return known;
  const { kind } = Object(source) as DocumentTree;
  const prepared = prepareText(kind === 'Document' ? print(source) : textOf(source));
  bySource.set(source, prepared);
  return prepared;
}

/**
 * A document that the server knows, to be run by its id without its text: a trusted document (GraphQL over HTTP, appendix
 * "Persisted Documents"). Give it the types of its result and variables.
 *
 * @param id What the server knows it by: `sha256:` and the hash of its text in hexadecimal, or a name of its own.
 * @throws OptionError for an id that is no text, or an unknown kind or option.
 * @example
 * ```ts
 * const bookById = documentById<{ book: Book }, { id: string }>('book-by-id-v2', { kind: 'query' });
 * const { book } = await session.execute(bookById, { id: '1' });
 * ```
 */
export function documentById<TResult = unknown, TVariables = object>(
  id: string,
  options: DocumentByIdOptions = {},
): DocumentById<TResult, TVariables> {
  refuseUnknownOptions('the options of documentById()', options, ['kind', 'operationName']);
  const { kind = 'mutation', operationName } = options;
  if (typeof id !== 'string' || id === '') {
    throw new OptionError('id', `The id of a document must be a text that is not empty; it is ${describe(id)}.`);
  }
  if (!operationKinds.includes(kind)) {
    throw new OptionError('kind', `Option "kind" must be ${operationKinds.join(' or ')}; it is ${describe(kind)}.`);
  }
  const document = new Prepared('', [{ kind, name: operationName }], id);
  bySource.set(document, document);
  return document;
}

/**
 * The operation that `operationName` means, or the only one there is where no name is given.
 *
 * @throws DocumentError when there is none of that name, or several and no name.
 */
export function selectOperation(document: PreparedDocument, operationName: string | undefined): Operation {
  const { operations } = document;
  const only = operations.length === 1 ? operations[0] : undefined;
  const operation = operationName === undefined ? only : operations.find(({ name }) => name === operationName);
  if (operation !== undefined) return operation;
  const choice = operations.map(({ kind, name }) => `${kind} ${name ?? ''}`.trim()).join(', ');
  throw new DocumentError(`"operationName" is ${describe(operationName)}, but must name one operation of: ${choice}.`);
}

/** Whether the answer to a document may come in parts (`@defer`, `@stream`). */
export function mayComeInParts(text: string): boolean {
  return text.includes('@defer') || text.includes('@stream');
}

/** Of what has a text of its own, as a String object. */
function textOf(source: unknown): string {
  const isText = typeof source === 'object' && typeof source?.toString === 'function';
  if (isText && source.toString !== Object.prototype.toString && !Array.isArray(source)) return String(source);
  throw new DocumentError(
    `A document is a text or a syntax tree, as in execute(document, variables); this is ${describe(source)}.`,
  );
}

function prepareText(text: string): PreparedDocument {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const prepared = older.get(text) ?? new Prepared(text, scanOperations(text));
  if (recent.size >= keptTexts) {
    older = recent;
    recent = new Map();
  }
  recent.set(text, prepared);
  return prepared;
}
