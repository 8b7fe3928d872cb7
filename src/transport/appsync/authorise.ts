// Asks for the headers that say who asks, within a bound, and puts whatever goes wrong into the words of the contract. Nothing
// of what the program gave appears in them.

import type { Clock, Failure } from '../contract.js';
import { OpenError } from '../open-error.js';
import { abortedFailure } from '../websocket/failures.js';
import type { Authoriser, AuthReason } from './auth.js';
import type { SignableRequest } from './signature-v4.js';

/** How long the program's provider may take, ms. */
const providerTimeoutMs = 10_000;

export interface AuthoriseOptions extends AuthReason {
  readonly clock: Clock;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** Rejects with an OpenError. */
export function authorise(
  authoriser: Authoriser,
  request: SignableRequest,
  { clock, signal, forceRefresh }: AuthoriseOptions,
): Promise<Readonly<Record<string, string>>> {
  return new Promise((resolve, reject) => {
    const end = (failure: Failure): void => {
      settled();
      reject(new OpenError(failure));
    };
    const aborted = (): void => end(abortedFailure());
    const cancelTimer = clock.setTimer(providerTimeoutMs, () => {
      end(failed(`What says to AppSync who asks was not there within ${providerTimeoutMs} ms.`));
    });
    const settled = (): void => {
      cancelTimer();
      signal.removeEventListener('abort', aborted);
    };
    if (signal.aborted) {
      aborted();
      return;
    }
    signal.addEventListener('abort', aborted, { once: true });
    ask(authoriser, request, { forceRefresh }, clock.now()).then(resolve, reject).finally(settled);
  });
}

/** The same for one operation, which was not sent. */
export function notSent(error: unknown): Failure {
  const failure = error instanceof OpenError ? error.failure : failed('An operation could not be signed.', error);
  return { ...failure, phase: 'operation', delivery: 'not-sent' };
}

async function ask(
  authoriser: Authoriser,
  request: SignableRequest,
  why: AuthReason,
  now: number,
): Promise<Readonly<Record<string, string>>> {
  try {
    return await authoriser.headers(request, why, now);
  } catch (cause) {
    if (cause instanceof OpenError) throw cause;
    throw new OpenError(failed('What says to AppSync who asks could not be had from the program.', cause));
  }
}

function failed(message: string, cause?: unknown): Failure {
  return { code: 'credentials', phase: 'connect', message, cause };
}
