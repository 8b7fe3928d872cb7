// Sessions over a scripted Phoenix that try again after a millisecond, and are closed when their test is over.

import { onTestFinished } from 'vitest';
import type { SessionOptions } from '../../../../src/session/options.js';
import { createSession, type Session } from '../../../../src/session/session.js';
import { type PhoenixOptions, phoenix } from '../../../../src/transport/phoenix/index.js';

const soon = { delayMs: () => 1 };

export function sessionFor(
  { address }: { readonly address: string },
  options: PhoenixOptions = {},
  sessionOptions: Partial<SessionOptions> = {},
): Session {
  const session = createSession({
    transport: phoenix(address, options),
    retry: { connect: soon, execute: soon, subscribe: soon },
    ...sessionOptions,
  });
  onTestFinished(() => session.close({ graceMs: 0 }));
  return session;
}

export const orders = 'subscription Orders($shop: ID) { order(shop: $shop) { id } }';

/** What the next event of a subscription is, in short: its data, or `gap` and the reason. */
export async function nextOf(events: AsyncIterator<unknown>): Promise<unknown> {
  const { value, done } = await events.next();
  if (done) return 'done';
  const event = value as { readonly type: string; readonly data?: unknown; readonly gap?: { readonly reason: string } };
  return event.type === 'gap' ? `gap: ${event.gap?.reason}` : event.data;
}
