// From what an execution gives to the text of its events, one at a time: the next one is asked for when the one before has
// found room. Says nothing more the moment the operation is stopped.

import type { Result } from '../../protocol/result.js';
import { type Errors, toErrors, unserialisable } from '../../protocol/to-graphql-error.js';
import type { Report } from '../call-hook.js';
import type { EventFormat } from './stream-format.js';

/** Where the events go. */
export interface Outlet {
  /** Defined while there is no room, which is so after a while also where the client keeps up: a source has to wait for I/O. */
  readonly relief: Promise<void> | undefined;
  send(text: string): void;
}

export interface ForwardOptions {
  readonly format: EventFormat;
  readonly outlet: Outlet;
  /** Aborted when the operation is stopped, also by its own failure. */
  readonly abort: AbortController;
  readonly report: Report;
}

const failed = new DOMException('The operation failed.', 'AbortError');

/** Sends all of it, then the end. Never rejects; settles when there is nothing more to send. */
export async function forward(events: AsyncIterator<Result, undefined>, options: ForwardOptions): Promise<void> {
  const { format, outlet, abort, report } = options;
  const { signal } = abort;
  const fail = (errors: Errors): void => {
    try {
      outlet.send(format.failed(errors));
    } catch (error) {
      report(error, 'result');
      outlet.send(format.failed([unserialisable]));
    }
    abort.abort(failed);
  };
  for (;;) {
    if (outlet.relief !== undefined) await outlet.relief;
    if (signal.aborted) return;
    if (outlet.relief !== undefined) continue;
    let step: IteratorResult<Result, undefined>;
    try {
      step = await events.next();
    } catch (thrown) {
      if (!signal.aborted) fail(toErrors([thrown]));
      return;
    }
    if (signal.aborted) return;
    if (step.done === true) {
      outlet.send(format.complete());
      return;
    }
    let text: string;
    try {
      text = format.next(step.value);
    } catch (error) {
      report(error, 'result');
      fail([unserialisable]);
      return;
    }
    outlet.send(text);
  }
}

/** One result as the events of a stream. */
export async function* only(result: Result): AsyncGenerator<Result, undefined> {
  yield result;
  return undefined;
}
