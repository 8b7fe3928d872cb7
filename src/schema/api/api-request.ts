// A request that was built and not sent: the document, the variables as they travel, and what is to be made of the answer.

import { OptionError } from '../../protocol/errors/option-error.js';
import type { JsonObject } from '../../protocol/json.js';
import { refuseUnknownOptions } from '../../protocol/options.js';
import type { OperationKind } from '../../protocol/result.js';
import type { BuiltOperation } from '../build/bound-operation.js';
import { checkMembers } from '../members.js';
import type { Reading } from './reading.js';

declare const result: unique symbol;

/** What `with` changes; what is left out stays. */
export interface RequestChanges {
  /**
   * By the names of the document's variables, as the program works with them, not as `variables` of the request has them, which are
   * encoded. Those that are not named stay; `undefined` takes one out.
   */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Another name for the operation, in the document as well. Not for one of several operations in a document. */
  readonly operationName?: string | undefined;
  /** GraphQL's `extensions`, all of them. */
  readonly extensions?: JsonObject | undefined;
}

/**
 * An operation, built, checked and never changed. Run it with `api.execute`, `api.result`, `api.stream` or `api.subscribe`,
 * any number of times; or send its members with anything else: they are what a GraphQL server takes.
 *
 * @typeParam Result What running it gives: what the function gives that it was built with.
 */
export interface ApiRequest<Result = unknown> {
  /** Never there at run time. */
  readonly [result]?: (() => Result) | undefined;
  readonly kind: OperationKind;
  readonly document: string;
  /** By name, encoded. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string;
  readonly extensions: JsonObject | undefined;
  /**
   * The same request with some things changed.
   *
   * @throws ValidationError for values that do not fit; OptionError for an unknown change or a name that is none.
   * @example `const next = request.with({ variables: { after: cursor } })`
   */
  with(changes: RequestChanges): ApiRequest<Result>;
}

/** What a request is made of. */
export interface RequestParts {
  readonly kind: OperationKind;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string;
  readonly extensions: JsonObject | undefined;
}

/** Who built it, for what is to be built anew. */
export interface RequestOrigin {
  /** What is made of the answer. Undefined: nothing, it is what the server sends. */
  readonly reading: Reading | undefined;
  /** Values for some of its variables, checked and encoded. */
  encode(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** The operation under this name, in a document of its own. */
  operationAs(name: string): BuiltOperation;
  /** The names of all operations in its document, where there are several. */
  readonly among: readonly string[];
}

export class BuiltRequest implements ApiRequest {
  readonly kind: OperationKind;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string;
  readonly extensions: JsonObject | undefined;
  readonly #origin: RequestOrigin;

  constructor(parts: RequestParts, origin: RequestOrigin) {
    this.kind = parts.kind;
    this.document = parts.document;
    this.variables = Object.freeze({ ...parts.variables });
    this.operationName = parts.operationName;
    this.extensions = parts.extensions;
    this.#origin = origin;
    Object.freeze(this);
  }

  get reading(): Reading | undefined {
    return this.#origin.reading;
  }

  /** Whether its document has other operations, so that it does not tell which is meant. */
  get isAmongOthers(): boolean {
    return this.#origin.among.length > 1;
  }

  /** The operation under this name, in a document of its own. */
  operationAs(name: string): BuiltOperation {
    return this.#origin.operationAs(name);
  }

  /** The same as one of several operations in a document. */
  among(names: readonly string[], operationName: string, document: string): BuiltRequest {
    return new BuiltRequest({ ...this, operationName, document }, { ...this.#origin, among: names });
  }

  with(changes: RequestChanges): BuiltRequest {
    refuseUnknownOptions('the changes of a request', changes, ['variables', 'operationName', 'extensions']);
    const { variables, operationName, extensions = this.extensions } = changes;
    return new BuiltRequest(
      {
        ...this,
        ...(operationName === undefined ? {} : this.#renamed(operationName)),
        variables: variables === undefined ? this.variables : this.#merged(variables),
        extensions,
      },
      this.#origin,
    );
  }

  #renamed(name: string): Pick<RequestParts, 'document' | 'operationName'> {
    if (name === this.operationName) return { document: this.document, operationName: name };
    if (!this.isAmongOthers) return { document: this.operationAs(name).document, operationName: name };
    const names = this.#origin.among.map((one) => `"${one}"`).join(', ');
    throw new OptionError(
      'operationName',
      `This request is the operation "${this.operationName}" of a document with several: run the request of the one that is meant (${names}), or combine them again under other names.`,
    );
  }

  #merged(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    checkMembers('variables', changes);
    const kept = Object.entries(this.variables).filter(([name]) => !Object.hasOwn(changes, name));
    return { ...Object.fromEntries(kept), ...this.#origin.encode(changes) };
  }
}
