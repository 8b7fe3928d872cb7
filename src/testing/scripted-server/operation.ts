// One operation that a scripted server has read, and the answers to it. It stays live until it was completed, answered with
// an error, stopped by the client, or its connection ended.

import type { OperationPayload } from '../../protocol/dialects/dialect.js';
import { prepareDocument, selectOperation } from '../../protocol/document.js';
import type { JsonObject } from '../../protocol/json.js';
import type { GraphQLError, OperationKind, Result } from '../../protocol/result.js';
import type { ScriptedConnection } from './connection.js';

export class ScriptedOperation {
  readonly connection: ScriptedConnection;
  /** As the client chose it; unique on its connection only. */
  readonly id: string;
  /** Undefined where the document cannot be understood. */
  readonly kind: OperationKind | undefined;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: JsonObject | undefined;
  readonly extensions: JsonObject | undefined;

  constructor(connection: ScriptedConnection, id: string, payload: OperationPayload) {
    this.connection = connection;
    this.id = id;
    this.kind = kindOf(payload);
    this.query = payload.query;
    this.operationName = payload.operationName;
    this.variables = payload.variables;
    this.extensions = payload.extensions;
  }

  get live(): boolean {
    return this.connection.open && this.connection.operations.get(this.id) === this;
  }

  /** Sends a result. Nothing is sent once the operation is no longer live: for that, `connection.next` takes any id. */
  next(result: Result): void {
    if (this.live) this.connection.next(this.id, result);
  }

  /** Ends the operation with errors. */
  error(errors: readonly [GraphQLError, ...GraphQLError[]]): void {
    if (!this.live) return;
    this.connection.operations.delete(this.id);
    this.connection.error(this.id, errors);
  }

  /** Ends the operation. */
  complete(): void {
    if (!this.live) return;
    this.connection.operations.delete(this.id);
    this.connection.complete(this.id);
  }

  /** The whole answer to a query or mutation: a result and the end. */
  answer(result: Result): void {
    this.next(result);
    this.complete();
  }
}

function kindOf({ query, operationName }: OperationPayload): OperationKind | undefined {
  try {
    return selectOperation(prepareDocument(query), operationName).kind;
  } catch {
    return undefined;
  }
}
