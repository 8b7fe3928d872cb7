// Interceptors, composed once per session, and every request that is on its way through them. Whatever they do, an exception
// ends the operation it concerns and nothing else, and what comes from them after its end reaches nobody.

import { OptionError } from '../protocol/errors/option-error.js';
import { describe } from '../protocol/options.js';
import type { Failure, Handle, Request, Sink } from '../transport/contract.js';
import type { Interceptor, InterceptorSession, Start } from './interceptors.js';

/** What stands behind the last interceptor, and who is told when one throws before the end. */
export interface ChainOwner<Subject> {
  start(subject: Subject, request: Request, sink: Sink): Handle;
  /** It may have been thrown when a request passed, or when an answer did. */
  threw(subject: Subject, cause: unknown): void;
}

interface Passage<Subject> {
  readonly subject: Subject;
  /** The first interceptor's. */
  handle: Handle | undefined;
  cancelled: boolean;
}

/** How a query or mutation fails whose answer an interceptor kept, but not its end. */
export const keptAnswer: Failure = {
  code: 'interceptor',
  phase: 'operation',
  message: 'It handed "complete" on before the answer; what is kept back of one is to be kept back of the other.',
};

const none: Handle = { cancel: () => {} };

/** A request that is on its way is known by its id, which no two of a session share. */
export class InterceptorChain<Subject> {
  /** As in `interceptors.call`. */
  readonly #option: string;
  readonly #owner: ChainOwner<Subject>;
  readonly #enter: Start;
  readonly #passages = new Map<string, Passage<Subject>>();
  /** The highest id that has entered. */
  #newest = 0;

  constructor(
    option: string,
    interceptors: readonly Interceptor[],
    session: InterceptorSession,
    owner: ChainOwner<Subject>,
  ) {
    this.#option = option;
    this.#owner = owner;
    const leave: Start = (request, sink) => {
      const passage = this.#passages.get(request.id);
      return passage === undefined ? none : owner.start(passage.subject, request, sink);
    };
    this.#enter = interceptors.reduceRight<Start>(
      (next, interceptor, index) => this.#guarded(started(interceptor(next, session), `${option}[${index}]`)),
      this.#guarded(leave),
    );
  }

  /** Sends a request through all of them. `sink` hears nothing any more once it ended, or after `cancel` or `close`. */
  enter(subject: Subject, request: Request, sink: Sink): void {
    const { id } = request;
    const passage: Passage<Subject> = { subject, handle: undefined, cancelled: false };
    this.#passages.set(id, passage);
    this.#newest = Math.max(this.#newest, Number(id));
    passage.handle = this.#enter(request, this.#wayOut(id, passage, sink));
    // It was cancelled from within an interceptor, before there was a handle to tell it to.
    if (passage.cancelled) this.#tell(passage);
  }

  /** Where the first interceptor lets its events be held back. */
  flowOf(id: string): Handle['flow'] {
    return this.#passages.get(id)?.handle?.flow;
  }

  /** Ends the passage from outside: the interceptors are told. */
  cancel(id: string): void {
    const passage = this.#passages.get(id);
    if (passage === undefined) return;
    this.#passages.delete(id);
    passage.cancelled = true;
    this.#tell(passage);
  }

  /** Nothing that the interceptors still do with this request reaches anybody. */
  close(id: string): void {
    this.#passages.delete(id);
  }

  #tell({ handle }: Passage<Subject>): void {
    try {
      handle?.cancel();
    } catch (cause) {
      report(cause);
    }
  }

  /** What the first interceptor hands back: checked, because a program may have no types. */
  #wayOut(id: string, passage: Passage<Subject>, sink: Sink): Sink {
    const open = (): boolean => this.#passages.get(id) === passage;
    const ends = (): boolean => open() && this.#passages.delete(id);
    return {
      sending: () => {
        if (open()) sink.sending();
      },
      next: (result, bytes) => {
        if (!open()) return;
        if (typeof result !== 'object' || result === null) {
          throw new OptionError(this.#option, `An interceptor handed ${describe(result)} on; a result is an object.`);
        }
        sink.next(result, Number.isFinite(bytes) ? bytes : 0);
      },
      error: (failure) => {
        if (ends()) sink.error(asFailure(failure));
      },
      complete: () => {
        if (ends()) sink.complete();
      },
    };
  }

  /** No interceptor meets an exception of another one, which may come out of a timer or promise of its own. */
  #guarded(start: Start): Start {
    return (request, sink) => {
      const passage = this.#passageOf(request);
      // It was cancelled, or its connection ended, while an interceptor kept it.
      if (passage === undefined) return none;
      const { id } = request;
      const guard = (run: () => void): void => {
        try {
          run();
        } catch (cause) {
          this.#threw(id, passage, cause);
        }
      };
      // After a cancellation nobody is told anything more.
      const told = (run: () => void): void => {
        if (!passage.cancelled) guard(run);
      };
      let handle: Handle | undefined;
      guard(() => {
        handle = start(request, {
          sending: () => told(() => sink.sending()),
          next: (result, bytes) => told(() => sink.next(result, bytes)),
          error: (failure) => told(() => sink.error(failure)),
          complete: () => told(() => sink.complete()),
        });
        if (typeof handle?.cancel === 'function' || this.#passages.get(id) !== passage) return;
        const what = describe(handle);
        handle = undefined;
        throw new OptionError(
          this.#option,
          `An interceptor must answer a request with a handle, as next() does; it answered with ${what}.`,
        );
      });
      return handle ?? none;
    };
  }

  #passageOf(request: unknown): Passage<Subject> | undefined {
    const { id } = Object(request) as Request;
    if (Number(id) <= this.#newest) return this.#passages.get(id);
    throw new OptionError(
      this.#option,
      `An interceptor must pass a request on under the id it came with; it passed on ${
        typeof request === 'object' && request !== null ? `the id ${describe(id)}` : describe(request)
      }.`,
    );
  }

  #threw(id: string, passage: Passage<Subject>, cause: unknown): void {
    if (this.#passages.get(id) === passage) this.#owner.threw(passage.subject, cause);
    else report(cause);
  }
}

function started(start: unknown, option: string): Start {
  if (typeof start === 'function') return start as Start;
  throw new OptionError(
    option,
    `The interceptor must return a function, as in (next) => (request, sink) => next(request, sink); it returned ${describe(start)}.`,
  );
}

/** A program may hand on an error where a failure belongs. */
function asFailure(given: unknown): Failure {
  const { code, message } = Object(given) as Partial<Failure>;
  if (!(given instanceof Error) && typeof code === 'string' && typeof message === 'string') return given as Failure;
  const text = given instanceof Error ? given.message : describe(given);
  return { code: 'interceptor', phase: 'operation', message: text, cause: given };
}

function report(cause: unknown): void {
  console.error('holdfast: an interceptor threw after its operation had ended.', cause);
}
