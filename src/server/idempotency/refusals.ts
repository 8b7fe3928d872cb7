// What a client is told whose mutation with an idempotency key is not run: a sentence that says what to do, and a code.

import type { Execution } from '../../protocol/executor.js';

export type Refusal = Extract<Execution, { readonly kind: 'refused' }>;

/** Bytes of UTF-8. */
export const maxKeyBytes = 255;

export const keyInvalid: Refusal = refusal(
  'IDEMPOTENCY_KEY_INVALID',
  `The idempotency key must be a text of 1 to ${maxKeyBytes} bytes. Nothing was run.`,
);

export const keyReused: Refusal = refusal(
  'IDEMPOTENCY_KEY_REUSED',
  'This idempotency key came before with another operation, other variables or other credentials. Nothing was run now. ' +
    'Give every mutation a key of its own.',
);

export const outcomeUnknown: Refusal = refusal(
  'IDEMPOTENCY_OUTCOME_UNKNOWN',
  'A mutation with this idempotency key began, and nobody knows what became of it: it may have run. It is not run again. ' +
    'Look at what it would have changed before you repeat it with a new key.',
);

export const stillRunning: Refusal = refusal(
  'IDEMPOTENCY_STILL_RUNNING',
  'The mutation with this idempotency key is still running. Ask again with the same key for its answer.',
);

export const storeFull: Refusal = refusal(
  'IDEMPOTENCY_STORE_FULL',
  'The server cannot remember any more idempotency keys at this moment (option "idempotency"). Nothing was run. ' +
    'Try again later.',
);

export const unavailable: Refusal = {
  ...refusal(
    'IDEMPOTENCY_UNAVAILABLE',
    'The server cannot look up idempotency keys at this moment (option "idempotency"). Nothing was run for this request. ' +
      'Try again with the same key.',
  ),
  failed: true,
};

export const variablesUnfit: Refusal = refusal(
  'BAD_REQUEST',
  'The variables are nested too deeply to be remembered with an idempotency key. Nothing was run.',
);

export const stopped: Refusal = refusal('OPERATION_STOPPED', 'The operation was stopped before it was answered.');

function refusal(code: string, message: string): Refusal {
  return { kind: 'refused', errors: [{ message, extensions: { code } }] };
}
