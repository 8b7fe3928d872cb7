// Raw documents against a schema: each is parsed, checked where that is wanted, and planned once, however often it is run.

import {
  type DocumentSource,
  type PreparedDocument,
  prepareDocument,
  selectOperation,
} from '../../protocol/document.js';
import { DocumentError } from '../../protocol/errors/document-error.js';
import type { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { type Problem, ValidationError } from '../errors/validation-error.js';
import type { Schema } from '../schema.js';
import { withIncremental } from '../sources/graphql-js/incremental.js';
import { loadGraphQL } from '../sources/graphql-js/load.js';
import { type DocumentPlan, plansOf } from './plan.js';
import { type FoundError, problemOf } from './problems.js';
import { RecentTexts } from './recent-texts.js';
import type { DocumentTree } from './tree.js';

export interface PlanOptions {
  /** Which operation of the document. Needed where it holds several. */
  readonly operationName?: string | undefined;
  /** Whether the whole document is checked against the schema first, for which `graphql` is needed. */
  readonly check: boolean;
}

/**
 * The plan of an operation of a document: at once where it has been made before, else when it is made. Undefined for a document
 * that is known by its id: there is no text to read. Text is parsed with `graphql`; a syntax tree is taken as it is.
 *
 * @throws DocumentError for a document that does not parse, or where no operation is of that name; ValidationError with all
 * problems of a document that is checked; MissingDependencyError. The first plan of a document rejects with them.
 */
export function planDocument(
  schema: Schema,
  source: DocumentSource,
  { operationName, check }: PlanOptions,
): DocumentPlan | undefined | Promise<DocumentPlan | undefined> {
  const document = prepareDocument(source);
  if (document.text === '') return undefined;
  const { name } = selectOperation(document, operationName);
  const read = documentsOf(schema, check).read(source, document);
  return read instanceof Promise ? read.then((made) => planIn(made, name)) : planIn(read, name);
}

/** What has become of a document: its plans by operation name, or what is wrong with it. An error is made for each who asks. */
type ReadDocument = { readonly plans: ReadonlyMap<string | undefined, DocumentPlan> } | { fault(): HoldfastError };

function planIn(read: ReadDocument, operationName: string | undefined): DocumentPlan | undefined {
  if ('fault' in read) throw read.fault();
  return read.plans.get(operationName);
}

const checked = new WeakMap<Schema, Documents>();
const unchecked = new WeakMap<Schema, Documents>();

function documentsOf(schema: Schema, check: boolean): Documents {
  const known = check ? checked : unchecked;
  const documents = known.get(schema) ?? new Documents(schema, check);
  known.set(schema, documents);
  return documents;
}

type Reading = ReadDocument | Promise<ReadDocument>;

/** The documents of one schema: objects as long as they live, texts as long as they are among those used last. */
class Documents {
  readonly #schema: Schema;
  readonly #check: boolean;
  readonly #byText = new RecentTexts<Reading>();
  readonly #byObject = new WeakMap<object, Reading>();

  constructor(schema: Schema, check: boolean) {
    this.#schema = schema;
    this.#check = check;
  }

  read(source: DocumentSource, { text }: PreparedDocument): Reading {
    // A String object is no other document than its text.
    return isTree(source)
      ? this.#once(this.#byObject, source, () => this.#readTree(source))
      : this.#once(this.#byText, text, () => this.#readText(text));
  }

  #once<Key>(known: Known<Key>, key: Key, make: () => Reading): Reading {
    const before = known.get(key);
    if (before !== undefined) return before;
    const reading = make();
    known.set(key, reading);
    if (reading instanceof Promise) {
      reading.then(
        (read) => known.set(key, read),
        // That it could not be read says nothing of it: the next who asks tries again.
        () => known.delete(key),
      );
    }
    return reading;
  }

  async #readText(text: string): Promise<ReadDocument> {
    const { parse } = await loadGraphQL('Reading a document');
    let tree: DocumentTree;
    try {
      tree = parse(text) as unknown as DocumentTree;
    } catch (error) {
      const { message, locations = [] } = error as FoundError;
      return { fault: () => syntaxFault(message, locations[0]) };
    }
    return this.#readTree(tree);
  }

  #readTree(tree: DocumentTree): Reading {
    return this.#check ? this.#checked(tree) : this.#planned(tree);
  }

  async #checked(tree: DocumentTree): Promise<ReadDocument> {
    const graphql = await loadGraphQL('Checking documents against a schema');
    const schema = withIncremental(graphql, await this.#schema.graphql());
    const errors = graphql.validate(schema, tree as unknown as Parameters<typeof graphql.validate>[1]);
    const [first, ...others] = errors.map(problemOf);
    return first === undefined ? this.#planned(tree) : invalid([first, ...others]);
  }

  #planned(tree: DocumentTree): ReadDocument {
    try {
      return { plans: plansOf(tree, this.#schema.model) };
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      return invalid(error.problems as [Problem, ...Problem[]]);
    }
  }
}

interface Known<Key> {
  get(key: Key): Reading | undefined;
  set(key: Key, reading: Reading): unknown;
  delete(key: Key): unknown;
}

function isTree(source: DocumentSource): source is DocumentSource & DocumentTree {
  return Object(source).kind === 'Document';
}

function invalid(problems: readonly [Problem, ...Problem[]]): ReadDocument {
  return { fault: () => new ValidationError(problems) };
}

function syntaxFault(
  message: string,
  place: { readonly line: number; readonly column: number } | undefined,
): DocumentError {
  const { line, column } = place ?? {};
  const where = place === undefined ? '' : ` in line ${line}, column ${column}`;
  return new DocumentError(`Correct the document${where}: ${message.replace(/^Syntax Error: /, '')}`, line, column);
}
