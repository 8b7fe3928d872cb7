// Checks what an interceptor passes on. The session decides by what it knows of a request, so that must stay true.

import { prepareDocument, selectOperation } from '../protocol/document.js';
import { OptionError } from '../protocol/errors/option-error.js';
import { JsonText } from '../protocol/json-text.js';
import { describe } from '../protocol/options.js';
import type { OperationRequest } from '../transport/contract.js';

/** Throws an OptionError or DocumentError unless it is a request of the same kind, written as requests are. */
export function checkPassedOn(option: string, given: OperationRequest, passedOn: OperationRequest): void {
  const { kind, query, documentId, operationName, extensions } = passedOn;
  const sameDocument = query === given.query && operationName === given.operationName;
  // Without its text nothing can be read: the server knows the document by its id or by something in the extensions.
  const byId = query === '' && (documentId ?? extensions) !== undefined;
  const written = sameDocument || byId ? given.kind : selectOperation(prepareDocument(query), operationName).kind;
  for (const made of [kind, written]) {
    if (made === given.kind) continue;
    throw new OptionError(
      option,
      `An interceptor made a ${made} of a ${given.kind}: the rules of sending again would be wrong.`,
    );
  }
  for (const name of ['variables', 'extensions'] as const) {
    const value: unknown = passedOn[name];
    if (value === undefined || value instanceof JsonText) continue;
    throw new OptionError(
      option,
      `An interceptor passed "${name}" on as ${describe(value)}; write them as JsonText.of({ ... }).`,
    );
  }
}
