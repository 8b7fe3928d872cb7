// Waiting for a part of the library that is loaded when it is first needed: in a page it comes over the network, and a session
// waits for nothing without a bound.

import type { Failure, OpenContext } from '../contract.js';
import { OpenError } from '../open-error.js';

/**
 * What is loaded, within the time that the session allows for opening a connection, and while it wants one. Rejects with an
 * OpenError.
 *
 * @param place What it is for, in messages.
 */
export async function loaded<T>(loading: Promise<T>, place: string, context: OpenContext): Promise<T> {
  const { signal, clock, limits } = context;
  const ms = limits.openTimeoutMs;
  let settle = (): void => {};
  const given = new Promise<never>((_, reject) => {
    const fail = (code: Failure['code'], message: string) => reject(new OpenError({ code, phase: 'connect', message }));
    const giveUp = (): void => fail('aborted', 'The session gave up this attempt to open.');
    const cancelTimer = clock.setTimer(ms, () => {
      fail('timeout', `The part of the library for ${place} was not loaded within ${ms} ms (limits.openTimeoutMs).`);
    });
    signal.addEventListener('abort', giveUp, { once: true });
    settle = () => {
      cancelTimer();
      signal.removeEventListener('abort', giveUp);
    };
  });
  try {
    return await Promise.race([loading, given]);
  } catch (cause) {
    throw cause instanceof OpenError ? cause : new OpenError(notLoaded(place, cause));
  } finally {
    settle();
  }
}

function notLoaded(place: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The part of the library for ${place} could not be loaded: ${why}. Was every file of the bundle deployed? Some browsers ask for a file again only after the page was reloaded.`;
  return { code: 'network', phase: 'connect', message, cause };
}
