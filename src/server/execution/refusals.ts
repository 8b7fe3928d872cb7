// Operations of which nothing was executed, and what became of one as it is counted.

import type { Execution } from '../../protocol/executor.js';
import { type Errors, toErrors } from '../../protocol/to-graphql-error.js';
import type { Outcome } from '../telemetry/messages.js';

/** `failed`: a hook of the application did, so that the fault is the server's. */
export function refused(errors: Errors, failed: boolean = false): Execution {
  return failed ? { kind: 'refused', errors, failed } : { kind: 'refused', errors };
}

export const stopped: Execution = refused(toErrors([new Error('The operation was stopped before it began.')]));

export function outcomeOf(execution: Exclude<Execution, { kind: 'stream' }>): Outcome {
  if (execution.kind === 'refused') return execution === stopped ? 'stopped' : 'refused';
  const { data, errors } = execution.result;
  if (errors === undefined) return 'ok';
  return data === null || data === undefined ? 'failed' : 'partial';
}
