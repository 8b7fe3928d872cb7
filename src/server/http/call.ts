// One operation that came over HTTP, from the moment it is run to its end, as the pipeline sees it. Its signal is made when
// somebody asks for it: most operations are answered before anybody does.

import type { ExecutionContext } from '../../protocol/executor.js';
import type { Counters } from '../stats.js';
import type { PlainRequest } from './plain.js';

export class Call implements ExecutionContext {
  readonly headers: ExecutionContext['headers'];
  readonly connectionParams: undefined;
  readonly connection: object = {};
  readonly remoteAddress: string | undefined;
  readonly #counters: Pick<Counters, 'operations'>;
  #controller: AbortController | undefined;
  #stopped: { readonly reason: unknown } | undefined;
  #isOver = false;

  constructor(request: PlainRequest, counters: Pick<Counters, 'operations'>) {
    this.headers = request.headers;
    this.remoteAddress = request.remoteAddress;
    this.#counters = counters;
    counters.operations += 1;
    whenAborted(request, () => this.abort(request.signal.reason));
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#stopped !== undefined) this.#controller.abort(this.#stopped.reason);
    }
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#stopped !== undefined;
  }

  /** Nothing of it is wanted any more. */
  abort(reason: unknown): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = { reason };
    this.#controller?.abort(reason);
    this.over();
  }

  /** It is answered, or nobody waits for its answer. Idempotent. */
  over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#counters.operations -= 1;
  }
}

/** Without making its signal, where the adapter can tell. */
export function isAborted(request: PlainRequest): boolean {
  return request.aborted ?? request.signal.aborted;
}

/** The same of its listeners. */
export function whenAborted(request: PlainRequest, listener: () => void): void {
  if (request.whenAborted !== undefined) request.whenAborted(listener);
  else if (request.signal.aborted) listener();
  else request.signal.addEventListener('abort', listener, { once: true });
}
