// Calling the application: every hook has a bound in time, and whatever it throws stays inside the server.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';
import type { FailedOperation, FailureSource, Hooks } from './hook-types.js';
import type { Timers } from './timers.js';

/** A hook did not settle within `hookTimeoutMs`. Reported through `onError`. */
export class HookTimeoutError extends HoldfastError {
  override readonly name: string = 'HookTimeoutError';

  constructor(hook: string, timeoutMs: number) {
    super(
      `The hook "${hook}" did not settle within ${timeoutMs} ms. Make it faster, or raise the option "hookTimeoutMs".`,
      { code: 'hook-timeout', phase: 'operation' },
    );
  }
}

/** What `call` returns, or a promise that settles in time if it returned one. Throws what it throws. */
export function bounded<T>(
  hook: string,
  call: () => T | Promise<T>,
  timeoutMs: number,
  timers: Timers,
): T | Promise<T> {
  const returned = call();
  if (!isPromiseLike(returned)) return returned;
  return new Promise<T>((resolve, reject) => {
    const cancel = timers.set(timeoutMs, () => reject(new HookTimeoutError(hook, timeoutMs)));
    Promise.resolve(returned).then(resolve, reject).finally(cancel);
  });
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

export type Report = (error: unknown, source: FailureSource, operation?: FailedOperation) => void;

/** Makes the one function that tells the application about failures, and that never fails itself. */
export function reporter(onError: Hooks['onError']): Report {
  return (error, source, operation) => {
    try {
      if (onError === undefined) console.error(`holdfast: ${source} failed${inOperation(operation)}:`, error);
      else Promise.resolve(onError(error, source, operation)).catch(ignore);
    } catch {
      // Whoever hears about failures failed: there is nobody left to tell.
    }
  };
}

function inOperation(operation: FailedOperation | undefined): string {
  if (operation === undefined) return '';
  const { kind = 'operation', name } = operation;
  return ` in ${name === undefined ? `an unnamed ${kind}` : `the ${kind} ${name}`}`;
}

function ignore(): void {}
