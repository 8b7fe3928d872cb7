// The ways in which a program reaches a server over HTTP, each as a session that ends with its test.

import { onTestFinished } from 'vitest';
import { createSession, type SessionOptions } from '../../../../src/connect.js';
import type { Session } from '../../../../src/session/session.js';
import { viaFetch } from '../../../../src/transport/fetch/index.js';
import type { HttpOptions } from '../../../../src/transport/http/options.js';
import { endpoint } from '../../../../src/transport/route/index.js';
import { undici } from '../../../../src/transport/undici/index.js';
import { endSession } from '../../../session/behaviour/support/starting.js';

export type Way = (url: string, http?: HttpOptions | undefined) => SessionOptions['transport'];

export const ways: readonly (readonly [name: string, way: Way])[] = [
  ['undici', undici],
  ['fetch', viaFetch],
  // Without options it is the address itself.
  ['a bare address', (url, http) => (http === undefined ? url : endpoint(url, http))],
];

/** Tries again at once, whatever fails. */
export function open(transport: SessionOptions['transport'], options: Partial<SessionOptions> = {}): Session {
  const atOnce = { delayMs: () => 1 };
  const session = createSession({
    transport,
    retry: { connect: atOnce, execute: atOnce, subscribe: atOnce },
    ...options,
  });
  // Servers come and go in these tests: somebody listens, so that none of them warns.
  session.on('state', () => {});
  onTestFinished(() => endSession(session, options.clock));
  return session;
}
