// The entry point `holdfast/local`: sessions with a server in the same process. Nothing is opened and nothing can break, and
// still both sides get exactly what a wire would have brought them.

import { OptionError } from '../../protocol/errors/option-error.js';
import type { Executor } from '../../protocol/executor.js';
import { describe } from '../../protocol/options.js';
import type { Transport } from '../contract.js';
import { OpenError } from '../open-error.js';
import { LocalConnection } from './connection.js';

export type { ExecuteOptions, Execution, ExecutionContext, Executor } from '../../protocol/executor.js';

/** There are none: credentials and limits are the session's. */
export type LocalOptions = Readonly<Record<string, never>>;

/**
 * Reaches a server in the same process, through the pipeline that also answers its WebSockets and requests.
 *
 * Answers and events are written as JSON and read again, and so are variables: the two sides never share an object, and dates
 * or `undefined` become what they become over a network. The session's `credentials.headers` and the `headers` of a call are
 * the headers that the server's `context` sees, with names in lower case; `credentials.connectionParams` are its
 * `connectionParams`; `connection` is one empty object for each session. The server's `onConnect` and `onDisconnect` belong
 * to WebSockets and are not called: whoever holds the executor has been let in.
 *
 * @param executor `server.executor`, or anything else that implements `Executor`.
 * @throws OptionError for what is no executor, and for any option.
 * @example
 * ```ts
 * const server = createServer({ schema });
 * await using session = await connect({ transport: local(server.executor) });
 * ```
 */
export function local(executor: Executor, options: LocalOptions = {}): Transport {
  if (typeof executor?.execute !== 'function') {
    throw new OptionError(
      'executor',
      `local() needs an executor, as in local(server.executor); it was given ${describe(executor)}.`,
    );
  }
  const [unknown] = Object.keys(options);
  if (unknown !== undefined) {
    throw new OptionError(unknown, `Unknown option "${unknown}" in local(), which has none: leave it out.`);
  }
  return {
    name: 'local',
    async open(context, events) {
      if (context.signal.aborted) {
        throw new OpenError({
          code: 'aborted',
          phase: 'connect',
          message: 'The session gave up this attempt to open.',
        });
      }
      return new LocalConnection(executor, context, events);
    },
  };
}
