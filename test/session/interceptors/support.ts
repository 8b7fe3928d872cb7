// Interceptors for tests: one that writes down what it sees, and two that keep things back until a test lets them go.

import { vi } from 'vitest';
import type { Result } from '../../../src/protocol/result.js';
import type { Interceptor, Start } from '../../../src/session/interceptors.js';
import type { Failure, Handle, Request, Sink } from '../../../src/transport/contract.js';

/** Hands everything on, and writes it down, as in `trace: next`. */
export function recording(log: string[], name: string = 'seen'): Interceptor {
  const write = (what: string): void => void log.push(`${name}: ${what}`);
  return (next) => (request, sink) => {
    write(`start ${request.kind}`);
    const handle = next(request, {
      sending: () => {
        write('sending');
        sink.sending();
      },
      next: (result, bytes) => {
        write(`next ${JSON.stringify(result.data ?? result.errors)}`);
        sink.next(result, bytes);
      },
      error: (failure) => {
        write(`error ${failure.code}`);
        sink.error(failure);
      },
      complete: () => {
        write('complete');
        sink.complete();
      },
    });
    return {
      ...handle,
      cancel: () => {
        write('cancel');
        handle.cancel();
      },
    };
  };
}

/** What one interceptor was given. */
export interface Kept {
  readonly request: Request;
  readonly sink: Sink;
  cancelled: boolean;
  /** Passes it on, changed or not. */
  pass(changes?: Partial<Request>): Handle;
}

/** Keeps every request until a test passes it on, or answers it. */
export class KeepsRequests {
  readonly kept: Kept[] = [];

  readonly interceptor: Interceptor = (next) => (request, sink) => {
    let passed: Handle | undefined;
    const kept: Kept = {
      request,
      sink,
      cancelled: false,
      pass: (changes = {}) => {
        passed = next({ ...request, ...changes }, sink);
        return passed;
      },
    };
    this.kept.push(kept);
    return {
      cancel: () => {
        kept.cancelled = true;
        passed?.cancel();
      },
    };
  };

  get latest(): Kept {
    const kept = this.kept.at(-1);
    if (kept === undefined) throw new Error('No request has come to this interceptor yet.');
    return kept;
  }
}

/** Passes every request on at once, and keeps what comes back until a test lets it go. */
export class KeepsAnswers {
  readonly #waiting: (() => void)[] = [];

  readonly interceptor: Interceptor = (next) => (request, sink) =>
    next(request, {
      sending: () => sink.sending(),
      next: (result: Result, bytes) => void this.#waiting.push(() => sink.next(result, bytes)),
      error: (failure: Failure) => void this.#waiting.push(() => sink.error(failure)),
      complete: () => void this.#waiting.push(() => sink.complete()),
    });

  get waiting(): number {
    return this.#waiting.length;
  }

  letGo(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** An interceptor with another way in, or another sink; the rest is as it comes. */
export function changing(change: {
  readonly request?: (request: Request) => Request;
  readonly sink?: (sink: Sink, request: Request, next: Start) => Partial<Sink>;
}): Interceptor {
  return (next) => (request, sink) =>
    next(change.request?.(request) ?? request, { ...sink, ...change.sink?.(sink, request, next) });
}

/** Mutes `console.error`, and gives what was written there. */
export function mutedConsole(): { readonly lines: string[] } {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((...args: unknown[]) => void lines.push(args.map(String).join(' ')));
  return { lines };
}
