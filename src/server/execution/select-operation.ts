// Which operation of a document is meant, and the words for one that cannot be run here. GraphQL specification, section 6.1,
// `GetOperation`.

import type { Execution } from '../../protocol/executor.js';
import type { GraphQLError, OperationKind } from '../../protocol/result.js';
import type { PreparedOperation } from './prepared.js';

/** An empty name is none. */
export function selectOperation(
  operations: readonly PreparedOperation[],
  operationName: string | undefined,
): PreparedOperation | GraphQLError {
  if (operationName === undefined || operationName === '') {
    const [only] = operations;
    if (only === undefined) return failure('The document holds no operation.');
    return operations.length === 1
      ? only
      : failure('The document holds several operations: "operationName" must say which one to run.');
  }
  return (
    operations.find(({ name }) => name === operationName) ??
    failure(`The document holds no operation named ${JSON.stringify(operationName)}.`)
  );
}

export function refusedKind(kind: OperationKind): Execution {
  const message = `A ${kind} cannot be answered here.`;
  return {
    kind: 'refused',
    errors: [{ message, extensions: { code: 'OPERATION_KIND_NOT_ALLOWED' } }],
    disallowed: kind,
  };
}

function failure(message: string): GraphQLError {
  return { message, extensions: { code: 'OPERATION_NOT_FOUND' } };
}
