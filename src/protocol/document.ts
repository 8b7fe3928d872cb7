// A document, prepared once however often it is run: its text, the operations in it and its hash. Takes text and graphql-js
// syntax trees alike, without the package `graphql`. GraphQL specification, September 2025, section 2.

import { print } from './document/printer.js';
import { type Operation, scanOperations } from './document/scanner.js';
import { DocumentError } from './errors/document-error.js';
import { describe } from './options.js';

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

/** Everything that can be run: text, a syntax tree, or either with the types of its result and variables. */
export type DocumentSource<TResult = unknown, TVariables = never> =
  | string
  | ((DocumentTree | DocumentText) & DocumentTypes<TResult, TVariables>);

export interface PreparedDocument {
  readonly text: string;
  /** In the order of the text; at least one. */
  readonly operations: readonly Operation[];
  /** SHA-256 of `text` in UTF-8, in hexadecimal. Computed when first asked for. */
  hash(): Promise<string>;
}

class Prepared implements PreparedDocument {
  readonly text: string;
  readonly operations: readonly Operation[];
  #hash: Promise<string> | undefined;

  constructor(text: string) {
    this.text = text;
    this.operations = scanOperations(text);
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
  const prepared = prepareText(kind === 'Document' ? print(source) : String(source));
  bySource.set(source, prepared);
  return prepared;
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

function prepareText(text: string): PreparedDocument {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const prepared = older.get(text) ?? new Prepared(text);
  if (recent.size >= keptTexts) {
    older = recent;
    recent = new Map();
  }
  recent.set(text, prepared);
  return prepared;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => (byte + 256).toString(16).slice(1)).join('');
}
