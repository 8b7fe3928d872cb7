// One operation within the process, from its start to its last word: asks the executor, pulls one event at a time, and is
// silent from the moment it is cancelled. The counterpart of what two ends of a WebSocket do together.

import type { Execution } from '../../protocol/executor.js';
import type { Result } from '../../protocol/result.js';
import { type Errors, toErrors } from '../../protocol/to-graphql-error.js';
import type { Failure, Handle, Request, Sink } from '../contract.js';
import { answeredWithErrors, executorFailed, noResult, tooLarge } from './failures.js';
import { type Arrival, errorsArrive, resultArrives } from './message.js';
import type { Turns } from './turns.js';

/** What an operation needs of its connection. */
export interface OperationHost {
  readonly turns: Turns;
  readonly maxMessageBytes: number;
  /** How JSON is read. */
  readonly parse: (text: string) => unknown;
  execute(request: Request, signal: AbortSignal): Execution | Promise<Execution>;
  /** An answer came. */
  heard(): void;
  /** The executor holds something of this operation until the promise settles. */
  hold(released: Promise<void>): void;
  /** Nothing will be told of it any more. */
  ended(operation: LocalOperation): void;
}

type Source = Extract<Execution, { kind: 'stream' }>['events'];

type Stage =
  | { readonly at: 'executing' }
  | { readonly at: 'streaming'; readonly source: Source }
  /** Nothing is told and nothing is asked for any more. */
  | { readonly at: 'over' };

interface Pause {
  readonly over: Promise<void>;
  readonly end: () => void;
}

export class LocalOperation implements Handle {
  readonly #request: Request;
  readonly #sink: Sink;
  readonly #host: OperationHost;
  readonly #abort = new AbortController();
  #stage: Stage = { at: 'executing' };
  #paused: Pause | undefined;

  constructor(request: Request, sink: Sink, host: OperationHost) {
    this.#request = request;
    this.#sink = sink;
    this.#host = host;
  }

  /** Settles when the executor has answered, and has closed a source that nobody wants any more. */
  async run(): Promise<void> {
    // Resolvers never run within the caller's own call: what they do to it finds it in order.
    await this.#host.turns.step();
    if (this.#over) return;
    this.#sink.sending();
    let execution: Execution;
    try {
      execution = await this.#host.execute(this.#request, this.#abort.signal);
    } catch (cause) {
      this.#fail(executorFailed(cause));
      return;
    }
    if (execution.kind === 'stream') {
      if (this.#over) await close(execution.events);
      else void this.#forward(execution.events);
    } else if (execution.kind === 'refused') {
      this.#refuse(execution.errors);
    } else {
      this.#tell(execution.result);
      this.#complete();
    }
  }

  cancel(): void {
    if (!this.#over) this.#leave();
  }

  get flow(): this {
    return this;
  }

  pause(): void {
    if (this.#over || this.#paused !== undefined) return;
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#paused = { over, end };
  }

  resume(): void {
    this.#paused?.end();
    this.#paused = undefined;
  }

  get #over(): boolean {
    return this.#stage.at === 'over';
  }

  async #forward(source: Source): Promise<void> {
    this.#stage = { at: 'streaming', source };
    while (!this.#over) {
      const wait = this.#paused?.over ?? this.#host.turns.step();
      if (wait !== undefined) {
        await wait;
        continue;
      }
      let step: IteratorResult<Result, undefined>;
      try {
        step = await source.next();
      } catch (thrown) {
        this.#refuse(toErrors([thrown]));
        return;
      }
      if (step.done === true) this.#complete();
      else this.#tell(step.value);
    }
  }

  #tell(result: Result): void {
    if (!this.#over) this.#receive(resultArrives(this.#request.id, result, this.#host.parse));
  }

  #refuse(errors: Errors): void {
    if (!this.#over) this.#receive(errorsArrive(this.#request.id, errors, this.#host.parse));
  }

  #receive({ message, bytes, cause }: Arrival): void {
    const { maxMessageBytes } = this.#host;
    this.#host.heard();
    if (bytes > maxMessageBytes) {
      this.#fail(tooLarge(bytes, maxMessageBytes));
    } else if (message.type === 'next') {
      // A query or mutation ends with its first whole answer, whoever its source belongs to.
      if (this.#request.kind !== 'subscription' && message.result.hasNext !== true) this.#finish();
      this.#sink.next(message.result, bytes);
    } else if (message.type === 'error') {
      this.#fail(answeredWithErrors(message.errors, cause));
    } else {
      this.#fail(noResult(message.type === 'invalid' ? message.reason : message.type));
    }
  }

  #complete(): void {
    if (this.#over) return;
    this.#end();
    this.#sink.complete();
  }

  #fail(failure: Failure): void {
    if (this.#over) return;
    this.#leave();
    this.#sink.error(failure);
  }

  /** The executor is told to stop. */
  #leave(): void {
    const stage = this.#stage;
    this.#end();
    this.#abort.abort(new DOMException('The client stopped the operation, or its connection ended.', 'AbortError'));
    if (stage.at === 'streaming') this.#host.hold(close(stage.source));
  }

  /** The executor has said everything, and may be in the middle of a source that has nothing more to say. */
  #finish(): void {
    const stage = this.#stage;
    this.#end();
    if (stage.at === 'streaming') this.#host.hold(close(stage.source));
  }

  #end(): void {
    this.#stage = { at: 'over' };
    this.#host.ended(this);
  }
}

/** Whatever a source does when it is closed concerns nobody any more; it is waited for all the same. */
async function close(source: Source): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // The executor knows its sources and reports what they do.
  }
}
