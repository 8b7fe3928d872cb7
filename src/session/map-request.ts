// The commonest interceptor, ready to use: one that changes each request, at once or after waiting for something.

import type { Handle, Request } from '../transport/contract.js';
import type { Interceptor } from './interceptors.js';

/**
 * An interceptor that passes on what `change` makes of each request. A change that throws or rejects ends the operation with
 * an InterceptorError. While it waits, the operation's deadline and cancellation hold.
 *
 * @example
 * ```ts
 * const signing = mapRequest(async (request) => ({
 *   ...request,
 *   extensions: JsonText.of({ ...request.extensions?.value, signature: await sign(request.query) }),
 * }));
 * const session = createSession({ transport, interceptors: { attempt: [signing] } });
 * ```
 */
export function mapRequest(change: (request: Request) => Request | PromiseLike<Request>): Interceptor {
  return (next) => (request, sink) => {
    const changed = change(request);
    if (!isPromise(changed)) return next(changed, sink);
    let started: Handle | undefined;
    let cancelled = false;
    Promise.resolve(changed)
      .then((final) => {
        if (!cancelled) started = next(final, sink);
      })
      .catch((cause: unknown) => {
        const message = cause instanceof Error ? cause.message : String(cause);
        sink.error({ code: 'interceptor', phase: 'prepare', message, cause });
      });
    return {
      cancel: () => {
        cancelled = true;
        started?.cancel();
      },
      get flow() {
        return started?.flow;
      },
    };
  };
}

/** Whatever can be waited for: a program may bring promises of its own. */
function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (Object(value) as PromiseLike<T>).then === 'function';
}
