// A poisoned document: one operation that costs everybody on its connection the connection, whenever it is sent again.

import * as CloseCode from '../../../protocol/close-codes.js';
import type { ScriptedOperation } from '../operation.js';
import type { Script } from '../script.js';

export interface PoisonOptions {
  /** The close code. Default 4500. */
  readonly code?: number | undefined;
  /** The close reason. Default `poisoned`. */
  readonly reason?: string | undefined;
  /** What marks a document. Default `poison`. */
  readonly word?: string | undefined;
  /** `operation`: when it was read; `event`: when something is published to it. Default `operation`. */
  readonly on?: 'operation' | 'event' | undefined;
}

/** Closes the connection whenever a document contains `poison`. */
export function poisoned(options: PoisonOptions = {}): Script {
  const { code = CloseCode.serverError, reason = 'poisoned', word = 'poison', on = 'operation' } = options;
  const contains = (operation: ScriptedOperation) => operation.query.includes(word);
  const close = (operation: ScriptedOperation) => operation.connection.close(code, reason);
  return on === 'operation'
    ? { operation: (operation, proceed) => (contains(operation) ? close(operation) : proceed()) }
    : { event: ({ operation }, proceed) => (contains(operation) ? close(operation) : proceed()) };
}
