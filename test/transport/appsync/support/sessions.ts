// Sessions over a scripted AppSync that try again after a millisecond, and are closed when their test is over.

import { onTestFinished } from 'vitest';
import type { SessionOptions } from '../../../../src/session/options.js';
import { createSession, type Session } from '../../../../src/session/session.js';
import { type AppSyncAuth, appSync } from '../../../../src/transport/appsync/index.js';
import type { Transport } from '../../../../src/transport/contract.js';

const soon = { delayMs: () => 1 };

export function sessionFor(
  { address }: { readonly address: string },
  auth: AppSyncAuth,
  options: Partial<SessionOptions> = {},
): Session {
  const session = createSession({
    transport: appSync(address, { auth }),
    retry: { connect: soon, execute: soon, subscribe: soon },
    ...options,
  });
  onTestFinished(() => session.close({ graceMs: 0 }));
  return session;
}

/** For subscriptions alone. */
export function realtimeOf({ address }: { readonly address: string }, auth: AppSyncAuth): Transport {
  const [, realtime] = appSync(address, { auth }).lanes;
  if (realtime === undefined) throw new Error('There is no lane for subscriptions.');
  return realtime.transport;
}

export const orders = 'subscription Orders($shop: ID) { order(shop: $shop) { id } }';

/** What the next event of a subscription is, in short: its data, or `gap` and the reason. */
export async function nextOf(events: AsyncIterator<unknown>): Promise<unknown> {
  const { value, done } = await events.next();
  if (done) return 'done';
  const event = value as { readonly type: string; readonly data?: unknown; readonly gap?: { readonly reason: string } };
  return event.type === 'gap' ? `gap: ${event.gap?.reason}` : event.data;
}
