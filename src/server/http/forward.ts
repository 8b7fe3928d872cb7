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

/** What is forwarded, as far as it can be stopped. */
export interface Stoppable {
  readonly aborted: boolean;
  abort(reason: unknown): void;
}

export interface ForwardOptions {
  readonly format: EventFormat;
  readonly outlet: Outlet;
  /** Is aborted also by its own failure. */
  readonly operation: Stoppable;
  readonly report: Report;
}

const failed = new DOMException('The operation failed.', 'AbortError');

/** Sends all of it, then the end. Never rejects; settles when there is nothing more to send. */
export async function forward(events: AsyncIterator<Result, undefined>, options: ForwardOptions): Promise<void> {
  const { format, outlet, operation, report } = options;
  const fail = (errors: Errors): void => {
    outlet.send(failure(format, errors, report));
    operation.abort(failed);
  };
  for (;;) {
    if (outlet.relief !== undefined) await outlet.relief;
    if (operation.aborted) return;
    if (outlet.relief !== undefined) continue;
    let step: IteratorResult<Result, undefined>;
    try {
      step = await events.next();
    } catch (thrown) {
      if (!operation.aborted) fail(toErrors([thrown]));
      return;
    }
    if (operation.aborted) return;
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

/** One result as all that a stream would hold. */
export function inOneGo(result: Result, format: EventFormat, report: Report): string {
  try {
    return format.next(result) + format.complete();
  } catch (error) {
    report(error, 'result');
    return format.failed([unserialisable]);
  }
}

function failure(format: EventFormat, errors: Errors, report: Report): string {
  try {
    return format.failed(errors);
  } catch (error) {
    report(error, 'result');
    return format.failed([unserialisable]);
  }
}
