// One subscription that runs on a scripted server, seen from both sides.

import type { Session } from '../../../../src/session/session.js';
import type { Subscription } from '../../../../src/session/subscription.js';
import type { ScriptedOperation, ScriptedServer } from '../../../../src/testing/index.js';
import type { Subprotocol } from '../../../../src/transport/websocket/index.js';
import { open, serve, type TestOptions } from './sessions.js';

export const document = 'subscription { n }';

export interface Live {
  readonly server: ScriptedServer;
  readonly session: Session;
  readonly subscription: Subscription<{ n: number }>;
  /** The server's side of it. */
  readonly operation: ScriptedOperation;
}

export async function live(dialect: Subprotocol, options: TestOptions = {}): Promise<Live> {
  const server = await serve(dialect);
  const session = open(server, options);
  const subscription = session.subscribe<{ n: number }>(document);
  await server.received('start');
  const [operation] = server.subscriptions;
  if (operation === undefined) throw new Error('The server has no subscription.');
  return { server, session, subscription, operation };
}

export function publish({ operation }: Live, ...events: readonly number[]): void {
  for (const n of events) operation.next({ data: { n } });
}

/** Everything that was sent on the connection so far has arrived on both sides. */
export async function settled(session: Session): Promise<void> {
  await session.execute('{ ok }');
}
