// Sessions, servers and proxies for tests on real sockets. Each is ended when its test is over, the last one first.

import { onTestFinished } from 'vitest';
import type { ServerOptions } from '../../../../src/server/index.js';
import type { SessionOptions } from '../../../../src/session/options.js';
import { createSession, type Session } from '../../../../src/session/session.js';
import { type FaultProxy, faultProxy } from '../../../../src/testing/fault-proxy.js';
import {
  type ScriptedServer,
  type ScriptedServerOptions,
  scriptedServer,
} from '../../../../src/testing/scripted-server.js';
import { VirtualClock } from '../../../../src/testing/virtual-clock.js';
import type { Clock } from '../../../../src/transport/contract.js';
import type { Subprotocol } from '../../../../src/transport/websocket/index.js';
import { type JournalServer, openJournalServer } from './journal-server.js';

export const dialects: readonly Subprotocol[] = ['graphql-transport-ws', 'graphql-ws'];

/** A session that connects again after a millisecond, unless its options say otherwise. */
export function startSession(options: SessionOptions): Session {
  const session = createSession({ retry: { connect: { delayMs: () => 1 } }, ...options });
  // These sessions are meant to fail: somebody listens, so that none of them warns.
  session.on('state', () => {});
  onTestFinished(() => endSession(session, options.clock));
  return session;
}

/** Closes a session without grace, and moves its clock for as long as that takes. */
export async function endSession(session: Session, clock: Clock | undefined): Promise<void> {
  let over = false;
  const closed = session.close({ graceMs: 0 }).then(() => {
    over = true;
  });
  if (clock instanceof VirtualClock) while (!over) await clock.advance(1_000);
  await closed;
}

export async function startScripted(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** The real server, with a journal of what it executed. */
export async function startJournal(options: Partial<ServerOptions> = {}): Promise<JournalServer> {
  const server = await openJournalServer(options);
  onTestFinished(() => server.close());
  return server;
}

export async function startProxy(target: { readonly port: number }, clock?: Clock): Promise<FaultProxy> {
  const proxy = await faultProxy({ target: { port: target.port }, clock });
  onTestFinished(() => proxy.close());
  return proxy;
}
