// Sessions with a real server in the same process, each ended when its test is over, and what a call or subscription came to.

import type { FailureSource, ServerOptions } from '../../../../src/server/index.js';
import { createServer, type Server } from '../../../../src/server/server.js';
import { GraphQLResultError } from '../../../../src/session/errors/graphql-result-error.js';
import type { SessionOptions } from '../../../../src/session/options.js';
import type { Session } from '../../../../src/session/session.js';
import { local } from '../../../../src/transport/local/index.js';
import { makeSchema, Probe } from '../../../server/support/schema.js';
import { startSession } from '../../../session/behaviour/support/starting.js';

export interface LocalServer {
  readonly server: Server;
  readonly probe: Probe;
  /** What was reported to `onError`. */
  readonly failures: { readonly error: unknown; readonly source: FailureSource }[];
  session(options?: Partial<SessionOptions>): Session;
}

export function makeServer(options: Partial<ServerOptions> = {}): LocalServer {
  const probe = new Probe();
  const failures: LocalServer['failures'] = [];
  const server = createServer({
    schema: makeSchema(probe),
    onError: (error, source) => {
      failures.push({ error, source });
    },
    ...options,
  });
  const transport = local(server.executor);
  return { server, probe, failures, session: (given = {}) => startSession({ transport, ...given }) };
}

/** The signal that the server gave to what it ran, counted from the first. */
export function signalOf(probe: Probe, index = 0): AbortSignal {
  const context = probe.contexts[index];
  if (typeof context !== 'object' || context === null || !('signal' in context)) throw new Error('Nothing has run.');
  return context.signal as AbortSignal;
}

/** What a document comes to, as plain data: every event of a subscription, and the end. */
export async function outcomeOf(session: Session, document: string, variables?: object): Promise<unknown> {
  try {
    if (!document.startsWith('subscription')) {
      const { data, errors, extensions } = await session.result(document, variables);
      return { data, errors, extensions };
    }
    const events: unknown[] = [];
    for await (const event of session.subscribe(document, variables)) {
      events.push(event);
      // A subscription without an end is left.
      if (events.length === 5) break;
    }
    return events;
  } catch (error) {
    if (!(error instanceof GraphQLResultError)) throw error;
    return { name: error.name, errors: error.errors };
  }
}
